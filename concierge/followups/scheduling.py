"""From a person's words about time to an instant. Pure: the model reads, the code counts."""

from datetime import MAXYEAR, MINYEAR, datetime, timedelta
from typing import Literal

from msgspec import Struct

from concierge.clock import instant_of, on_the_wall
from concierge.followups.recurring.rules import checked, following
from concierge.llm.purposes import Grain, When

PRECISE: frozenset[Grain] = frozenset({"second", "minute", "hour", "day_part", "day"})
FARTHEST = timedelta(days=3660)  # about ten years: beyond that it is a slip of the pen
CREDIBLE = timedelta(days=7)  # Meta redelivers for up to seven days; older dates are not the writer's clock
AHEAD = timedelta(minutes=5)
JUST_NOW = timedelta(minutes=1)  # "in ten seconds" may be over when it is read: then it is due at once, not past


class Due(Struct, frozen=True):
    """When a task fires: the instant, and the wall clock it stands for."""

    at: datetime  # UTC
    wall: datetime  # naive, in zone
    zone: str
    grain: Grain
    rule: str | None = None  # of one that comes again; this is its first time
    rule_from: datetime | None = None  # naive: where the rule starts, which may be a time that a gap moved


class Unclear(Struct, frozen=True):
    """Why one has to ask."""

    reason: Literal["no_time", "vague", "past", "too_far", "unsupported", "too_often"]


def reference(sent_at: datetime, received_at: datetime) -> datetime:
    """The instant that "tomorrow" in a message counts from: when it was written, if that date is credible.

    A date from the future or from long ago is a wrong clock or a replayed sample; then the arrival counts.
    """
    credible = received_at - CREDIBLE <= sent_at <= received_at + AHEAD
    return sent_at if credible else received_at


def resolve(when: When | None, *, zone: str, now: datetime) -> Due | Unclear:
    """When to act, or why one has to ask. The wall time of the result is one that exists.

    Of what comes again the first time that is still to come counts.
    """
    if when is None:
        return Unclear("no_time")
    wall = _wall(when)
    if wall is None or when.confidence == "low":
        return Unclear("vague")
    if when.repeats is not None:
        return _first(when.repeats, wall, when.grain, zone=zone, now=now)
    # the ends of the calendar: a zone would take them out of what a datetime can hold
    at = instant_of(wall, zone if MINYEAR < wall.year < MAXYEAR else "UTC")
    if at <= now - JUST_NOW:
        # "today", said after the hour that a day stands for, names no time that is left
        today = when.grain == "day" and wall.date() == on_the_wall(now, zone).date()
        return Unclear("vague" if today else "past")
    if at > now + FARTHEST:
        return Unclear("too_far")
    return Due(at=at, wall=on_the_wall(at, zone), zone=zone, grain=when.grain)


def _first(rule: str, wall: datetime, grain: Grain, *, zone: str, now: datetime) -> Due | Unclear:
    kept = checked(rule, wall)
    if kept is None:
        return Unclear("too_often")
    first = following(kept, wall, max(wall - timedelta(seconds=1), on_the_wall(now, zone)))
    if first is None:
        return Unclear("past")
    at = instant_of(first, zone)
    return Due(at=at, wall=on_the_wall(at, zone), zone=zone, grain=grain, rule=kept, rule_from=wall)


def _wall(when: When) -> datetime | None:
    """The wall time that was read; None where it is not exact enough, or not the date and time that was asked for."""
    if when.wall is None or when.grain not in PRECISE or len(when.wall) <= len("2027-03-12"):
        return None
    try:
        wall = datetime.fromisoformat(when.wall).replace(microsecond=0)
    except ValueError:
        return None
    return wall if wall.tzinfo is None else None
