"""After sixty days nothing is left of what people wrote, except what is still to be said to them."""

from collections.abc import Iterable

import pytest

from concierge.errors import AccountStopped
from concierge.llm.purposes import Reading, Scored, Summarised
from concierge.tenants.seeding import seed
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

SECRET = "Xylophone"
TABLES = "select tablename from pg_tables where schemaname = 'public'"


async def traces(world: World) -> Iterable[str]:
    """Every table with the word in any row, as text or as bytes."""
    found = []
    for (table,) in await world.rows(TABLES):
        rows = await world.rows(f'select t::text from "{table}" t')
        if any(SECRET in row or SECRET.encode().hex() in row for (row,) in rows):
            found.append(table)
    return sorted(found)


@pytest.fixture
async def told(world: World) -> World:
    """A finished follow-up, a person nobody knows, a provider that quotes us."""
    world.model.script = readings(reading(f"Sell the {SECRET}", SOON))
    await world.email(f"Sell the {SECRET}", subject=SECRET)
    await world.client.post(
        "/webhook/whatsapp", json=world.whatsapp_payload(("wamid.9", "1555", SECRET), account="9999")
    )
    await world.work()
    await world.pass_time(days=9)
    await world.execute("update delivery_attempt set response = %(text)s", text=SECRET)
    assert await world.one("select status from task") == "done"
    return world


async def test_the_tick_leaves_no_trace(told: World) -> None:
    await told.pass_time(days=59)
    assert await traces(told) != []
    await told.pass_time(days=2)
    assert await traces(told) == []
    assert await told.one("select count(*) from inbound_message where redacted_at is not null") == 1


async def test_the_endpoint_does_the_same_for_its_tenant(told: World) -> None:
    told.clock.advance(days=61)
    answer = await told.admin("POST", "/admin/retention/redact")
    assert answer.json() == {
        "redacted": {
            "inbound_messages": 1,
            "outbound_messages": 2,
            "extractions": 1,
            "leads": 0,
            "summaries": 0,
            "tasks": 1,
            "drafts": 0,
            "unanswered_tasks": 0,
            "intake_answers": 0,
            "handoffs": 0,
            "media": 0,
            "app_replies": 0,
            "account_notices": 0,
            "model_calls": 0,  # were not kept
            "pseudonyms": 0,
            "model_threads": 0,
            "raw_payloads": 0,  # went with their messages
            "webhook_events": 0,
            "unrouted_messages": 0,  # belongs to no tenant: left to the tick
        }
    }
    assert await traces(told) == ["unrouted_message"]
    again = (await told.admin("POST", "/admin/retention/redact")).json()["redacted"]
    assert set(again.values()) == {0}


async def test_a_far_off_reminder_still_says_what_it_is_about(world: World) -> None:
    world.model.script = readings(reading(f"Sell the {SECRET}", "2027-08-01T09:00"))
    await world.email(f"Sell the {SECRET} on 1 August")
    await world.work()
    await world.pass_time(days=61)
    assert await traces(world) == ["task"]
    await world.pass_time(days=120)
    assert world.outside.texts[1:] == [f"Reminder: Sell the {SECRET}"]


async def test_what_waits_to_be_sent_keeps_its_words(world: World) -> None:
    world.model.script = readings(reading(f"Sell the {SECRET}", SOON))
    world.outside.outcomes = [AccountStopped()]
    await world.email(f"Sell the {SECRET}")
    await world.work()
    await world.execute("update outbound_message set expires_at = null")
    await world.pass_time(days=61)
    await seed(world.runtime)
    await world.pass_time(minutes=1)
    assert world.outside.sent[0].text == world.outside.sent[1].text
    assert SECRET in world.outside.sent[1].text


async def test_young_bodies_stay(told: World) -> None:
    before = await traces(told)
    assert set((await told.admin("POST", "/admin/retention/redact")).json()["redacted"].values()) == {0}
    assert await traces(told) == before


async def test_what_models_made_of_it_goes_too(world: World) -> None:
    """The lead, its readings, the notice about it, and the summary; scores and hashes stay."""
    nothing = dict.fromkeys(Scored.__struct_fields__)
    words = {"name": SECRET, "company": SECRET, "intent": SECRET, "notice": f"{SECRET} hurries", "urgency": 3}
    made = {"extract": Reading([]), "score": Scored(**nothing | words), "summarise": Summarised(f"About {SECRET}.")}
    world.model.script = lambda prompt: made[prompt.purpose]
    await world.execute("update agent set skills = '{followups,leads,summaries}'")
    await world.email("Hello")
    await world.work()
    await world.pass_time(minutes=10)
    assert await traces(world) == ["extraction", "lead", "notification", "summary"]
    await world.pass_time(days=61)
    assert await traces(world) == []
    assert await world.rows("select urgency from lead") == [(3,)]
    assert await world.rows("select length(input_hash) from summary") == [(64,)]
