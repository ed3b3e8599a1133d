"""The time of an appointment: from what was said to an instant, and again when the rules of its zone change."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import tzdata

from concierge.bookings.model import When
from concierge.clock import instant_of, on_the_wall
from concierge.errors import Invalid


def agreed(start: datetime, end: datetime | None, zone: str) -> When:
    """The time of an appointment in `zone`. A time with an offset is an instant, one without is the clock of the place.

    A wall time that the clocks skip moves forward, of two equal ones the first is taken. Raises Invalid for an end
    that is not after the start.
    """
    starts_at = _instant(start, zone).replace(microsecond=0)
    ends_at = _instant(end, zone) if end is not None else None
    if ends_at is not None and ends_at <= starts_at:
        raise Invalid([("/ends_at", "must be after the start")])
    return When(starts_at, on_the_wall(starts_at, zone), zone, ends_at)


def _instant(said: datetime, zone: str) -> datetime:
    return instant_of(said, zone) if said.tzinfo is None else said.astimezone(UTC)


def again(when: When) -> When:
    """The same wall time by the rules of today. Which of two equal wall times was meant stays as it was."""
    both = [when.wall.replace(tzinfo=ZoneInfo(when.zone), fold=fold).astimezone(UTC) for fold in (0, 1)]
    starts_at = min(both, key=lambda each: abs(each - when.starts_at)) if both[0] < both[1] else both[0]
    if starts_at == when.starts_at:
        return when
    ends_at = when.ends_at + (starts_at - when.starts_at) if when.ends_at else None
    return When(starts_at, when.wall, when.zone, ends_at)


def is_zone(name: str) -> bool:
    """Whether it is the IANA name of a zone."""
    return name in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory", "posixrules"})


@cache
def rules() -> str:
    """The version of the time zone database that this process counts with, such as 2026a.

    zoneinfo takes the machine's files first, and only without them those of the package.
    """
    for folder in map(Path, TZPATH):
        if (folder / "tzdata.zi").is_file():
            with (folder / "tzdata.zi").open(encoding="utf-8") as file:
                return file.readline().removeprefix("# version ").strip()
        if (folder / "Europe").is_dir():
            return f"files of {(folder / 'Europe').stat().st_mtime:.0f}"
    version: str = tzdata.IANA_VERSION
    return version
