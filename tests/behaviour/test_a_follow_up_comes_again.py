"""A follow-up that comes again is reminded of at the same time on the wall, once each time, until it is stopped."""

from datetime import UTC, datetime, timedelta

from tests.agents import talk as talk_by
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
