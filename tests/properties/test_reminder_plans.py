"""Whatever the policy, the zone and the time: a plan lies between now and the start, in order, and not at night."""

import zoneinfo
from datetime import UTC, datetime, time, timedelta
from itertools import count

from hypothesis import example, given
from hypothesis import strategies as st

from concierge.bookings.model import When
from concierge.bookings.policies.model import Rule
from concierge.bookings.reminders import planning
from concierge.bookings.reminders.planning import MOST, plan
from concierge.bookings.times import again, agreed
from concierge.clock import instant_of, on_the_wall
from concierge.outbox.quiet import release
from tests.makers import wall as at_wall

ZONES = st.sampled_from(sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})[::5])
WALLS = st.datetimes(at_wall("2026-01-01T00:00"), at_wall("2030-12-31T00:00"))
INSTANTS = WALLS.map(lambda each: each.replace(tzinfo=UTC, microsecond=0))
SPANS = st.timedeltas(timedelta(minutes=15), timedelta(days=10))
CLOCKS = st.times().map(lambda each: each.replace(microsecond=0))
DAY = datetime(2027, 3, 3, tzinfo=UTC)
QUIET = st.none() | st.tuples(CLOCKS, CLOCKS)


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    quiet = draw(QUIET)
    return Rule(
        every=draw(st.none() | SPANS),
        before=tuple(draw(st.lists(SPANS, max_size=4))),
        most=draw(st.none() | st.integers(1, 20)),
        quiet_from=quiet[0] if quiet else None,
        quiet_until=quiet[1] if quiet else None,
    )


@given(rule=rules(), booked=INSTANTS, ahead=st.timedeltas(timedelta(0), timedelta(days=60)), zone=ZONES)
def test_a_plan(rule, booked, ahead, zone):
    start = booked + ahead
    found = plan(rule, booked_at=booked, starts_at=start, zone=zone, after=booked)
    assert found == sorted(set(found))
    assert all(booked < at < start for at in found)
    assert len(found) <= min(rule.most or MOST, MOST)
    for at in found:
        assert release(at, zone=zone, start=rule.quiet_from, end=rule.quiet_until) is None


@given(booked=INSTANTS, minutes=st.integers(0, 60 * 24 * 20))
@example(booked=DAY, minutes=360)
def test_every_two_hours(booked, minutes):
    """k times two hours after booking, strictly before the start, also across changes of clocks."""
    rule, start, before = (
        Rule(every=timedelta(hours=2)),
        booked + timedelta(minutes=minutes),
        booked - timedelta(days=1),
    )
    found = plan(rule, booked_at=booked, starts_at=start, zone="Europe/Berlin", after=before)
    assert found == [booked + timedelta(hours=2 * k) for k in range(1, len(found) + 1)]
    assert len(found) == max(0, -(-minutes // 120) - 1)


@given(rule=rules(), booked=INSTANTS, ahead=SPANS, later=st.timedeltas(timedelta(0), timedelta(days=9)), zone=ZONES)
def test_planning_again_later_is_the_rest_of_the_plan(rule, booked, ahead, later, zone):
    start, now = booked + ahead, booked + later
    rule = Rule(every=rule.every, before=rule.before, quiet_from=rule.quiet_from, quiet_until=rule.quiet_until)
    whole = plan(rule, booked_at=booked, starts_at=start, zone=zone, after=booked)
    rest = plan(rule, booked_at=booked, starts_at=start, zone=zone, after=now)
    assert [at for at in rest if at in whole] == [at for at in whole if at > now]


@given(rule=rules(), booked=INSTANTS, ahead=SPANS, zone=ZONES)
@example(rule=Rule(every=timedelta(hours=1), most=2), booked=DAY, ahead=timedelta(hours=9), zone="UTC")
def test_a_cap_keeps_what_is_nearest(rule, booked, ahead, zone):
    start = booked + ahead
    free = Rule(every=rule.every, before=rule.before, quiet_from=rule.quiet_from, quiet_until=rule.quiet_until)
    whole = plan(free, booked_at=booked, starts_at=start, zone=zone, after=booked)
    assert plan(rule, booked_at=booked, starts_at=start, zone=zone, after=booked) == whole[-(rule.most or MOST) :]


def test_a_start_that_is_a_slip_of_the_pen_is_planned_at_once(monkeypatch):
    """Of eight thousand years of quarters of an hour only the last thousand are looked at."""
    start, often, last = datetime(9999, 12, 31, tzinfo=UTC), timedelta(minutes=15), timedelta(minutes=5)
    looked = count(1)

    def never_quiet(*_, **__):
        assert next(looked) <= MOST + MOST + 1  # in both plans

    def planned(*before: timedelta) -> list[datetime]:
        rule = Rule(every=often, before=before, quiet_from=time(22), quiet_until=time(8))
        return plan(rule, booked_at=DAY, starts_at=start, zone="UTC", after=DAY)

    monkeypatch.setattr(planning, "release", never_quiet)
    thousand = [start - k * often for k in range(MOST, 0, -1)]
    assert planned() == thousand
    assert planned(last) == [*thousand[1:], start - last]


@given(wall=WALLS, zone=ZONES)
def test_what_is_agreed_exists_and_stays(wall, zone):
    when = agreed(wall.replace(microsecond=0), None, zone)
    assert on_the_wall(when.starts_at, zone) == when.wall
    assert again(when) == when
    assert agreed(when.starts_at, None, zone) == when


@given(wall=WALLS, zone=ZONES, wrong=st.timedeltas(timedelta(hours=-1), timedelta(hours=1)))
def test_after_new_rules_the_wall_time_stays(wall, zone, wrong):
    """An instant that old rules gave is set right by the wall time, by no more than the clocks were moved."""
    right = agreed(wall.replace(microsecond=0), None, zone)
    told = again(When(right.starts_at + wrong, right.wall, zone, right.starts_at + wrong + timedelta(hours=1)))
    assert on_the_wall(told.starts_at, zone) == right.wall
    assert told.ends_at - told.starts_at == timedelta(hours=1)


def test_quiet_hours_move_a_reminder_to_their_end_or_before_their_begin():
    booked, zone = datetime(2027, 3, 1, tzinfo=UTC), "Europe/Berlin"

    def at(start: str, quiet_from: time = time(22), before: timedelta = timedelta(hours=2)) -> str:
        rule = Rule(before=(before,), quiet_from=quiet_from, quiet_until=time(8))
        starts_at = instant_of(at_wall(start), zone)
        (found,) = plan(rule, booked_at=booked, starts_at=starts_at, zone=zone, after=booked)
        assert found < starts_at
        return on_the_wall(found, zone).isoformat()

    assert at("2027-03-03T09:30") == "2027-03-03T08:00:00"
    assert at("2027-03-03T08:00") == at("2027-03-03T07:30") == "2027-03-02T21:59:59"
    assert at("2027-03-04T00:00") == "2027-03-03T21:59:59"
    assert at("2027-03-28T07:30") == "2027-03-27T21:59:59"
    # quiet begins at a moment that the clocks skip, and at one that comes twice
    assert at("2027-03-28T04:00", time(2, 30), timedelta(minutes=50)) == "2027-03-28T01:29:59"
    assert at("2027-10-31T02:50", time(2, 30), timedelta(minutes=15)) == "2027-10-31T02:29:59"
