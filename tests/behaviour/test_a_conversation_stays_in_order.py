"""One conversation is handled in the order it was written in, by one worker at a time, however many there are."""

import asyncio

from concierge.inbox.handling import MOST_SWEEPS, handle
from tests.fakes import reading
from tests.makers import CONFIRMED, SOON, batch, readings, text_message
from tests.world import World

JOBS = "select count(*) from procrastinate_jobs where task_name = 'inbox.handle'"


async def test_a_burst_costs_one_job_and_is_read_as_one_turn(world: World) -> None:
    for n in range(5):
        await world.whatsapp(f"part {n}", id=f"wamid.{n}")
    assert await world.one(JOBS) == 1
    await world.work()
    (prompt,) = world.model.prompts
    assert [said.text for said in prompt.turns] == ["part 0", "part 1", "part 2", "part 3", "part 4"]
    assert await world.rows("select handled_seq, last_seq from conversation") == [(5, 5)]


async def test_a_long_backlog_is_read_in_turns(world: World) -> None:
    messages = [text_message(f"part {n}", id=f"wamid.{n}") for n in range(60)]
    await world.client.post("/webhook/whatsapp", json=batch(messages))
    await world.work()
    assert [prompt.unread for prompt in world.model.prompts] == [50, 10]
    assert [said.text for said in world.model.prompts[1].turns[-11:]] == [f"part {n}" for n in range(49, 60)]
    assert await world.rows("select handled_seq, last_seq from conversation") == [(60, 60)]


async def test_what_comes_while_a_turn_is_thought_about_is_the_next_turn(world: World) -> None:
    async def another() -> None:
        world.model.meanwhile = None
        await world.whatsapp("two", id="wamid.2")

    world.model.script = readings(reading("One", SOON), reading("Two", SOON))
    world.model.meanwhile = another
    await world.whatsapp("one")
    await world.work()
    assert [[said.text for said in prompt.turns[-prompt.unread :]] for prompt in world.model.prompts] == [
        ["one"],
        ["two"],
    ]
    assert [said.text for said in world.model.prompts[1].turns] == ["one", CONFIRMED + "One", "two"]
    assert world.outside.texts == [CONFIRMED + "One", CONFIRMED + "Two"]


async def test_two_workers_with_the_same_turn_settle_it_once(world: World) -> None:
    """Both have thought before either settles; the fence lets one through."""
    both = asyncio.Barrier(2)
    world.model.meanwhile = both.wait
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob next Friday")
    conversation = await world.one("select id from conversation")
    await asyncio.gather(handle(world.runtime, conversation), handle(world.runtime, conversation))
    assert len(world.model.prompts) == 2
    assert await world.rows("select title from task") == [("Call Bob",)]
    assert await world.one("select count(*) from extraction") == 1
    world.model.meanwhile = None
    await world.work()
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


async def test_a_lost_wake_up_is_found(world: World) -> None:
    """Whatever becomes of the job, the message is still there and the sweep comes by."""
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob next Friday")
    await world.execute("delete from procrastinate_jobs")
    await world.tick()
    assert world.outside.sent == []
    await world.pass_time(minutes=6)
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


async def test_what_somebody_comes_for_is_not_forgotten(world: World) -> None:
    """A job waits or is at it, or the conversation itself waits for its time, or for an operator."""
    await world.whatsapp("Call Bob next Friday")
    world.clock.advance(minutes=6)
    for left in (
        "select 1",
        "update procrastinate_jobs set status = 'doing'",
        "delete from procrastinate_jobs; update conversation set retry_at = '2100-01-01'",
        "update conversation set retry_at = null, parked_at = '2027-03-03'",
    ):
        await world.execute(left)
        await world.run_tick("inbox.sweep")
        assert await world.one("select max(swept) from conversation") == 0, left


async def test_what_is_woken_again_and_again_is_parked(world: World) -> None:
    await world.whatsapp("Call Bob next Friday")
    for times in range(1, MOST_SWEEPS + 2):
        await world.execute("delete from procrastinate_jobs")
        world.clock.advance(minutes=6)
        await world.run_tick("inbox.sweep")
        assert await world.one(JOBS) == (times <= MOST_SWEEPS)
    assert await world.rows("select kind, text from notification") == [("parked", "never finished")]


async def test_a_person_took_over(world: World) -> None:
    """Messages are kept and counted as handled, and nobody answers but the person."""
    await world.whatsapp("hello")
    await world.work()
    await world.execute("update conversation set status = 'human'")
    await world.whatsapp("Call Bob next Friday", id="wamid.2")
    await world.work()
    assert len(world.model.prompts) == 1
    assert await world.rows("select handled_seq, last_seq from conversation") == [(2, 2)]
