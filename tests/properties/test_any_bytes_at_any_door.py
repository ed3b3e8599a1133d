"""Whatever is posted to a webhook, by whatever method and with whatever headers, is kept or refused: never a 5xx."""

import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concierge.web.webhooks import PATHS
from tests.contracts.channels import MEDIA_TYPES, payloads
from tests.properties.test_reading import mutated
from tests.world import World

ASKING = {"email/ses", "email/resend"}  # they ask their vendors, whom nobody plays here
FILES: dict[str, list[Path]] = {}
for _channel, _path in payloads():
    if _channel not in ASKING:
        FILES.setdefault(_channel, []).append(_path)
JUNK = st.binary(max_size=300) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode())
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "x-hub-signature-256", "x-signature-256", "authorization", "svix-id", "x-sms"]),
    st.text(alphabet="abcdefghij=/;-0123456789 ", max_size=60) | st.sampled_from([*MEDIA_TYPES.values(), "sha256=00"]),
    max_size=3,
)
KNOWN = {200, 400, 401, 404, 405, 413}


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


@pytest.mark.parametrize("path", [path for path, channel in PATHS.items() if channel in FILES])
@settings(max_examples=8)
@given(data=st.data(), seed=st.integers(0, 2**32))
async def test_a_damaged_payload(world: World, path: str, data: st.DataObject, seed: int) -> None:
    file = data.draw(st.sampled_from(FILES[PATHS[path]]))
    headers = {"content-type": MEDIA_TYPES[file.suffix]}
    await status_of(world, path, damaged(file, random.Random(seed)), headers=headers)
