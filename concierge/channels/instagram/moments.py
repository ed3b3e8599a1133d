"""When something happened, as Instagram writes it."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECONDS = 100_000_000_000  # below this a number counts seconds (until the year 5138), from here on milliseconds


def instant(time: str | float, now: datetime) -> datetime:
    """The instant of unix milliseconds (tests from Meta's dashboard: seconds); `now` where they make no sense."""
    try:
        number = int(time)
        return EPOCH + (timedelta(seconds=number) if abs(number) < SECONDS else timedelta(milliseconds=number))
    except (ValueError, OverflowError):
        return now
