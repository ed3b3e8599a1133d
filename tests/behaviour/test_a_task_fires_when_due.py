"""A reminder goes out when it is due, on the person's own wall clock, once, with a draft where one was wanted."""

import asyncio
from datetime import UTC, datetime

from concierge.errors import ModelRefused
from concierge.followups.executing import execute, take_due
from concierge.followups.scheduling import Due, resolve
from concierge.llm.purposes import Drafted, When
from tests.each import each
from tests.fakes import reading
from tests.makers import SOON, readings, wall
from tests.world import World

GAP = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)  # 02:30 in Berlin does not exist that night: it is 03:30
OVERLAP = datetime(2027, 10, 31, 0, 30, tzinfo=UTC)  # 02:30 comes twice: the first counts


async def remember(world: World, then: str = SOON, *, draft: bool = False) -> None:
    world.model.script = readings(reading("Call Bob", then, draft=draft))
    await world.email("Call Bob then")
    await world.work()


@each(
    ("said", "at", "meant"),
    [
        ("2027-03-28T02:30", GAP, wall("2027-03-28T03:30")),
        ("2027-10-31T02:30", OVERLAP, wall("2027-10-31T02:30")),
        ("2027-03-28T01:59", datetime(2027, 3, 28, 0, 59, tzinfo=UTC), wall("2027-03-28T01:59")),
        ("2027-03-28T03:00", datetime(2027, 3, 28, 1, 0, tzinfo=UTC), wall("2027-03-28T03:00")),
    ],
)
def test_a_change_of_clocks(said: str, at: datetime, meant: datetime) -> None:
    when = When(said, "minute", "then")
    now = datetime(2027, 3, 3, 12, tzinfo=UTC)
    assert resolve(when, zone="Europe/Berlin", now=now) == Due(at=at, wall=meant, zone="Europe/Berlin", grain="minute")


async def test_a_time_in_the_gap_is_said_and_kept_as_it_will_be(world: World) -> None:
    await remember(world, "2027-03-28T02:30")
    assert world.outside.texts == ["Got it. I'll remind you on Sunday 28 March 2027 at 03:30 (Europe/Berlin): Call Bob"]
    assert await world.rows("select due_at, wall from task") == [(GAP, wall("2027-03-28T03:30"))]


async def test_not_a_second_early_and_not_twice(world: World) -> None:
    await remember(world)  # 09:00 in Berlin is 08:00 UTC
    world.clock.now = datetime(2027, 3, 12, 7, 59, 59, tzinfo=UTC)
    await world.tick()
    assert len(world.outside.sent) == 1
    await world.pass_time(seconds=1)
    assert world.outside.texts[1:] == ["Reminder: Call Bob"]
    await world.pass_time(days=30)
    assert len(world.outside.sent) == 2


async def test_the_zone_of_the_contact_counts_before_the_tenants(world: World) -> None:
    await world.email("hello", id="msg-0")
    await world.work()
    await world.execute("update contact set zone = 'America/New_York'")
    await remember(world)
    assert world.model.prompts[-1].zone == "America/New_York"
    assert world.model.prompts[-1].now == wall("2027-03-03T07:00")
    assert world.outside.texts == [
        "Got it. I'll remind you on Friday 12 March 2027 at 09:00 (America/New_York): Call Bob"
    ]
    assert await world.one("select due_at from task") == datetime(2027, 3, 12, 14, 0, tzinfo=UTC)


async def test_two_schedulers_make_one_reminder(world: World) -> None:
    await remember(world)
    world.clock.advance(days=9)
    await asyncio.gather(*(take_due(world.runtime) for _ in range(5)))
    assert await world.one("select count(*) from procrastinate_jobs where task_name = 'followups.execute'") == 1
    task = await world.one("select id from task")
    await asyncio.gather(*(execute(world.runtime, task) for _ in range(5)))
    await world.pass_time(seconds=1)
    assert world.outside.texts[1:] == ["Reminder: Call Bob"]
    assert await world.moves(task) == ["pending", "due", "executing", "sending", "done"]


async def test_a_draft_is_written_in_the_tone_of_the_contact(world: World) -> None:
    await remember(world, draft=True)
    await world.execute("update contact set tone = 'formal', name = 'Alice'")
    world.model.script = lambda prompt: Drafted(f"Dear Bob ({prompt.tone})")
    await world.pass_time(days=9)
    draft = "Here is a draft you can use:\n\nDear Bob (formal)"
    assert world.outside.texts[1:] == [
        f"Reminder: Call Bob\n\n{draft}\n\nApprove it with “yes”, or tell me what to change."
    ]
    prompt = world.model.prompts[-1]
    assert (prompt.purpose, prompt.title, prompt.source) == ("draft", "Call Bob", "Call Bob then")
    assert prompt.private == ("Alice",)
    assert await world.one("select draft from task") == "Dear Bob (formal)"


async def test_a_failing_draft_does_not_hold_the_reminder_back(world: World) -> None:
    await remember(world, draft=True)

    def refuse(_prompt: object) -> None:
        raise ModelRefused("no such text")

    world.model.script = refuse
    await world.pass_time(days=9)
    assert world.outside.texts[1:] == ["Reminder: Call Bob"]
    assert await world.rows("select subject, kind, text from notification") == [("task", "no_draft", "no such text")]


async def test_a_due_task_whose_job_was_lost_is_found(world: World) -> None:
    await remember(world)
    world.clock.advance(days=9)
    await take_due(world.runtime)
    await world.execute("delete from procrastinate_jobs")
    await world.tick()
    assert len(world.outside.sent) == 1
    await world.pass_time(minutes=6)
    assert world.outside.texts[1:] == ["Reminder: Call Bob"]
