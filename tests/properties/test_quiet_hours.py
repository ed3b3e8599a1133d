"""Quiet hours follow the wall clock of the person, on the nights when clocks change too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from concierge.outbox.quiet import release
from tests.each import each

ZONES = st.sampled_from(
    (
        *("UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"),
        *("Pacific/Apia", "Africa/Casablanca", "America/Santiago", "Pacific/Chatham"),
    )
)
TIMES = st.times().map(lambda at: at.replace(microsecond=0))
MOMENTS = st.integers(1_770_000_000, 1_860_000_000).map(lambda at: datetime.fromtimestamp(at, UTC))


def quiet(at: datetime, zone: str, start: time, end: time) -> bool:
    wall = at.astimezone(ZoneInfo(zone)).time()
    return start <= wall < end if start < end else wall >= start or wall < end


@given(now=MOMENTS, zone=ZONES, start=TIMES, end=TIMES)
@example(now=datetime(2027, 3, 3, 1, tzinfo=UTC), zone="UTC", start=time(1), end=time(7))
@example(now=datetime(2027, 3, 3, 7, tzinfo=UTC), zone="UTC", start=time(1), end=time(7))
def test_held_exactly_in_quiet_hours_and_released_after_them(now: datetime, zone: str, start: time, end: time) -> None:
    until = release(now, zone=zone, start=start, end=end)
    assert (until is not None) == (start != end and quiet(now, zone, start, end))
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        assert not quiet(until, zone, start, end)


NIGHTS = st.sampled_from(
    [
        ("Europe/Berlin", datetime(2027, 3, 27, 22, tzinfo=UTC)),
        ("Europe/Berlin", datetime(2027, 10, 30, 22, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 3, 14, 4, tzinfo=UTC)),
        ("America/New_York", datetime(2027, 11, 7, 3, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 13, tzinfo=UTC)),
    ]
)


@given(night=NIGHTS, minutes=st.integers(0, 600), start=TIMES, end=TIMES)
def test_on_a_night_when_clocks_change(night: tuple[str, datetime], minutes: int, start: time, end: time) -> None:
    zone, evening = night
    now = evening + timedelta(minutes=minutes)
    until = release(now, zone=zone, start=start, end=end)
    if until is not None:
        assert now < until
        assert not quiet(until, zone, start, end)


@each(
    ("now", "until"),
    [
        ("2027-03-03T21:30+00:00", "2027-03-04T06:00+00:00"),  # 22:30 in Berlin, until 07:00
        ("2027-03-03T05:59+00:00", "2027-03-03T06:00+00:00"),
        ("2027-03-03T06:00+00:00", None),
        ("2027-03-03T20:59+00:00", None),
        ("2027-03-03T21:00+00:00", "2027-03-04T06:00+00:00"),
        ("2027-03-27T21:30+00:00", "2027-03-28T05:00+00:00"),  # an hour shorter that night
        ("2027-10-30T20:30+00:00", "2027-10-31T06:00+00:00"),  # an hour longer
    ],
)
def test_nights_in_berlin(now: str, until: str | None) -> None:
    found = release(datetime.fromisoformat(now), zone="Europe/Berlin", start=time(22), end=time(7))
    assert found == (datetime.fromisoformat(until) if until else None)


@each(
    ("now", "until"),
    [
        ("2027-03-28T00:00+00:00", "2027-03-28T01:30+00:00"),  # there is no 02:30 that night: 03:30
        ("2027-10-31T00:00+00:00", "2027-10-31T00:30+00:00"),  # there are two
        ("2027-10-31T00:30+00:00", None),
        ("2027-10-31T01:00+00:00", "2027-10-31T01:30+00:00"),
    ],
)
def test_an_end_that_is_skipped_or_comes_twice(now: str, until: str | None) -> None:
    found = release(datetime.fromisoformat(now), zone="Europe/Berlin", start=time(22), end=time(2, 30))
    assert found == (datetime.fromisoformat(until) if until else None)


def test_without_hours_nothing_is_quiet() -> None:
    now = datetime(2027, 3, 3, 3, tzinfo=UTC)
    assert release(now, zone="UTC", start=None, end=None) is None
    assert release(now, zone="UTC", start=time(0), end=time(0)) is None
    assert release(now, zone="UTC", start=time(0), end=None) is None
    assert release(now, zone="UTC", start=None, end=time(7)) is None
