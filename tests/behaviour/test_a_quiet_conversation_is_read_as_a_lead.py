"""A conversation that has gone quiet is read for who writes and what they want; only what was checked is a fact."""

from collections.abc import Callable
from typing import Any

import pytest

from concierge.errors import ModelUnavailable
from concierge.leads import reading, store
from concierge.llm.purposes import Scored, When
from tests.fakes import USUALLY
from tests.world import KEY, World

LEAD = """
    select name, email, company, intent, urgency, budget, fit, engagement, demo_at::text, demo_zone, notice from lead
"""
DUE = "select due_at is not null from lead"
ALICE = "I am Alice of Acme, alice@acme.test. We need forty seats this month, can you show us on Friday at 3pm?"


def scored(**facts: Any) -> Scored:
    return Scored(**(dict.fromkeys(Scored.__struct_fields__) | facts))


def scores(*each: Scored | Exception) -> Callable[[Any], Any]:
    """A script that answers one reading after the other; the last answer repeats."""
    waiting = list(each)

    def script(prompt: Any) -> Any:
        if prompt.purpose != "score":
            return USUALLY[prompt.purpose]
        said = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(said, Exception):
            raise said
        return said

    return script


def asked(world: World) -> list[Any]:
    return [prompt for prompt in world.model.prompts if prompt.purpose == "score"]


async def later(world: World, **amount: float) -> None:
    """Time passes, and the tick comes."""
    world.clock.advance(**amount)
    await reading.take_due(world.runtime)
    await world.work()


@pytest.fixture
async def shop(world: World) -> World:
    """Its agent looks out for leads after the shortest time."""
    await world.execute(
        """update agent set skills = '{followups,leads}', settings = '{"leads": {"idle_minutes": 5}}'"""
    )
    return world


async def test_the_story_of_a_lead(shop: World) -> None:
    demo = When("2027-03-05T15:00", "minute", "Friday at 3pm")
    first = scored(
        name="Alice",
        email="Alice@Acme.test",
        company="Acme",
        intent="forty seats",
        urgency=3,
        budget=2,
        demo=demo,
        notice="Acme wants forty seats this month and a demo on Friday.",
    )
    shop.model.script = scores(first, scored(urgency=1, fit=3, company="Acme Ltd"))
    await shop.whatsapp(ALICE)
    await shop.work()
    await later(shop, minutes=4)
    await shop.whatsapp("Hello?", id="wamid.2")
    await shop.work()
    await later(shop, minutes=4)
    assert asked(shop) == []  # it was not quiet for five minutes yet
    await later(shop, minutes=1)
    assert [turn.text for turn in asked(shop)[0].turns] == [ALICE, "Hello?"]
    row = ("Alice", "Alice@Acme.test", "Acme", "forty seats", 3, 2, None, None, "2027-03-05 14:00:00+00")
    assert await shop.rows(LEAD) == [(*row, "Europe/Berlin", first.notice)]
    assert await shop.rows("select subject, kind, text from notification") == [("lead", "lead", first.notice)]
    await later(shop, hours=1)
    assert len(asked(shop)) == 1  # nothing is new
    # they write again, also while a human answers: what the second reading did not find stays
    await shop.execute("update conversation set status = 'human', moved_at = now()")
    await shop.whatsapp("No rush though", id="wamid.3")
    await shop.work()
    await later(shop, minutes=5)
    row = ("Alice", "Alice@Acme.test", "Acme Ltd", "forty seats", 1, 2, 3, None, "2027-03-05 14:00:00+00")
    assert await shop.rows(LEAD) == [(*row, "Europe/Berlin", first.notice)]
    readings = (
        "select upto_seq, prompt_version, reading ->> 'urgency' from extraction where purpose = 'score' order by id"
    )
    assert await shop.rows(readings) == [(2, "score-1", "3"), (3, "score-1", "1")]
    assert await shop.rows("select kind from notification") == [("lead",)]


async def test_what_cannot_be_is_no_fact(shop: World) -> None:
    """An address that nobody wrote: asked again, at last an operator is told; nothing of it is kept."""
    shop.model.script = scores(scored(name="Mallory", email="mallory@evil.test"))
    await shop.whatsapp(ALICE)
    await shop.work()
    for _ in range(4):
        await later(shop, minutes=31)
    assert len(asked(shop)) == 12  # three runs of four tries each
    assert await shop.rows("select 1 from extraction where purpose = 'score'") == []
    assert await shop.rows("select name, email, extraction_id from lead") == [(None, None, None)]
    reason = "the reading has an e-mail address that nobody wrote"
    assert await shop.rows("select subject, kind, text from notification") == [("lead", "not_read", reason)]
    # the next message is another chance
    shop.model.script = scores(scored(name="Alice"))
    await shop.whatsapp("Hello?", id="wamid.2")
    await shop.work()
    await later(shop, minutes=5)
    assert await shop.rows("select name, tries, reason from lead") == [("Alice", 0, None)]


async def test_a_model_that_stumbles_is_asked_again(shop: World) -> None:
    shop.model.script = scores(ModelUnavailable("the answer does not have the shape asked for"), scored(name="Alice"))
    await shop.whatsapp(ALICE)
    await shop.work()
    await later(shop, minutes=5)
    assert await shop.rows("select name, due_at from lead") == [("Alice", None)]
    assert await shop.rows("select 1 from notification") == []


async def test_who_writes_meanwhile_is_read_too(shop: World) -> None:
    """A message comes while the model reads: what it read counts up to there, and the rest is read later."""
    shop.model.script = scores(scored(name="Al"), scored(name="Alice"))
    await shop.whatsapp("I am Al")
    await shop.work()

    async def meanwhile() -> None:
        shop.model.meanwhile = None
        await shop.whatsapp("Alice, actually", id="wamid.2")

    shop.model.meanwhile = meanwhile
    await later(shop, minutes=5)
    assert await shop.rows("select name, read_seq from lead") == [("Al", 1)]
    assert await shop.one(DUE)
    await later(shop, minutes=5)
    assert await shop.rows("select name, read_seq from lead") == [("Alice", 2)]


async def test_what_was_read_early_is_not_read_again(shop: World) -> None:
    """A message is kept and read before its turn is settled: there is nothing left to read afterwards."""
    shop.model.script = scores(scored(name="Al"))
    await shop.whatsapp("I am Al")
    await shop.work()
    await shop.whatsapp("Hello?", id="wamid.2")
    await reading.read(shop.runtime, await shop.one("select id from lead"))
    assert await shop.rows("select read_seq, due_at from lead") == [(2, None)]
    await shop.work()
    assert await shop.one(DUE)
    await later(shop, minutes=5)
    assert not await shop.one(DUE)
    assert len(asked(shop)) == 1


async def test_of_two_readings_the_one_that_saw_more_counts(shop: World) -> None:
    shop.model.script = scores(scored(name="Alice"))
    await shop.whatsapp(ALICE)
    await shop.work()
    await later(shop, minutes=5)
    id, tenant_id, extraction_id = (await shop.rows("select id, tenant_id, extraction_id from lead"))[0]
    facts = dict.fromkeys(("email", "company", "intent", "urgency", "budget", "fit", "engagement"))
    late = facts | dict.fromkeys(("demo_at", "demo_zone", "notice")) | {"name": "Al"}
    async with shop.runtime.connection() as conn:
        improved = await store.improve(
            conn,
            id,
            tenant_id=tenant_id,
            extraction_id=extraction_id,
            upto_seq=1,
            seen_due_at=shop.clock(),
            now=shop.clock(),
            **late,  # type: ignore[arg-type]
        )
    assert improved is None
    assert await shop.one("select name from lead") == "Alice"


async def test_without_the_skill_nothing_is_read(world: World) -> None:
    await world.whatsapp(ALICE)
    await world.work()
    await later(world, minutes=20)
    assert asked(world) == []
    assert await world.rows("select 1 from lead") == []


async def test_leads_by_the_api(shop: World) -> None:
    facts = {"name": "Alice", "company": "Acme", "urgency": 3, "notice": "Acme hurries."}
    shop.model.script = scores(scored(**facts, demo=When("2027-03-05T15:00", "minute", "Friday at 3pm")))
    await shop.whatsapp(ALICE)
    await shop.work()
    await later(shop, minutes=5)
    (lead,) = (await shop.admin("GET", "/v1/leads")).json()["data"]
    assert {name: lead[name] for name in ("name", "company", "urgency", "fit", "demo_at", "smart_notification")} == {
        "name": "Alice",
        "company": "Acme",
        "urgency": 3,
        "fit": None,
        "demo_at": "2027-03-05T14:00:00Z",
        "smart_notification": "Acme hurries.",
    }
    assert (await shop.admin("GET", f"/v1/leads/{lead['id']}")).json() == lead
    assert (await shop.admin("GET", f"/v1/leads?contact_id={lead['contact_id']}")).json()["data"] == [lead]
    assert (await shop.admin("GET", f"/v1/leads?contact_id={lead['id']}")).json()["data"] == []
    (reading,) = (await shop.admin("GET", "/v1/extractions?purpose=score")).json()["data"]
    assert (reading["id"], reading["reading"]["company"]) == (lead["extraction_id"], "Acme")
    assert (await shop.admin("GET", f"/v1/extractions/{reading['id']}")).json() == reading
    assert len((await shop.admin("GET", "/v1/extractions")).json()["data"]) == 2  # and what follow-ups were asked for
    tenant = await shop.one("select id from tenant")
    (said,) = (await shop.admin("GET", f"/users/{tenant}/extractions")).json()["data"]
    assert said == {
        **dict.fromkeys(("email", "intent", "budget", "fit", "engagement")),
        "extraction_id": reading["id"],
        "conversation_id": lead["conversation_id"],
        "name": "Alice",
        "company": "Acme",
        "urgency": 3,
        "demo_datetime": "2027-03-05T14:00:00Z",
        "smart_notification": "Acme hurries.",
        "extracted_at": reading["created_at"],
    }


async def test_a_lead_is_announced(shop: World) -> None:
    """Names and texts only where the endpoint includes them."""
    for included in (True, False):
        told = {"url": "https://crm.example.com", "event_types": ["lead.read"], "include_text": included}
        await shop.client.post("/v1/webhook-endpoints", json=told, headers={"x-api-key": KEY})
    shop.model.script = scores(scored(name="Alice", urgency=3))
    await shop.whatsapp(ALICE)
    await shop.work()
    await later(shop, minutes=5)
    text = "select string_agg(e::text, '') from webhook_event e"
    assert "Alice" in await shop.one(text)
    assert await shop.one("select count(*) from webhook_delivery") == 2
