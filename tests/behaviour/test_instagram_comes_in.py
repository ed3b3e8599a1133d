"""Instagram through the real door: signed, kept once, answered at once; one address serves all of Meta's products."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from concierge.channels.signature import sign
from concierge.simulators import graph_webhooks
from tests.fakes import FrozenClock
from tests.makers import batch, text_message
from tests.world import World, open_world

PAYLOADS = Path(__file__).parents[1] / "payloads"
BODIES = {
    path.stem: path.read_bytes() for path in (PAYLOADS / "instagram").glob("*.json") if ".events" not in path.name
}
ACCOUNT = "17841405822304914"
SECRET = "the secret of the Instagram app"
OTHER = "the secret of the app at Meta"
SETTINGS = {
    "CONCIERGE_ENV": "production",
    "EMAIL_WEBHOOK_SECRET": "the secret of the mail relay",
    "WHATSAPP_APP_SECRET": OTHER,
    "WHATSAPP_VERIFY_TOKEN": "verify",
    "INSTAGRAM_ACCOUNT_ID": ACCOUNT,
    "INSTAGRAM_APP_SECRET": SECRET,
    "INSTAGRAM_VERIFY_TOKEN": "verify too",
}
KEPT = "select kind, text from inbound_message order by text"


@pytest.fixture
async def guarded(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(db, clock, **SETTINGS) as opened:
        yield opened


async def post(world: World, payload: Any, *, path: str = "/webhook/instagram", secret: str = SECRET) -> httpx.Response:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return await world.client.post(path, content=body, headers={"x-hub-signature-256": sign(body, secret)})


def said(text: str, *, mid: str = "m-1", person: str = "1239045817263544", account: str = ACCOUNT) -> dict[str, Any]:
    return graph_webhooks.instagram(account, graph_webhooks.instagram_text(account, person, mid, text))


@pytest.mark.parametrize("path", ["/webhook/instagram", "/webhook/meta"])
async def test_a_message_is_kept_once(guarded: World, path: str) -> None:
    answers = [await post(guarded, said("hello"), path=path) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json()["status"] for answer in answers] == ["accepted", "duplicate", "duplicate"]
    assert await guarded.rows(KEPT) == [("text", "hello")]
    assert await guarded.rows("select channel, kind, value from contact_identity") == [
        ("instagram", "igsid", "1239045817263544")
    ]


@pytest.mark.parametrize("path", ["/webhook/instagram", "/webhook/meta"])
async def test_only_the_instagram_apps_secret_opens(guarded: World, path: str) -> None:
    assert (await post(guarded, said("hello"), path=path, secret=OTHER)).status_code == 401
    assert (await guarded.client.post(path, json=said("hello"))).status_code == 401
    assert await guarded.rows(KEPT) == []


async def test_the_common_address_tells_the_products_apart(guarded: World) -> None:
    whatsapp = batch([text_message("by WhatsApp")])
    assert (await post(guarded, said("by Instagram"), path="/webhook/meta")).json()["status"] == "accepted"
    assert (await post(guarded, whatsapp, path="/webhook/meta", secret=OTHER)).json()["status"] == "accepted"
    assert (await post(guarded, whatsapp, path="/webhook/meta")).status_code == 401
    assert await guarded.rows(
        "select a.channel, m.text from inbound_message m join channel_account a on a.id = m.channel_account_id"
        " order by a.channel"
    ) == [("instagram", "by Instagram"), ("whatsapp", "by WhatsApp")]


async def test_the_wrong_product_at_an_address_of_its_own_is_malformed(guarded: World) -> None:
    for payload, path in ((said("hello"), "/webhook/whatsapp"), (batch([text_message("hello")]), "/webhook/instagram")):
        answer = await post(guarded, payload, path=path)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert (await post(guarded, {"object": "user", "entry": []}, path="/webhook/meta")).status_code == 400


async def test_the_challenge_is_answered(guarded: World) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444"}
    for path, tokens in (("/webhook/instagram", ["verify too"]), ("/webhook/meta", ["verify", "verify too"])):
        for token in tokens:
            answer = await guarded.client.get(path, params=query | {"hub.verify_token": token})
            assert (answer.status_code, answer.text) == (200, "1158201444")
        assert (await guarded.client.get(path, params=query | {"hub.verify_token": "?"})).status_code == 401
    wrong = await guarded.client.get("/webhook/instagram", params=query | {"hub.verify_token": "verify"})
    assert wrong.status_code == 401


async def test_a_message_for_nobody_is_kept_for_an_operator(guarded: World) -> None:
    answer = await post(guarded, said("hello", account="17841499999999999"))
    assert (answer.status_code, answer.json()["status"]) == (200, "ignored")
    assert await guarded.rows("select channel, external_id from unrouted_message") == [
        ("instagram", "17841499999999999")
    ]


async def test_every_shape_is_answered_with_200(guarded: World) -> None:
    for path, body in BODIES.items():
        for address in ("/webhook/instagram", "/webhook/meta"):
            assert (await post(guarded, body, path=address)).status_code == 200, path


async def test_what_is_no_message_is_kept_beside_the_messages(guarded: World) -> None:
    """An echo of what a human wrote in the app; news of an account that is here. What belongs to nobody is ignored."""
    echo = (PAYLOADS / "instagram/echo.json").read_bytes()
    answer = await post(guarded, echo)
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    assert await guarded.one("select count(*) from app_reply") == 1
    await guarded.execute("""
        update channel_account set settings = settings || '{"business_account_id": "102290129340398"}'
        where channel = 'whatsapp'
    """)
    for name, status in (
        ("preferences_stop", "ignored"),
        ("account_update_restricted", "accepted"),
        ("field_of_tomorrow", "accepted"),
        ("history", "ignored"),
    ):
        body = (PAYLOADS / f"whatsapp/{name}.json").read_bytes()
        answer = await post(guarded, body, path="/webhook/whatsapp", secret=OTHER)
        assert (answer.status_code, answer.json()["status"]) == (200, status), name
        assert (await post(guarded, body, path="/webhook/whatsapp", secret="?")).status_code == 401
    assert await guarded.one("select count(*) from account_notice") == 2
    assert await guarded.rows(KEPT) == []


async def test_a_shuffled_doubled_batch_ends_in_the_same_rows(guarded: World) -> None:
    dice = Random(7)
    posts = [
        graph_webhooks.signed(said(f"message {n}", mid=f"m-{n}", person=str(1000 + n % 3)), SECRET) for n in range(12)
    ]
    for headers, body in graph_webhooks.mixed(posts, doubled=True, dice=dice):
        assert (await guarded.client.post("/webhook/meta", content=body, headers=headers)).status_code == 200
    assert len(await guarded.rows(KEPT)) == 12
    assert await guarded.one("select count(*) from conversation") == 3
