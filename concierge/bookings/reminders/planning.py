"""When a booking is reminded of. Pure.

Intervals run on the UTC time line: two hours are two hours, also in the night when the clocks change. Quiet hours are
those of the clock at the place.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from concierge.bookings.policies.model import Rule
from concierge.clock import on_the_wall
from concierge.outbox.quiet import release

MOST = 1_000  # reminders of one booking; more of them is a slip of the pen


def plan(rule: Rule, *, booked_at: datetime, starts_at: datetime, zone: str, after: datetime) -> list[datetime]:
    """The instants of the reminders, in order: after `after`, strictly before `starts_at`.

    Where there are more than `rule.most`, those nearest to the start stay.
    """
    slots = _slots(rule, booked_at, starts_at)
    found = {at for slot in slots if (at := _loud(slot, rule, zone, starts_at)) > after}
    return sorted(found)[-(rule.most or MOST) :]


def _slots(rule: Rule, booked_at: datetime, starts_at: datetime) -> Iterator[datetime]:
    """What the rule says, before the start; of an interval the last MOST, however far away the start is."""
    for before in rule.before:
        yield starts_at - before
    if rule.every is not None:
        last = (starts_at - booked_at - timedelta(microseconds=1)) // rule.every
        for k in range(max(1, last - MOST + 1), last + 1):
            yield booked_at + k * rule.every


def _loud(slot: datetime, rule: Rule, zone: str, starts_at: datetime) -> datetime:
    """The slot; in quiet hours their end, or the moment before they begin where the end is too late."""
    begin = rule.quiet_from
    if begin is None or (until := release(slot, zone=zone, start=begin, end=rule.quiet_until)) is None:
        return slot
    return until if until < starts_at else _begin(slot, begin, zone)


def _begin(slot: datetime, quiet_from: time, zone: str) -> datetime:
    """A moment before the quiet hours that `slot` lies in: the last one, or where the clocks skip it an earlier one."""
    wall = on_the_wall(slot, zone)
    day = wall.date() if wall.time() >= quiet_from else wall.date() - timedelta(days=1)
    begin = datetime.combine(day, quiet_from, ZoneInfo(zone))
    return min(begin.replace(fold=fold).astimezone(UTC) for fold in (0, 1)) - timedelta(seconds=1)
