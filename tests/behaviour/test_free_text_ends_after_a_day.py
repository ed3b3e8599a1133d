"""24 hours after a person wrote, WhatsApp takes approved templates only: one is chosen, or the message is blocked."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from concierge.channels.model import Template
from concierge.errors import NotAccepted, OutsideWindow, Refused
from concierge.llm.purposes import Reading
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

STATUS = "select status, reason from outbound_message where kind = 'reminder' order by position"
TASK = "select status, reason from task"


async def account(world: World, channel: str = "whatsapp") -> UUID:
    return await world.one("select id from channel_account where channel = %(channel)s", channel=channel)


async def register(world: World, **facts: Any) -> Any:
    body = {
        "channelAccountId": str(await account(world)),
        "name": "reminder_1",
        "language": "en",
        "kind": "reminder",
        "parameters": ["contact_name|there", "title"],
    }
    headers = {"x-api-key": KEY}
    return await world.client.post("/admin/templates", json=body | facts, headers=headers)


@pytest.fixture
async def asked(world: World) -> World:
    """A reminder is due in nine days, long after the window has closed."""
    world.model.script = readings(reading("Call\nBob", SOON))
    await world.whatsapp("Call Bob")
    await world.work()
    assert world.outside.sent[0].extra is None
    return world


async def test_the_window_is_kept_with_the_conversation(asked: World) -> None:
    assert await asked.one("select window_until from conversation") == asked.clock() + timedelta(days=1)
    assert await asked.one("select count(*) from conversation where window_until is null") == 0


async def test_a_message_that_comes_late_opens_it_from_when_it_was_written(world: World) -> None:
    payload = world.whatsapp_payload(("wamid.1", "1555", "hello"))
    written = world.clock()
    world.clock.advance(hours=20)
    await world.client.post("/webhook/whatsapp", json=payload)
    assert await world.one("select window_until from conversation") == written + timedelta(days=1)


async def test_an_email_has_none(world: World) -> None:
    await world.email("hello")
    assert await world.one("select window_until from conversation") is None


async def test_the_template_stands_for_it(asked: World) -> None:
    assert (await register(asked)).status_code == 201
    await asked.pass_time(days=9)
    assert asked.outside.sent[1].extra == Template("reminder_1", "en", ["there", "Call Bob"])
    assert await asked.rows(TASK) == [("done", None)]


async def test_inside_the_window_it_is_a_text(asked: World) -> None:
    await register(asked)
    asked.clock.advance(days=8, hours=12)
    await asked.whatsapp("hello", id="wamid.2")
    await asked.work()
    await asked.pass_time(hours=9)
    assert [(sent.text, sent.extra) for sent in asked.outside.sent[-1:]] == [("Reminder: Call Bob", None)]


async def test_without_one_it_is_blocked_and_told_once(asked: World) -> None:
    await asked.pass_time(days=9)
    assert len(asked.outside.sent) == 1
    assert await asked.rows(STATUS) == [("blocked", "template_required")]
    assert await asked.rows(TASK) == [("failed", "template_required")]
    assert await asked.rows("select subject, subject_id, kind from notification") == [
        ("channel_account", await account(asked), "template_required")
    ]
    (unsent,) = (await asked.admin("GET", "/admin/outbox/unsent")).json()["data"]
    assert (unsent["status"], unsent["reason"]) == ("blocked", "template_required")


async def test_it_goes_out_once_there_is_one(asked: World) -> None:
    await asked.pass_time(days=9)
    await register(asked, parameters=["nothing"])
    await asked.pass_time(days=3)
    assert await asked.rows(STATUS) == [("blocked", "template_required")]
    asked.clock.advance(minutes=1)
    await register(asked)
    await asked.pass_time(minutes=1)
    assert asked.outside.sent[1].extra is not None
    await asked.pass_time(minutes=1)
    assert await asked.rows("select status from task") == [("done",)]


async def test_it_goes_out_once_the_person_writes_again(asked: World) -> None:
    await asked.pass_time(days=9)
    await asked.pass_time(days=2)
    asked.model.script = lambda _: Reading([])
    await asked.whatsapp("hello again", id="wamid.2")
    await asked.work()
    assert [(sent.text, sent.extra) for sent in asked.outside.sent[1:]] == [("Reminder: Call Bob", None)]
    await asked.pass_time(minutes=1)
    assert await asked.rows(TASK) == [("done", "its reminder arrived after all")]
    assert await asked.one("select count(*) from notification") == 1


async def test_what_is_of_no_use_any_more_does_not(asked: World) -> None:
    await asked.pass_time(days=9)
    asked.clock.advance(days=8)
    asked.model.script = lambda _: Reading([])
    await asked.whatsapp("hello again", id="wamid.2")
    await asked.work()
    assert await asked.rows(STATUS) == [("expired", "it could not be sent in time")]
    assert len(asked.outside.sent) == 1


async def test_every_part_of_a_long_one_waits(asked: World) -> None:
    await asked.execute("update task set title = repeat('Call Bob. ', 600)")
    await asked.pass_time(days=9)
    assert await asked.rows(STATUS) == [("blocked", "template_required")] * 2
    await asked.whatsapp("hello again", id="wamid.2")
    await asked.work()
    assert sum(len(sent.text) for sent in asked.outside.sent[1:3]) > 5_000


async def test_what_was_chosen_is_sent_again(asked: World) -> None:
    await register(asked)
    asked.outside.outcomes = [NotAccepted()]
    await asked.pass_time(days=9)
    await register(asked, parameters=["title"])
    await asked.pass_time(seconds=30)
    assert replace(asked.outside.sent[1], attempt=2) == asked.outside.sent[2]


async def test_a_provider_that_knows_better_closes_the_window(asked: World) -> None:
    await register(asked, kind="confirmation", parameters=["text"])
    asked.outside.outcomes = [OutsideWindow("re-engagement", code="131047")]
    await asked.whatsapp("and write Ann", id="wamid.2")
    await asked.work()
    assert [sent.extra is None for sent in asked.outside.sent] == [True, True, False]
    assert await asked.one("select window_until from conversation") == asked.clock()


async def test_the_fallback_says_it_once(asked: World) -> None:
    ours, email = await account(asked), await account(asked, "email")
    headers = {"x-api-key": KEY}
    changed = await asked.client.patch(f"/admin/accounts/{ours}", json={"fallback": str(email)}, headers=headers)
    assert changed.status_code == 200
    await asked.execute("""
        insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
        select tenant_id, contact_id, 'email', 'email', 'bob@example.com', created_at from contact_identity
    """)
    await asked.pass_time(days=9)
    await asked.pass_time(days=1)
    sent = asked.outside.sent[1:]
    assert [(each.recipient.value, each.text, each.quotes) for each in sent] == [
        ("bob@example.com", "Reminder: Call Bob", None)
    ]
    assert await asked.rows(STATUS) == [("blocked", "template_required; said by email instead"), ("sent", None)]
    assert await asked.rows(TASK) == [("done", None)]


async def test_somebody_who_has_no_other_address_stays_blocked(asked: World) -> None:
    ours, email = await account(asked), await account(asked, "email")
    await asked.client.patch(f"/admin/accounts/{ours}", json={"fallback": str(email)}, headers={"x-api-key": KEY})
    await asked.pass_time(days=9)
    assert await asked.rows(STATUS) == [("blocked", "template_required")]


@pytest.mark.parametrize(
    "facts", [{"status": "paused"}, {"language": "fr"}, {"kind": "confirmation"}, {"parameters": ["booking"]}]
)
async def test_one_that_does_not_fit_is_not_chosen(asked: World, facts: dict[str, Any]) -> None:
    await register(asked, **facts)
    await asked.pass_time(days=9)
    assert await asked.rows(STATUS) == [("blocked", "template_required")]


async def test_the_contacts_own_language_comes_first(asked: World) -> None:
    await register(asked)
    await register(asked, language="pt_BR", name="lembrete")
    await asked.execute("update contact set language = 'pt', name = 'Ana'")
    await asked.pass_time(days=9)
    assert asked.outside.sent[1].extra == Template("lembrete", "pt_BR", ["Ana", "Call Bob"])


async def test_a_template_is_sent_by_its_name(world: World) -> None:
    """By the API, to somebody who has never written; a retry and another time keep what was chosen."""
    text = {"name": "order_ready", "language": "en", "parameters": ["contact_name", "number"]}  # of no kind
    headers = {"x-api-key": KEY}
    of_account = {"channel_account_id": str(await account(world))}
    kept = await world.client.post("/v1/message-templates", json=text | of_account, headers=headers)
    listed = await world.client.get("/v1/message-templates", headers=headers, params=of_account | {"limit": "1"})
    assert (kept.status_code, listed.json()["data"], listed.json()["has_more"]) == (201, [kept.json()], False)
    wish: dict[str, Any] = {
        "channel_account_id": str(await account(world)),
        "to": "+4915112345678",
        "template": {"name": "order_ready", "language": "en", "blanks": ["Alice", " 47\n11 "]},
    }

    async def ask(method: str, path: str, body: Any = None) -> Any:
        return await world.client.request(method, f"/v1/outbound-messages{path}", json=body, headers={"x-api-key": KEY})

    for wrong, pointer in (
        ({"template": wish["template"] | {"blanks": ["Alice"]}}, "/template/blanks"),
        ({"template": wish["template"] | {"blanks": ["Alice", " "]}}, "/template/blanks/1"),
        ({"template": wish["template"] | {"language": "de"}}, "/template"),
        ({"text": "Hello"}, "/text"),
        ({"template": None}, "/text"),
        ({"to": None}, "/to"),
    ):
        refused = await ask("POST", "", wish | wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, pointer), refused.text

    world.outside.outcomes = [Refused("no such number")]
    sent = (await ask("POST", "", wish)).json()
    assert (sent["text"], sent["template"]) == ("order_ready: Alice · 47 11", "order_ready")
    whose = await world.client.get("/v1/contacts?address=4915112345678", headers=headers)
    assert whose.json()["data"][0]["id"] == sent["contact_id"]
    await world.work()
    assert (await ask("POST", f"/{sent['id']}/retry")).json()["status"] == "queued"
    later = (await ask("POST", "", wish | {"send_at": (world.clock() + timedelta(hours=1)).isoformat()})).json()
    assert (await ask("PATCH", f"/{later['id']}", {"text": "Hello"})).status_code == 422
    moved = await ask("PATCH", f"/{later['id']}", {"send_at": (world.clock() + timedelta(hours=2)).isoformat()})
    assert moved.status_code == 200
    await world.work()
    world.clock.advance(hours=2)
    await world.run_tick("outbox.say_scheduled")
    await world.work()
    chosen = Template("order_ready", "en", ["Alice", "47 11"])
    assert [each.extra for each in world.outside.sent] == [chosen] * 3
