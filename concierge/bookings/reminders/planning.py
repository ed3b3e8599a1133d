"""When a booking is reminded of. Pure.

Intervals run on the UTC time line: two hours are two hours, also in the night when the clocks change. Quiet hours are
those of the clock at the place.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from concierge.bookings.policies.model import Rule
from concierge.clock import instant_of, on_the_wall
from concierge.outbox.quiet import release

MOST = 1_000  # reminders of one booking; more of them is a slip of the pen


def plan(rule: Rule, *, booked_at: datetime, starts_at: datetime, zone: str, after: datetime) -> list[datetime]:
    """The instants of the reminders, in order: after `after`, strictly before `starts_at`.

    Where there are more than `rule.most`, those nearest to the start stay.
    """
    found = {
        at
        for slot in _slots(rule, booked_at, starts_at)
        if (at := _loud(slot, rule, zone, after=after, starts_at=starts_at)) is not None
    }
    most = min(MOST, rule.most or MOST)
    return sorted(found)[-most:]


def _slots(rule: Rule, booked_at: datetime, starts_at: datetime) -> Iterator[datetime]:
    for before in rule.before:
        yield starts_at - before
    if rule.every is not None:
        last = (starts_at - booked_at - timedelta(microseconds=1)) // rule.every
        for k in range(max(1, last - MOST + 1), last + 1):
            yield booked_at + k * rule.every


def _loud(slot: datetime, rule: Rule, zone: str, *, after: datetime, starts_at: datetime) -> datetime | None:
    """The slot; in quiet hours their end, or the moment they begin where the end is too late. None: it has no place."""
    at, begin, end = slot, rule.quiet_from, rule.quiet_until
    if begin is not None and (until := release(slot, zone=zone, start=begin, end=end)) is not None:
        at = until if until < starts_at else _begin(slot, begin, zone)
    return at if after < at < starts_at and slot < starts_at else None


def _begin(slot: datetime, quiet_from: time, zone: str) -> datetime:
    """The last moment before the quiet hours that `slot` lies in."""
    wall = on_the_wall(slot, zone)
    day = wall.date() if wall.time() >= quiet_from else wall.date() - timedelta(days=1)
    return instant_of(datetime.combine(day, quiet_from), zone) - timedelta(seconds=1)
