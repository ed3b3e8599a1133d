"""Time is asked for at the doors only; below them `now` is an argument. And what a clock on a wall makes of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]
"""Gives the present instant, timezone-aware, in UTC."""


def system_clock() -> datetime:
    """The machine's clock."""
    return datetime.now(UTC)


def on_the_wall(instant: datetime, zone: str) -> datetime:
    """What a clock on the wall in `zone` shows; naive, to the second."""
    return instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)


def instant_of(wall: datetime, zone: str) -> datetime:
    """The instant of a wall time: a missing one moves forward by the gap, of two the first is taken."""
    return wall.replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)
