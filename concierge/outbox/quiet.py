"""Quiet hours on a person's wall clock: until when something that can wait has to. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


def release(now: datetime, *, zone: str, start: time | None, end: time | None) -> datetime | None:
    """When quiet ends, if `now` lies within [start, end) on the clocks of `zone`; None outside, and without hours.

    The window may cross midnight; equal ends are no window. An end that a change of clocks skips is the moment it
    moves forward to; one that comes twice is the next of both.
    """
    if start is None or end is None or start == end:
        return None
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    if not _within(wall.time(), start, end):
        return None
    ends = datetime.combine(wall.date() if wall.time() < end else wall.date() + timedelta(days=1), end)
    first, second = (ends.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) for fold in (0, 1))
    return first if first > now else second


def _within(at: time, start: time, end: time) -> bool:
    return start <= at < end if start < end else at >= start or at < end
