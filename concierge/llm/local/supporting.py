"""Whether words bear out a time that was read from them, by whatever model."""

from datetime import datetime, timedelta

from concierge.llm.local.clauses import clause
from concierge.llm.local.parts import Clock, Day, DayPart, Moment, Part, Past, Shift, Unclear, Wide
from concierge.llm.local.repeating import repeats
from concierge.llm.local.spans import find_spans
from concierge.llm.local.when import reference
from concierge.llm.purposes import When

_CLOSE = timedelta(minutes=2)


def supports(when: When, *, now: datetime, zone: str) -> bool:
    """False where the quote names another day or time than `when.wall`. `now` is the writer's wall clock.

    Words this grammar does not know, other languages among them, say nothing against it.
    """
    one = clause(when.quote)
    at = reference(now, zone)
    spans = [span for span in find_spans(one.lower, at) if not span.describing]
    if when.wall is None or len(spans) != 1:
        return True
    parts = spans[0].parts
    if repeats(parts):
        parts = tuple(part for part in parts if isinstance(part, (Clock, DayPart)))
    if any(isinstance(part, (Shift, Unclear)) for part in parts):
        return True  # walked from there, or said too freely to be checked
    wall = datetime.fromisoformat(when.wall)
    return all(_holds(part, parts, wall) for part in parts)


def _holds(part: Part, parts: tuple[Part, ...], wall: datetime) -> bool:
    match part:
        case Day():
            return _is_day(part, parts, wall)
        case Clock():
            return _is_time(part, wall, within=any(isinstance(each, DayPart) for each in parts))
        case DayPart():
            return (wall.hour < 13) == (part.half == "am") or part.half == "night" or wall.hour == 12
        case Moment():
            return abs(part.at - wall) <= _CLOSE or part.grain == "day"
        case Wide():
            return any(isinstance(each, (Day, Clock)) for each in parts)
        case _:
            return not isinstance(part, Past)


def _is_day(day: Day, parts: tuple[Part, ...], wall: datetime) -> bool:
    if day.free == "week":
        return True
    if day.free == "weekday":
        return wall.weekday() == day.on.weekday()
    if day.free == "monthday":
        return wall.day == day.on.day
    zoned = any(isinstance(each, Clock) and each.zone for each in parts)
    return wall.date() == day.on or (zoned and abs(wall.date() - day.on) <= timedelta(days=1))


def _is_time(clock: Clock, wall: datetime, *, within: bool) -> bool:
    """`within`: a part of the day was named, which settles the hour (`7:30 in the evening`)."""
    if clock.zone is not None or clock.midnight:
        return True
    if clock.settled and not within:
        return (wall.hour, wall.minute) == (clock.hour, clock.minute or 0)
    return (wall.hour % 12, wall.minute) == (clock.hour % 12, clock.minute or 0)
