"""In quiet hours a reminder waits until they are over, an answer does not, and what is too late is not sent at all."""

from datetime import UTC, datetime, timedelta

import pytest

from concierge.followups.executing import execute, take_due
from tests.fakes import reading
from tests.makers import readings
from tests.world import World

NIGHT = "2027-03-12T23:30"  # in Berlin: 22:30 UTC
DUE, OVER = datetime(2027, 3, 12, 22, 30, tzinfo=UTC), datetime(2027, 3, 13, 6, tzinfo=UTC)
REMINDER = "select status, reason, wake_at from outbound_message where kind = 'reminder'"


async def remember(world: World, then: str = NIGHT) -> None:
    """A reminder, and quiet hours from ten to seven."""
    await world.execute("update tenant set quiet_from = '22:00', quiet_until = '07:00'")
    world.model.script = readings(reading("Call Bob", then))
    await world.email("Call Bob")
    await world.work()


async def at(world: World, moment: datetime) -> None:
    world.clock.now = moment
    await world.pass_time(seconds=0)


async def test_it_is_held_and_released(world: World) -> None:
    await remember(world)
    await at(world, DUE)
    assert await world.rows(REMINDER) == [("held", "quiet hours until 2027-03-13T06:00+00:00", OVER)]
    await at(world, OVER.replace(hour=5, minute=59))
    assert len(world.outside.sent) == 1
    await at(world, OVER)
    assert world.outside.texts[1:] == ["Reminder: Call Bob"]
    id = await world.one("select id from outbound_message where kind = 'reminder'")
    assert await world.moves(id) == ["queued", "held", "queued", "sending", "sent"]
    assert await world.rows("select status from task") == [("done",)]


async def test_an_answer_is_not_held(world: World) -> None:
    world.clock.now = DUE
    await remember(world, "2027-03-20T09:00")
    assert len(world.outside.sent) == 1


async def test_the_contacts_own_hours_and_zone_come_first(world: World) -> None:
    await remember(world)
    await world.execute("update contact set zone = 'America/New_York', quiet_from = '12:00', quiet_until = '18:00'")
    await at(world, DUE)  # 17:30 in New York
    assert await world.rows("select wake_at from outbound_message where status = 'held'") == [
        (datetime(2027, 3, 12, 23, tzinfo=UTC),)
    ]


async def test_who_wants_no_quiet_has_none(world: World) -> None:
    await remember(world)
    await world.execute("update contact set quiet_from = '00:00', quiet_until = '00:00'")
    await at(world, DUE)
    assert world.outside.texts[1:] == ["Reminder: Call Bob"]


async def test_what_is_held_holds_nobody_up(world: World) -> None:
    await remember(world)
    await at(world, DUE)
    world.model.script = readings(reading("Write Ann", "2027-03-20T09:00"))
    await world.email("Write Ann", id="msg-2")
    await world.work()
    assert len(world.outside.sent) == 2
    await at(world, OVER)
    assert world.outside.texts[2:] == ["Reminder: Call Bob"]


async def posted(world: World, *, expires_at: datetime) -> None:
    """The reminder is in the line, and of no use after a while, as that of an event is."""
    await take_due(world.runtime)
    await execute(world.runtime, await world.one("select id from task"))
    await world.execute("update outbound_message set expires_at = %(at)s where kind = 'reminder'", at=expires_at)


async def test_what_would_be_released_too_late_is_not_sent(world: World) -> None:
    await remember(world)
    world.clock.now = DUE
    await posted(world, expires_at=OVER.replace(hour=1))
    await world.work()
    await at(world, OVER)
    reason = "quiet hours last longer than it is of use"
    assert len(world.outside.sent) == 1
    assert [row[:2] for row in await world.rows(REMINDER)] == [("expired", reason)]
    assert await world.rows("select status, reason from task") == [("expired", reason)]


@pytest.mark.parametrize("ticking", [True, False])
async def test_what_could_not_be_sent_in_time_is_not_sent_later(world: World, ticking: bool) -> None:
    await remember(world, "2027-03-12T12:00")
    world.clock.now = datetime(2027, 3, 12, 11, tzinfo=UTC)
    await posted(world, expires_at=world.clock() + timedelta(hours=1))
    world.clock.advance(hours=1)
    await (world.tick() if ticking else world.work())
    await world.pass_time(seconds=1)
    assert len(world.outside.sent) == 1
    assert [row[:2] for row in await world.rows(REMINDER)] == [("expired", "it could not be sent in time")]
    assert await world.rows("select status from task") == [("expired",)]
