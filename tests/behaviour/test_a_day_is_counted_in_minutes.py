"""Charts are drawn from minutes that were counted; counting twice, late or after a pause gives the same figures."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import LiteralString

import pytest

from concierge.admin.retrying import retry_message
from concierge.console import activity
from concierge.console.activity import AGAIN, FARTHEST, uncounted
from concierge.console.day import QUARTER, last_day
from concierge.errors import Refused
from concierge.postgres.query import Conn
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

TOTALS = """
    select (select count(*) from inbound_message where received_at >= %(start)s),
           (select count(*) from outbound_message
            where status in ('sent', 'delivered', 'read') and created_at >= %(start)s),
           (select count(*) from model_call where created_at >= %(start)s)
"""
NOON = datetime(2027, 3, 3, 12, 0, 30, tzinfo=UTC)
COUNTED = "select sum(received)::int, sum(made)::int, sum(sent)::int, sum(failed)::int from activity_minute"


async def test_a_minute_is_counted_anew_until_its_messages_have_ended(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.run_tick("console.count")
    assert await world.rows(COUNTED) == [(1, 0, 0, 0)]
    await world.work()
    for _ in range(2):
        await world.run_tick("console.count")
        assert await world.rows(COUNTED) == [(1, 1, 1, 0)]
    assert await world.rows("select provider, asked, unanswered from model_minute") == [("local", 1, 0)]
    world.clock.advance(hours=5)  # nobody counts meanwhile
    await world.email("Call Alice", id="msg-2")
    await world.work()
    world.clock.advance(hours=3)
    await world.run_tick("console.count")
    assert await world.rows(COUNTED) == [(2, 2, 2, 0)]
    assert await world.one("select count(distinct minute) from activity_minute") == 2
    world.clock.advance(days=9)
    await world.run_tick("console.count")
    assert await world.one("select count(*) from activity_minute") == 0


async def test_what_became_of_a_message_later_is_counted_too(world: World) -> None:
    world.outside.outcomes = [Refused("no such mailbox")]
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    await world.run_tick("console.count")
    assert await world.rows(COUNTED) == [(1, 1, 0, 1)]
    world.clock.advance(hours=6)
    tenant, message = (await world.rows("select tenant_id, id from outbound_message"))[0]
    async with world.runtime.begin() as conn:
        await retry_message(conn, message, tenant_id=tenant, by="x", now=world.clock())
    await world.work()
    for _ in range(25):
        world.clock.advance(minutes=1)
        await world.run_tick("console.count")
    assert await world.rows(COUNTED) == [(1, 1, 1, 0)]


async def test_a_day_is_right_before_and_between_ticks(world: World) -> None:
    world.model.script = readings(*[reading("Call Bob", SOON)] * 4)
    for n in range(4):
        await world.email("Call Bob", id=f"msg-{n}")
        await world.whatsapp("Hello", id=f"wamid.{n}")
        await world.work()
        await _is_right(world)
        if n % 2:
            await world.run_tick("console.count")
            await _is_right(world)
        world.clock.advance(minutes=7)
    world.clock.advance(hours=23)
    await _is_right(world)


async def _is_right(world: World) -> None:
    """The figures of the overview are those of the tables."""
    now = world.clock()
    async with world.runtime.connection() as conn:
        day = await last_day(conn, tenant_id=await world.one("select id from tenant"), now=now)
    start = day.bars[0].at
    assert day.bars[-1].at <= now < day.bars[-1].at + timedelta(minutes=15)
    assert len(day.bars) == 96
    assert {each.at: each.received for each in day.bars if each.received} == await _by_quarter(
        world, "received_at from inbound_message where received_at >= %(start)s", start
    )
    assert {each.at: each.made for each in day.bars if each.made} == await _by_quarter(
        world, "created_at from outbound_message where created_at >= %(start)s", start
    )
    ((received, sent, asked),) = await world.rows(TOTALS, start=start)
    assert sum(each.received for each in day.channels) == received
    assert sum(each.sent for each in day.channels) == sent
    assert sum(each.asked for each in day.models) == asked


async def _by_quarter(world: World, rows: LiteralString, start: datetime) -> dict[datetime, int]:
    found = await world.rows("select " + rows, start=start)
    return dict(Counter(start + (at - start) // QUARTER * QUARTER for (at,) in found))


def test_what_is_counted_anew() -> None:
    assert uncounted(None, NOON) == NOON - FARTHEST
    assert uncounted(NOON - timedelta(days=30), NOON) == NOON - FARTHEST
    assert uncounted(NOON - timedelta(hours=5), NOON) == NOON - timedelta(hours=5) - AGAIN
    assert uncounted(NOON + timedelta(hours=1), NOON) == NOON - AGAIN


async def test_hours_in_which_nothing_happened_are_passed_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[datetime] = []

    async def watched(conn: Conn, *, start: datetime, until: datetime) -> None:
        counted.append(start)
        await count_messages(conn, start=start, until=until)

    count_messages = activity.store.count_messages
    monkeypatch.setattr(activity.store, "count_messages", watched)
    wrote = []
    for n in range(3):
        await world.email("Hello", id=f"msg-{n}")
        wrote.append(world.clock().replace(second=0))
        world.clock.advance(hours=15)
    for _ in range(2):  # what was counted is the newest now, and looked at again
        await world.run_tick("console.count")
    assert counted == [*wrote, wrote[-1]]
    assert await world.rows("select minute, received from activity_minute order by 1") == [(each, 1) for each in wrote]
