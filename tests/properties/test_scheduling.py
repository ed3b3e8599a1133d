"""Whatever is said in whatever zone: what is kept is a time that exists, is not past, and reads back as itself."""

import zoneinfo
from datetime import UTC, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from concierge.clock import instant_of, on_the_wall
from concierge.followups.scheduling import (
    AHEAD,
    CREDIBLE,
    FARTHEST,
    JUST_NOW,
    PRECISE,
    Due,
    Unclear,
    reference,
    resolve,
)
from concierge.llm.purposes import When
from tests.makers import wall as at_wall

ZONES = st.sampled_from(sorted(zoneinfo.available_timezones() - {"localtime", "Factory"})[::7])
WALLS = st.datetimes(at_wall("2026-01-01T00:00"), at_wall("2036-12-31T00:00"))
NOWS = st.datetimes(at_wall("2026-01-01T00:00"), at_wall("2036-12-31T00:00"), timezones=st.just(UTC))
GRAINS = st.sampled_from(sorted(PRECISE))


def exists(wall: datetime, zone: str) -> bool:
    """Whether a clock in the zone ever shows this."""
    return on_the_wall(instant_of(wall, zone), zone) == wall.replace(microsecond=0)


@given(wall=WALLS, zone=ZONES, now=NOWS, grain=GRAINS)
def test_what_is_kept_exists_is_not_past_and_reads_back(wall, zone, now, grain):
    due = resolve(When(wall.isoformat(), grain, "then"), zone=zone, now=now)
    assume(isinstance(due, Due))
    assert now - JUST_NOW < due.at <= now + FARTHEST
    assert exists(due.wall, zone)
    assert instant_of(due.wall, zone) == due.at
    assert on_the_wall(due.at, zone) == due.wall


@given(wall=WALLS, zone=ZONES)
def test_only_a_time_in_a_gap_is_moved_and_only_forward(wall, zone):
    wall = wall.replace(microsecond=0)
    due = resolve(When(wall.isoformat(), "second", "then"), zone=zone, now=datetime(2025, 12, 1, tzinfo=UTC))
    assume(isinstance(due, Due))
    assert (due.wall == wall) if exists(wall, zone) else (timedelta(0) < due.wall - wall <= timedelta(days=1))


def test_every_gap_and_overlap_of_two_years():
    """Walks over each change of clocks, which random times rarely hit."""
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata"):
        info, at, before = zoneinfo.ZoneInfo(zone), datetime(2026, 1, 1, tzinfo=UTC), None
        while at.year < 2028:
            after = (at + timedelta(hours=1)).astimezone(info).utcoffset()
            if before not in {None, after}:
                for minutes in range(-90, 91, 30):
                    wall = on_the_wall(at, zone) + timedelta(minutes=minutes)
                    instant = instant_of(wall, zone)
                    assert on_the_wall(instant, zone) >= wall
                    assert exists(on_the_wall(instant, zone), zone)
                    earlier = instant - abs(after - before)
                    assert on_the_wall(earlier, zone) != wall, "an overlap takes the first"
            at, before = at + timedelta(hours=1), after


@given(text=st.text(max_size=30) | st.datetimes().map(str), zone=ZONES, now=NOWS, grain=GRAINS)
def test_nonsense_is_asked_about_and_never_raises(text, zone, now, grain):
    due = resolve(When(text, grain, "then"), zone=zone, now=now)
    assert isinstance(due, Unclear) or now - JUST_NOW < due.at <= now + FARTHEST


@given(sent=st.datetimes(timezones=st.just(UTC)), received=NOWS)
def test_a_message_is_never_read_as_of_an_incredible_time(sent, received):
    at = reference(sent, received)
    assert at in (sent, received)
    assert received - CREDIBLE <= at <= received + AHEAD
