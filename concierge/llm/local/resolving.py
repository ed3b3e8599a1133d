"""Neighbouring pieces become one time, or a reason to ask.

The first of these that fits wins: a piece that is gone makes all of it gone; one that is unclear makes it unclear; a
distance is walked from what the rest says; a day and a time of day meet. Days without a time are at 09:00.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from msgspec import Struct

from concierge.llm.local.parts import (
    Clock,
    Day,
    DayPart,
    Half,
    Later,
    Moment,
    Part,
    Past,
    Reference,
    Shift,
    Unclear,
    Wide,
)
from concierge.llm.purposes import Grain

MORNING = time(9)
"""When a day without a time is meant."""


class Resolved(Struct, frozen=True):
    """`wall` is None where one has to ask."""

    wall: datetime | None
    grain: Grain
    repeats: str | None = None  # RRULE, of which `wall` is the first time


_DISTANT = 70
"""Days ahead in which a weekday with a number (`friday the 13th`) is looked for; else one of the two is wrong."""
ASK = Resolved(None, "vague")


def resolve(parts: Sequence[Part], reference: Reference, half: Half | None = None) -> Resolved | None:
    """None: gone. `half` settles a bare hour that nothing closer settles (`dinner at 7`)."""
    parts = [part for part in parts if not isinstance(part, Later)]
    if any(isinstance(part, Past) for part in parts):
        return None
    if any(isinstance(part, Unclear) for part in parts):
        return ASK
    if any(isinstance(part, Shift) for part in parts):
        return _walk(parts, reference, half)
    if any(isinstance(part, Moment) for part in parts):
        return _moment(parts)
    return meet(parts, reference, half)


def _moment(parts: Sequence[Part]) -> Resolved:
    """A finished time, which may repeat its day (`today in one hour`)."""
    moments = {part for part in parts if isinstance(part, Moment)}
    days = {part.on for part in parts if isinstance(part, Day)}
    alone = next(iter(moments))
    told = len(moments) == 1 and all(isinstance(part, (Moment, Day)) for part in parts)
    return Resolved(alone.at, alone.grain) if told and days <= {alone.at.date()} else ASK


def _walk(parts: Sequence[Part], reference: Reference, half: Half | None) -> Resolved | None:
    shift, *rest = parts
    if not isinstance(shift, Shift) or not rest or any(isinstance(part, Shift) for part in rest):
        return ASK
    base = resolve(rest, reference, half)
    if base is None or base.wall is None:
        return base or ASK
    if base.grain in {"day", "day_part"} and shift.grain not in {"day", "day_part"}:
        return ASK  # an hour before Friday
    return Resolved(shift.move(base.wall), base.grain if shift.grain == "day" else shift.grain)


def meet(parts: Sequence[Part], reference: Reference, half: Half | None) -> Resolved | None:
    """A day, a time of day, or both; a stretch of days where neither is named."""
    wides = [part for part in parts if isinstance(part, Wide) and part.grain != "vague"]
    days = [part for part in parts if isinstance(part, Day)]
    if any(wide.grain == "week" and wide.start is None for wide in wides):
        return Resolved(None, "week")  # the week of March 3
    if wides and not days:
        return Resolved(None, wides[0].grain)
    day = _one_day(days, wides, reference)
    return ASK if days and day is None else _at_time(parts, day, reference, half)


def _at_time(parts: Sequence[Part], day: date | None, reference: Reference, half: Half | None) -> Resolved | None:
    clocks = {part for part in parts if isinstance(part, Clock)}
    dayparts = [part for part in parts if isinstance(part, DayPart)]
    if len(clocks) > 1 or len({part.half for part in dayparts}) > 1:
        clocks = {clock for clock in clocks if clock.settled}
        if len(clocks) != 1 or dayparts:
            return ASK
    if clocks:
        return _at_clock(next(iter(clocks)), dayparts, day, reference, half)
    if dayparts:
        return _in_part(dayparts, day, reference)
    return Resolved(datetime.combine(day, MORNING), "day") if day else ASK


def _one_day(days: list[Day], wides: list[Wide], reference: Reference) -> date | None:
    weekdays = {day.on.weekday() for day in days if day.free == "weekday"}
    numbers = {day.on.day for day in days if day.free == "monthday"}
    weeks = {day.on for day in days if day.free == "week"} | {
        wide.start for wide in wides if wide.grain in {"week", "weekend"} and wide.start
    }
    fixed = {day.on for day in days if day.free is None}
    if not fixed and len(weekdays) <= 1 and len(numbers) <= 1:
        return _free_day(days, wides, weeks, reference)
    years = {wide.start.year for wide in wides if wide.grain == "year" and wide.start}
    if any(day.year not in years for day in fixed) and years:
        return None
    agree = all(day.weekday() in (weekdays or {day.weekday()}) and day.day in (numbers or {day.day}) for day in fixed)
    return next(iter(fixed)) if len(fixed) == 1 and agree and not weeks else None


def _free_day(days: list[Day], wides: list[Wide], weeks: set[date], reference: Reference) -> date | None:
    """A weekday, a day of the month or both, in the week or month that is spoken of."""
    months = [wide.start for wide in wides if wide.grain == "month" and wide.start]
    weekday = next((day.on for day in days if day.free == "weekday"), None)
    number = next((day.on for day in days if day.free == "monthday"), None)
    if any(wide.grain not in {"week", "weekend", "month"} for wide in wides) or len(weeks) + len(months) > 1:
        return None
    if weekday and number:
        candidates = (reference.today + timedelta(days=n) for n in range(_DISTANT))
        return next((day for day in candidates if (day.weekday(), day.day) == (weekday.weekday(), number.day)), None)
    if months:
        return months[0].replace(day=number.day) if number else None
    if weeks:
        inside = next(iter(weeks))
        if weekday is None:
            return inside if not number else None
        found = inside - timedelta(days=inside.weekday()) + timedelta(days=weekday.weekday())
        return found if found >= reference.today else None
    return weekday or number


def _at_clock(
    clock: Clock, dayparts: list[DayPart], day: date | None, reference: Reference, half: Half | None
) -> Resolved | None:
    grain: Grain = "second" if clock.second is not None else "minute" if clock.minute is not None else "hour"
    if clock.midnight:
        return _midnight(dayparts, day, reference, grain)
    at = time(clock.hour, clock.minute or 0, clock.second or 0)
    if dayparts:
        hour = _hour_in(clock, dayparts[0])
        if hour is None:
            return ASK
        at = at.replace(hour=hour % 24)
        base = day or (reference.today if dayparts[0].today or hour > 23 else _today_or_tomorrow(at, reference))
        return Resolved(datetime.combine(base + timedelta(days=hour // 24), at), grain)
    if not clock.settled:
        settled = _settle(at, day, reference, half)
        if settled is None:
            return Resolved(None, grain)
        at = settled
    if clock.zone:
        return Resolved(_from_zone(clock, at, day, reference), grain)
    return Resolved(datetime.combine(day or _today_or_tomorrow(at, reference), at), grain)


def _midnight(dayparts: list[DayPart], day: date | None, reference: Reference, grain: Grain) -> Resolved:
    """Tonight's midnight begins tomorrow; which end of another day is meant, one has to ask."""
    if day is not None and day != reference.today:
        return Resolved(None, grain)
    if any(part.half == "am" for part in dayparts):
        return ASK
    return Resolved(datetime.combine(reference.today + timedelta(days=1), time()), grain)


def _hour_in(clock: Clock, part: DayPart) -> int | None:
    """The clock's hour in a part of the day; 24 and up is the day after. None: it cannot be, or nobody would say so."""
    hour, half = clock.hour, part.half
    late = (half == "night" and part.today and hour < 5) or (half == "pm" and part.hour > 14 and hour == 12)
    if late and not clock.settled:
        return None  # tonight at 2, this evening at 12
    if clock.settled and not (1 <= hour <= 12 and clock.minute is not None and hour >= 7):
        fits = hour < 12 if half == "am" else hour >= 12 if half == "pm" else hour >= 17 or hour < 5
        return hour + (24 if half == "night" and hour < 5 else 0) if fits else None
    if half == "am":
        return hour % 12 if hour != 12 else None
    if half == "pm":
        return hour % 12 + 12
    return hour % 12 + 12 if 5 <= hour <= 11 else hour % 12 + 24


def _settle(at: time, day: date | None, reference: Reference, half: Half | None) -> time | None:
    """am or pm, where the hour could be either: what is still to come today, within waking hours and not far off."""
    early, late = at.replace(hour=at.hour % 12), at.replace(hour=at.hour % 12 + 12)
    if half:
        return early if half == "am" else late
    now = reference.now
    if day == now.date():
        ahead = [option for option in (early, late) if option > now.time()]
        return ahead[0] if len(ahead) == 1 else None
    if day is not None:
        return None
    ahead = [option for option in (early, late) if datetime.combine(now.date(), option) > now]
    soon = ahead and datetime.combine(now.date(), ahead[0]) - now <= timedelta(hours=8)
    return ahead[0] if soon and 7 <= ahead[0].hour <= 22 else None


def _today_or_tomorrow(at: time, reference: Reference) -> date:
    return reference.today + timedelta(days=int(at <= reference.now.time()))


def _from_zone(clock: Clock, at: time, day: date | None, reference: Reference) -> datetime:
    """A time in another zone, on the contact's clock."""
    now = reference.now.replace(tzinfo=reference.zone)
    there = now.astimezone(clock.zone)
    named = datetime.combine(day or there.date(), at, clock.zone)
    if day is None and named <= there:
        named += timedelta(days=1)
    return named.astimezone(reference.zone).replace(tzinfo=None)


def _in_part(dayparts: list[DayPart], day: date | None, reference: Reference) -> Resolved | None:
    part = max(dayparts, key=lambda each: each.today)
    at = time(part.hour, part.minute)
    if day is None and part.today:
        gone = part.half == "am" and reference.now.hour >= 12
        return None if gone else Resolved(datetime.combine(reference.today, at), "day_part")
    return Resolved(datetime.combine(day or _today_or_tomorrow(at, reference), at), "day_part")
