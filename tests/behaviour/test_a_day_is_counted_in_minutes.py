"""Charts are drawn from minutes that were counted; counting twice, late or after a pause gives the same figures."""

from datetime import UTC, datetime, timedelta

from concierge.console.activity import AGAIN, AT_ONCE, FARTHEST, spans
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

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


def test_spans_meet_and_reach_the_present() -> None:
    for newest in (None, NOON, NOON - timedelta(hours=5), NOON - timedelta(days=30), NOON + timedelta(hours=1)):
        found = spans(newest, NOON)
        assert found[0][0] >= (NOON - FARTHEST).replace(second=0)
        assert found[0][0] <= NOON - AGAIN
        assert found[-1][1] > NOON
        assert all(until - start == AT_ONCE for start, until in found)
        assert all(found[n][1] == found[n + 1][0] for n in range(len(found) - 1))
