"""Whatever is posted to a webhook, by whatever method and with whatever headers, is kept or refused: never a 5xx."""

import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concierge.channels.model import Credentials
from concierge.tenants.vault import seal
from concierge.web.webhooks import PATHS
from concierge.webchat.limits import Limit
from tests.contracts.channels import MEDIA_TYPES, PAYLOADS, payloads
from tests.fakes import FrozenClock
from tests.properties.test_reading import mutated
from tests.simulators.resend_api import ResendApi
from tests.webchat import PAGE, Visitor, chat_world
from tests.world import World

ASKING = {"email/ses"}  # it asks AWS, which nobody plays here
FILES: dict[str, list[Path]] = {}
for _channel, _path in payloads():
    if _channel not in ASKING:
        FILES.setdefault(_channel, []).append(_path)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
JUNK = st.binary(max_size=300) | JSON.map(lambda value: json.dumps(value).encode())
MAIL = (PAYLOADS / "email/raw/attachments.eml").read_bytes()
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "x-hub-signature-256", "x-signature-256", "authorization", "svix-id", "x-sms"]),
    st.text(alphabet="abcdefghij=/;-0123456789 ", max_size=60) | st.sampled_from([*MEDIA_TYPES.values(), "sha256=00"]),
    max_size=3,
)
KNOWN = {200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 422}


def damaged(path: Path, dice: random.Random) -> bytes:
    """A vendor's payload with something wrong in it."""
    body = path.read_bytes()
    if path.suffix == ".json":
        return json.dumps(mutated(json.loads(body), dice)).encode()
    at = dice.randrange(len(body))
    return body[:at] + dice.choice([b"", b"\0", b"\xff" * 9, b"\r\n\r\n", body[:50]]) + body[at + dice.randrange(9) :]


async def status_of(world: World, path: str, body: bytes, **request: Any) -> int:
    answer = await world.client.request(request.pop("method", "POST"), path, content=body, **request)
    assert answer.status_code in KNOWN, (answer.status_code, path, body)
    return answer.status_code


@pytest.mark.parametrize("path", PATHS)
@settings(max_examples=5)
@given(body=JUNK, headers=HEADERS, method=st.sampled_from(["POST", "POST", "POST", "GET", "PUT", "DELETE"]))
async def test_junk(world: World, path: str, body: bytes, headers: dict[str, str], method: str) -> None:
    await status_of(world, path, body, method=method, headers=headers, params={"hub.mode": "subscribe"})


@pytest.fixture
async def played(world: World) -> AsyncIterator[World]:
    """With a Resend that has every mail it is asked for."""
    async with ResendApi().serving() as resend:
        resend.otherwise = MAIL
        await world.execute(
            "update channel_account set settings = settings || jsonb_build_object('resend_base_url', %(url)s::text),"
            " credentials = %(sealed)s where channel = 'email'",
            url=resend.url,
            sealed=seal(Credentials(access_token=resend.key), world.runtime.settings),
        )
        yield world


@pytest.mark.parametrize("path", [path for path, channel in PATHS.items() if channel in FILES])
@settings(max_examples=8)
@given(data=st.data(), seed=st.integers(0, 2**32))
async def test_a_damaged_payload(played: World, path: str, data: st.DataObject, seed: int) -> None:
    file = data.draw(st.sampled_from(FILES[PATHS[path]]))
    headers = {"content-type": MEDIA_TYPES[file.suffix]}
    await status_of(played, path, damaged(file, random.Random(seed)), headers=headers)


@pytest.fixture
async def chatting(
    db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[World, Visitor]]:
    monkeypatch.setattr(Limit, "take", lambda *_: None)
    async with chat_world(db, clock) as world:
        yield world, await Visitor.enter(world.client)


@settings(max_examples=60)
@given(
    body=JUNK,
    at=st.sampled_from(["", "/messages", "/files", "/ack", "/events", "/nowhere"]),
    method=st.sampled_from(["POST", "POST", "GET", "OPTIONS", "PUT", "DELETE"]),
    query=st.dictionaries(st.sampled_from(["after", "limit", "client_message_id", "name", "last_event_id"]), st.text()),
    headers=HEADERS,
    known=st.booleans(),
)
async def test_junk_in_a_web_chat(
    chatting: tuple[World, Visitor],
    body: bytes,
    at: str,
    method: str,
    query: dict[str, str],
    headers: dict[str, str],
    known: bool,
) -> None:
    world, visitor = chatting
    if (at, method) == ("/events", "GET"):
        query["last_event_id"] = "no number"  # a stream that opens does not end
    request: dict[str, Any] = {"method": method, "params": query, "headers": {**headers, "origin": PAGE}}
    if known:
        request["headers"] |= visitor.headers
    path = visitor.base + at if at else "/webchat/sessions"
    assert await status_of(world, path, body, **request) != 404 or at == "/nowhere"


@given(wish=st.dictionaries(st.sampled_from(["widget", "token", "user_id", "user_hash", "name", "email", "x"]), JSON))
async def test_a_damaged_wish_for_a_session(chatting: tuple[World, Visitor], wish: dict[str, Any]) -> None:
    body = json.dumps({"widget": "web"} | wish).encode()
    await status_of(chatting[0], "/webchat/sessions", body, headers={"origin": PAGE})
