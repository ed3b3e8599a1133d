"""A follow-up that comes again is reminded of at the same time on the wall, once each time, until it is stopped."""

import asyncio
from datetime import UTC, datetime, timedelta

from concierge.followups.acting import store as acting
from concierge.followups.executing import execute
from concierge.followups.recurring import planning, stopping
from concierge.followups.recurring import store as recurring
from tests.agents import talk as talk_by
from tests.meeting import met
from tests.offline import offline
from tests.world import World

OPEN = "select title, wall::text, due_at from task where status in ('pending', 'snoozed') order by due_at"


async def talk(world: World, *texts: str) -> list[str]:
    world.model.script = offline
    return await talk_by(world, *texts, channel="email")


async def until(world: World, day: int, hour: int, month: int = 3) -> list[str]:
    """What is said until then, seen by a scheduler that looks every three hours."""
    before = len(world.outside.texts)
    while world.clock.now < datetime(2027, month, day, hour, tzinfo=UTC):
        world.clock.advance(hours=3)
        await world.run_tick("followups.take_due")
        if await world.rows("select 1 from task where status in ('due', 'sending') limit 1"):
            await world.pass_time()
    return world.outside.texts[before:]


async def test_every_monday_across_a_change_of_clocks(world: World) -> None:
    assert await talk(world, "Remind me every Monday at 9am to water the plants") == [
        "Got it. I'll remind you every Monday, next on Monday 8 March 2027 at 09:00 (Europe/Berlin): Water the plants"
    ]
    assert await talk(world, "What's on my list?") == [
        "On your list:\n1. Water the plants — every Monday, next on Monday 8 March 2027 at 09:00 (Europe/Berlin)"
    ]
    assert await until(world, 8, 9) == ["Reminder: Water the plants"]
    assert await world.rows(OPEN) == [
        ("Water the plants", "2027-03-15 09:00:00", datetime(2027, 3, 15, 8, tzinfo=UTC)),
    ]
    assert await talk(world, "done") == ["Done: Water the plants"]
    await world.execute("update task set due_at = due_at + interval '7 days', wall = wall + interval '7 days' "
                        "where status = 'pending'")  # fmt: skip
    assert await until(world, 22, 9) == ["Reminder: Water the plants"]
    # on the 28th clocks go forward: nine o'clock is an hour earlier
    assert await world.rows(OPEN) == [
        ("Water the plants", "2027-03-29 09:00:00", datetime(2027, 3, 29, 7, tzinfo=UTC)),
    ]

    async def meanwhile() -> None:
        world.model.meanwhile = None
        for status in ("due", "executing", "failed"):
            await world.execute("update task set status = %(to)s where not followed", to=status)

    world.model.meanwhile = meanwhile  # its reminder fails while that is thought about
    assert await talk(world, "stop that") == ["Cancelled, and it will not come again: Water the plants"]
    await world.run_tick("followups.plan_next")
    assert await until(world, 5, 12, month=4) == []
    assert await world.rows(OPEN) == []


WATER = "Remind me every Monday at 9am to water the plants"
ENDED = "Cancelled, and it will not come again: Water the plants"


async def fall_due(world: World) -> None:
    """A week is over: it is handed to the outbox."""
    world.clock.advance(days=7)
    await world.run_tick("followups.take_due")
    await execute(world.runtime, await world.one("select id from task where status = 'due'"))


async def test_who_stops_it_has_stopped_it_though_its_next_times_were_planned_meanwhile(world: World) -> None:
    await talk(world, WATER)

    async def meanwhile() -> None:
        world.model.meanwhile = None
        for _ in range(2):
            await fall_due(world)
            await world.run_tick("followups.plan_next")

    world.model.meanwhile = meanwhile
    assert await talk(world, "stop that") == ["Reminder: Water the plants", ENDED], (
        "the first one is too old to be said"
    )
    await world.run_tick("followups.plan_next")
    assert await world.rows(OPEN) == []
    assert await world.rows("select status, reason from task order by id") == [
        ("sending", None), ("sending", None), ("cancelled", "cancelled by its person"),
    ]  # fmt: skip
    await world.pass_time(days=8)
    assert world.outside.texts[3:] == []


async def test_who_stops_it_while_its_next_time_is_planned_waits_for_that(world: World) -> None:
    await talk(world, WATER)
    await fall_due(world)
    begun = asyncio.Event()

    async def stop() -> list[str]:
        await begun.wait()
        return await talk(world, "stop that")

    customer = asyncio.create_task(stop())
    async with world.runtime.begin() as conn:
        (task,) = await recurring.to_follow(conn, limit=9)
        await planning.follow(conn, task, world.clock())
        begun.set()
        await met(world, conn, customer)
    assert await customer == ["Reminder: Water the plants", ENDED]
    assert await world.rows(OPEN) == []


async def test_what_was_stopped_first_is_not_planned(world: World) -> None:
    await talk(world, WATER)
    await fall_due(world)
    planned = asyncio.Event()

    async def plan() -> None:
        await planned.wait()
        await world.run_tick("followups.plan_next")

    ticking = asyncio.create_task(plan())
    ((id, tenant_id),) = await world.rows("select id, tenant_id from task")
    async with world.runtime.begin() as conn:
        await acting.put_aside(conn, id, tenant_id=tenant_id)
        planned.set()
        await ticking
    await world.run_tick("followups.plan_next")
    assert await world.rows(OPEN) == []


async def test_an_operator_who_cancels_a_time_that_failed_ends_it(world: World) -> None:
    """What was put off by its person, once, stands beside the one that failed."""
    await talk(world, WATER)
    await fall_due(world)
    await world.run_tick("followups.plan_next")
    await world.execute("update task set status = 'failed' where status = 'sending'")
    ((id, tenant_id),) = await world.rows("select id, tenant_id from task where status = 'failed'")
    async with world.runtime.connection() as conn, conn.transaction(force_rollback=True):
        await conn.execute("update task set rule = null, rule_from = null")
        assert await stopping.cancel(conn, id, tenant_id=tenant_id, by="Olga", now=world.clock()) == id
        left = await (await conn.execute("select status from task order by id")).fetchall()
        assert left == [("cancelled",), ("pending",)]
    assert (await world.admin("POST", f"/v1/follow-ups/{id}/cancel")).status_code == 200
    assert await world.rows("select status, reason from task") == [("cancelled", "cancelled by key:operator")] * 2


async def test_an_outage_is_followed_by_one_reminder_not_by_all_that_were_missed(world: World) -> None:
    await talk(world, "Remind me to stretch every day at 8am for two weeks")
    await world.pass_time(days=5)
    assert world.outside.texts[1:] == ["Reminder: Stretch"]
    assert [wall for _, wall, _ in await world.rows(OPEN)] == ["2027-03-09 08:00:00"]
    assert await world.rows("select count(*), count(follows) from task") == [(2, 1)]
    world.clock.now += timedelta(days=30)
    await world.pass_time()
    assert world.outside.texts[2:] == ["Reminder: Stretch"]
    assert await world.rows(OPEN) == [], "two weeks are over"
    assert await world.one("select bool_and(followed) from task"), "nothing is looked at again and again"


async def test_the_series_and_its_next_time_are_moved_apart(world: World) -> None:
    said = await talk(
        world,
        "every weekday at 7am remind me to walk the dog",
        "make that 8am",
        "move it to Saturday",
        "skip it",
        "done",
        "make it every Tuesday",
        "every 10 minutes, remind me to drink",
    )
    assert said == [
        "Got it. I'll remind you every weekday, next on Thursday 4 March 2027 at 07:00 (Europe/Berlin): Walk the dog",
        "Changed. I'll remind you every weekday, next on Thursday 4 March 2027 at 08:00 (Europe/Berlin): Walk the dog",
        "Changed. I'll remind you every weekday, next on Saturday 6 March 2027 at 08:00 (Europe/Berlin): Walk the dog",
        "Skipped: Walk the dog\nI'll remind you on Monday 8 March 2027 at 08:00 (Europe/Berlin).",
        "Done: Walk the dog\nI'll remind you on Tuesday 9 March 2027 at 08:00 (Europe/Berlin).",
        "Changed. I'll remind you every Tuesday, next on Tuesday 9 March 2027 at 08:00 (Europe/Berlin): Walk the dog",
        "I've noted: Drink\nWhich day and time would suit you? For example “Tuesday 3pm”.",
    ]
    assert await world.rows("select title, status, reason, wall::text, rule from task order by id") == [
        ("Walk the dog", "cancelled", "cancelled by its person", "2027-03-06 08:00:00",
         "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("Walk the dog", "done", "completed by its person", "2027-03-08 08:00:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("Walk the dog", "pending", None, "2027-03-09 08:00:00", "FREQ=WEEKLY;BYDAY=TU"),
        ("Drink", "needs_clarification", "vague", None, None),
    ]  # fmt: skip
