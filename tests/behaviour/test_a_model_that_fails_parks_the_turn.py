"""A turn no model can read now waits whole and recovers by itself; one that none will ever read is parked, and told."""

from datetime import timedelta

import pytest

from concierge.errors import ModelRefused, ModelUnavailable
from concierge.inbox.handling import MOST_RETRIES, give_up
from concierge.postgres.query import Query
from tests.fakes import FrozenClock, reading
from tests.makers import CONFIRMED, SOON, readings
from tests.world import World, open_world

CURSOR = "select handled_seq, last_seq, parked_at is not null, parked_reason from conversation"
AWAY = ModelUnavailable("overloaded")


@pytest.fixture
async def waiting(world: World) -> World:
    """The model is away: four tries, all in vain."""
    world.model.script = readings(AWAY)
    await world.email("Call Bob")
    await world.work()
    return world


@pytest.fixture
async def parked(world: World) -> World:
    """The model will never answer this."""
    world.model.script = readings(ModelRefused("overloaded"))
    await world.email("Call Bob")
    await world.work()
    return world


async def test_it_is_tried_again_first(world: World) -> None:
    world.model.script = readings(AWAY, AWAY, reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    assert len(world.model.prompts) == 3
    assert world.outside.texts == [CONFIRMED + "Call Bob"]
    assert await world.rows("select 1 from notification") == []


async def test_after_four_tries_it_waits_whole(waiting: World) -> None:
    assert len(waiting.model.prompts) == 4
    assert await waiting.rows(CURSOR) == [(0, 1, False, "overloaded")]
    for table in ("task", "extraction", "outbound_message", "notification"):
        assert await waiting.rows(f"select 1 from {table}") == [], table
    await waiting.pass_time(seconds=50)
    assert len(waiting.model.prompts) == 4


async def test_it_recovers_by_itself_when_the_model_does(waiting: World) -> None:
    await waiting.pass_time(minutes=1)
    assert len(waiting.model.prompts) == 8
    waiting.model.script = readings(reading("Call Bob", SOON))
    await waiting.pass_time(minutes=1)
    assert len(waiting.model.prompts) == 8
    await waiting.pass_time(minutes=1)
    assert waiting.outside.texts == [CONFIRMED + "Call Bob"]
    assert await waiting.rows("select retries, retry_at from conversation") == [(0, None)]


async def test_it_waits_twice_as_long_each_time_and_as_long_as_it_is_asked_to(waiting: World) -> None:
    ((id,),) = await waiting.rows("select id from conversation")
    for retries, asked, minutes in (
        (0, None, 1),
        (1, None, 2),
        (4, None, 16),
        (7, None, 60),
        (0, 600, 10),
        (0, 7200, 60),
    ):
        await waiting.execute("update conversation set retries = %(retries)s", retries=retries)
        await give_up(waiting.runtime, id, ModelUnavailable("overloaded", retry_after=asked))
        wait = await waiting.one("select retry_at - %(now)s from conversation", now=waiting.clock())
        assert wait == timedelta(minutes=minutes), (retries, asked)


async def test_what_was_handled_meanwhile_does_not_wait(world: World) -> None:
    await world.email("Hello")
    await world.work()
    await give_up(world.runtime, await world.one("select id from conversation"), AWAY)
    assert await world.rows("select retry_at, parked_at from conversation") == [(None, None)]


async def test_operators_are_told_when_it_lasts(waiting: World) -> None:
    for minutes in (1, 2, 4):
        await waiting.pass_time(minutes=minutes)
    conversation = await waiting.one("select id from conversation")
    assert await waiting.rows("select subject, subject_id, kind, text from notification") == [
        ("conversation", conversation, "delayed", "not handled for a while: overloaded")
    ]


async def test_after_a_day_it_is_parked(waiting: World) -> None:
    await waiting.execute("update conversation set retries = %(most)s", most=MOST_RETRIES)
    await waiting.pass_time(minutes=1)
    assert await waiting.rows(CURSOR) == [(0, 1, True, "overloaded")]
    conversation = await waiting.one("select id from conversation")
    assert await waiting.rows("select subject, subject_id, kind, text from notification") == [
        ("conversation", conversation, "parked", "overloaded")
    ]
    assert await waiting.rows("select type from event where subject = 'conversation'") == [("conversation.parked",)]
    asked = len(waiting.model.prompts)
    await waiting.pass_time(days=1)
    assert len(waiting.model.prompts) == asked


async def test_a_new_message_does_not_wait(waiting: World) -> None:
    waiting.model.script = readings(reading("Call Bob", SOON))
    await waiting.email("Please!", id="msg-2")
    await waiting.work()
    assert await waiting.rows(CURSOR) == [(2, 2, False, None)]
    assert waiting.outside.texts == [CONFIRMED + "Call Bob"]


async def test_a_refusal_is_not_repeated(world: World) -> None:
    world.model.script = readings(ModelRefused("not this"))
    await world.email("Call Bob")
    await world.work()
    assert len(world.model.prompts) == 1
    assert await world.rows(CURSOR) == [(0, 1, True, "not this")]


async def test_a_new_message_wakes_it_with_everything_unread(parked: World) -> None:
    parked.model.script = readings(reading("Call Bob", SOON))
    await parked.email("Please!", id="msg-2")
    await parked.work()
    assert [said.text for said in parked.model.prompts[-1].turns] == ["Call Bob", "Please!"]
    assert await parked.rows(CURSOR) == [(2, 2, False, None)]
    assert parked.outside.texts == [CONFIRMED + "Call Bob"]


async def test_an_operator_sees_it_and_retries(parked: World) -> None:
    (shown,) = (await parked.admin("GET", "/admin/conversations/parked")).json()["data"]
    assert (shown["channel"], shown["reason"], shown["waiting"]) == ("email", "overloaded", 1)
    parked.model.script = readings(reading("Call Bob", SOON))
    answer = await parked.admin("POST", f"/admin/conversations/{shown['id']}/retry")
    assert (answer.status_code, answer.json()["status"]) == (200, "queued")
    await parked.work()
    assert parked.outside.texts == [CONFIRMED + "Call Bob"]
    assert (await parked.admin("GET", "/admin/conversations/parked")).json() == {"data": []}
    assert await parked.rows("select 1 from notification where acknowledged_at is null") == []
    assert (await parked.admin("POST", f"/admin/conversations/{shown['id']}/retry")).status_code == 404


async def test_however_many_are_retried_nothing_is_asked_twice(parked: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await parked.email("Call Eve", id="msg-2", **{"from": "eve@example.com"})
    await parked.work()
    asked, run = [], Query.run

    async def counted(self, conn, given):
        asked.append(self.name)
        return await run(self, conn, given)

    monkeypatch.setattr(Query, "run", counted)
    assert (await parked.admin("POST", "/admin/conversations/retry")).json() == {"retried": 2}
    assert len(asked) == len(set(asked))
    by = "select count(distinct subject_id) from event where detail like 'retried by key:%%'"
    assert await parked.one(by) == 2
    assert await parked.rows("select 1 from notification where acknowledged_at is null") == []


async def test_an_operator_retries_all_of_them(parked: World) -> None:
    parked.model.script = readings(reading("Call Bob", SOON))
    assert (await parked.admin("POST", "/admin/conversations/retry")).json() == {"retried": 1}
    await parked.work()
    assert parked.outside.texts == [CONFIRMED + "Call Bob"]
    assert (await parked.admin("POST", "/admin/conversations/retry")).json() == {"retried": 0}


async def test_a_skill_that_does_not_exist_is_told(world: World) -> None:
    await world.execute("update agent set skills = '{followup}'")
    await world.email("Call Bob")
    await world.work()
    assert await world.rows(CURSOR) == [(0, 1, True, "the agent has a skill that does not exist: followup")]


async def test_an_account_without_an_agent_is_told(world: World) -> None:
    await world.execute("update agent set live = false")
    await world.email("Call Bob")
    await world.work()
    assert await world.rows("select subject, kind from notification") == [("channel_account", "no_agent")]
    assert await world.rows(CURSOR) == [(1, 1, False, None)]


async def test_a_message_that_comes_during_the_last_try_gets_its_own(world: World) -> None:
    """Parking would leave it lying: the conversation was not idle when it came, so it brought no job."""

    async def another() -> None:
        if len(world.model.prompts) == 4:
            world.model.meanwhile = None
            await world.email("Please!", id="msg-2")

    world.model.script = readings(AWAY, AWAY, AWAY, AWAY, reading("Call Bob", SOON))
    world.model.meanwhile = another
    await world.email("Call Bob")
    await world.work()
    assert [said.text for said in world.model.prompts[-1].turns] == ["Call Bob", "Please!"]
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


async def test_a_turn_that_cannot_be_settled_leaves_nothing_behind(fresh_db: str, clock: FrozenClock) -> None:
    async with open_world(fresh_db, clock) as world:
        await world.execute("alter table outbound_message add constraint never check (kind <> 'confirmation')")
        world.model.script = readings(reading("Call Bob", SOON))
        await world.email("Call Bob")
        await world.work()
        assert await world.rows(CURSOR) == [(0, 1, False, "CheckViolation")]
        for table in ("task", "extraction", "outbound_message"):
            assert await world.rows(f"select 1 from {table}") == [], table
