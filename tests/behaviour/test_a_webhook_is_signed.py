"""Only who knows the account's secret is listened to; without one nobody is, except in development."""

import json
from typing import Any

import httpx
import pytest

from concierge import processes
from concierge import settings as environment
from concierge.channels.signature import sign
from concierge.errors import SettingsError
from tests.fakes import FrozenClock
from tests.makers import batch, statuses, text_message
from tests.world import KEY, World, open_world

SECRETS = {"email": "the secret of the mail relay", "whatsapp": "the secret of the app at Meta"}
HEADERS = {"email": "x-signature-256", "whatsapp": "x-hub-signature-256"}
PRODUCTION = {
    "CONCIERGE_ENV": "production",
    "EMAIL_WEBHOOK_SECRET": SECRETS["email"],
    "WHATSAPP_APP_SECRET": SECRETS["whatsapp"],
    "WHATSAPP_VERIFY_TOKEN": "verify",
}
MAIL = {"messageId": "m-1", "from": "alice@example.com", "to": "concierge@example.com", "textBody": "hello"}
PAYLOADS: dict[str, dict[str, Any]] = {"email": MAIL, "whatsapp": batch([text_message("hello")])}
KEPT = "select count(*) from inbound_message"


@pytest.fixture
async def guarded(db: str, clock: FrozenClock):
    async with open_world(db, clock, **PRODUCTION) as opened:
        yield opened


async def post(
    world: World, channel: str, payload: Any, *, secret: str | None = None, body: bytes | None = None
) -> httpx.Response:
    """Posts `payload`, or another `body` under its signature."""
    told = json.dumps(payload).encode()
    headers = {HEADERS[channel]: sign(told, secret)} if secret else {}
    return await world.client.post(f"/webhook/{channel}", content=body or told, headers=headers)


@pytest.mark.parametrize("channel", SECRETS)
async def test_the_right_signature_opens(guarded: World, channel: str) -> None:
    answer = await post(guarded, channel, PAYLOADS[channel], secret=SECRETS[channel])
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")


@pytest.mark.parametrize("channel", SECRETS)
async def test_no_other_does(guarded: World, channel: str) -> None:
    right, payload = SECRETS[channel], PAYLOADS[channel]
    other = SECRETS["email" if channel == "whatsapp" else "whatsapp"]
    changed = json.dumps(payload).replace("hello", "hullo").encode()
    answers = [
        await post(guarded, channel, payload),
        await post(guarded, channel, payload, secret=other),
        await post(guarded, channel, payload, secret=right, body=changed),
    ]
    for nonsense in ("", "sha256=", "sha256=\xff", sign(b"", right)):
        headers = {HEADERS[channel]: nonsense.encode("latin-1")}
        answers.append(await guarded.client.post(f"/webhook/{channel}", json=payload, headers=headers))
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "forged")}
    assert await guarded.one(KEPT) == 0


@pytest.mark.parametrize("channel", SECRETS)
async def test_in_development_an_account_without_a_secret_takes_everything(world: World, channel: str) -> None:
    assert (await post(world, channel, PAYLOADS[channel])).status_code == 200


@pytest.mark.parametrize("channel", SECRETS)
async def test_in_development_an_account_with_a_secret_does_not(db: str, clock: FrozenClock, channel: str) -> None:
    async with open_world(db, clock, **PRODUCTION | {"CONCIERGE_ENV": "development"}) as world:
        assert (await post(world, channel, PAYLOADS[channel])).status_code == 401


async def test_a_number_that_brought_no_secret_is_signed_for_by_the_app(guarded: World) -> None:
    """Numbers of many businesses hang on one app at Meta; refused, it would repeat their messages for days."""
    number = {"channel": "whatsapp", "external_id": "777", "credentials": {"access_token": "t"}}
    added = await guarded.client.post("/v1/channel-accounts", json=number, headers={"x-api-key": KEY})
    assert (added.status_code, added.json()["signature"]) == (201, "required")
    payload = guarded.whatsapp_payload(("wamid.1", "1555", "hello"), account="777")
    assert (await post(guarded, "whatsapp", payload)).status_code == 401
    assert (await post(guarded, "whatsapp", payload, secret="guessed")).status_code == 401
    answer = await post(guarded, "whatsapp", payload, secret=SECRETS["whatsapp"])
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")


async def test_receipts_are_signed_too(guarded: World) -> None:
    assert (await post(guarded, "whatsapp", statuses(("read", "0" * 8)))).status_code == 401


async def test_a_message_for_nobody_is_kept_for_an_operator(guarded: World) -> None:
    """Authentic: Meta signs with the app's secret whatever the number; a 404 would make it repeat for days."""
    payload = guarded.whatsapp_payload(("wamid.1", "1555", "hello"), account="9999")
    assert (await post(guarded, "whatsapp", payload)).status_code == 401
    for _ in range(2):
        answer = await post(guarded, "whatsapp", payload, secret=SECRETS["whatsapp"])
        assert (answer.status_code, answer.json()["status"]) == (200, "ignored")
    kept = "select channel, external_id, reason, raw is not null from unrouted_message"
    assert await guarded.rows(kept) == [("whatsapp", "9999", "unknown_account", True)]
    assert await guarded.one(KEPT) == 0


async def test_strangers_do_not_ride_on_a_number_they_cannot_sign_for(guarded: World) -> None:
    both = guarded.whatsapp_payload(("wamid.1", "1555", "hello"))
    both["entry"] += guarded.whatsapp_payload(("wamid.2", "1555", "hello"), account="9999")["entry"]
    assert (await post(guarded, "whatsapp", both, secret="something else")).status_code == 401
    assert await guarded.rows("select 1 from unrouted_message") == []


async def test_metas_challenge_is_answered_to_who_knows_the_token(guarded: World) -> None:
    query = {"hub.mode": "subscribe", "hub.challenge": "1158201444", "hub.verify_token": "verify"}
    for path in ("/webhook/whatsapp", "/webhooks/whatsapp", "/api/webhooks/whatsapp", "/webhook/meta"):
        answer = await guarded.client.get(path, params=query)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert (await guarded.client.get(path, params=query | {"hub.verify_token": "guess"})).status_code == 401
    assert (await guarded.client.get("/webhook/email")).status_code == 404


def test_production_does_not_start_without_secrets() -> None:
    with pytest.raises(SettingsError) as refused:
        environment.load({"CONCIERGE_ENV": "production"})
    for name in (
        "DATABASE_URL",
        "CONCIERGE_SECRET_KEYS",
        "EMAIL_WEBHOOK_SECRET",
        "WHATSAPP_APP_SECRET",
        "ADMIN_API_KEY",
    ):
        assert name in str(refused.value)


async def test_production_does_not_start_over_an_unsigned_account(guarded: World) -> None:
    await processes._refuse_open_doors(guarded.runtime)
    await guarded.execute("update channel_account set signature = 'off', transport = 'smtp' where channel = 'email'")
    with pytest.raises(SettingsError, match=r"concierge@example\.com"):
        await processes._refuse_open_doors(guarded.runtime)
    assert (await post(guarded, "email", MAIL)).status_code == 401
