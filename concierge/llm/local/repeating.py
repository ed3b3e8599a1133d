"""The first time of what comes again, and its rule with its end."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from dateutil.rrule import rrulestr
from msgspec.structs import replace

from concierge.llm.local.parts import Clock, Day, DayPart, Half, Later, Limit, Part, Reference, Repeat, Till
from concierge.llm.local.resolving import ASK, Resolved, meet
from concierge.llm.purposes import Grain

_MOMENT = timedelta(seconds=1)
_FARTHEST = timedelta(days=3660)
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PARTS: dict[str, DayPart] = {
    "morning": DayPart(9, 0, "am"),
    "afternoon": DayPart(14, 0, "pm"),
    "evening": DayPart(18, 0, "pm"),
    "night": DayPart(21, 0, "night"),
}


def repeats(parts: Sequence[Part]) -> bool:
    """Whether the parts speak of what comes again."""
    return any(isinstance(part, Repeat) for part in parts)


def again(parts: Sequence[Part], reference: Reference, half: Half | None) -> Resolved:
    """At the time of day the parts name, from the day they name on, until the one they name."""
    limits = [part for part in parts if isinstance(part, Limit)]
    limits += [Limit(last=part.last) for part in parts if isinstance(part, Later) and part.last]
    body, end = _cut([part for part in parts if not isinstance(part, (Limit, Later))])
    (repeat, *more), rest = [p for p in body if isinstance(p, Repeat)], [p for p in body if not isinstance(p, Repeat)]
    last = meet(end, reference, None) if end else None
    if more or len(limits) > 1 or (end and (last is None or last.wall is None)):
        return ASK
    if any(not isinstance(part, (Day, Clock, DayPart)) for part in rest):  # also a stretch: `mondays, july 1 - 8`
        return ASK
    found = _starting(repeat, rest, reference, half)
    limit = limits[0] if limits else Limit(last=last.wall.date() if last and last.wall else None)
    if found.wall is None or (limit.last and limit.last < found.wall.date()):
        return found if found.wall is None else ASK
    return replace(found, repeats=f"{found.repeats}{_ending(limit)}")


def _cut(parts: list[Part]) -> tuple[list[Part], list[Part]]:
    """What comes before and what comes after the first "until"."""
    at = next((n for n, part in enumerate(parts) if isinstance(part, Till)), len(parts))
    return parts[:at], [part for part in parts[at:] if not isinstance(part, Till)]


def _ending(limit: Limit) -> str:
    if limit.count:
        return f";COUNT={limit.count}"
    return f";UNTIL={limit.last:%Y%m%d}T235959" if limit.last else ""


def _starting(repeat: Repeat, rest: Sequence[Part], reference: Reference, half: Half | None) -> Resolved:
    start = next((part.on for part in rest if isinstance(part, Day)), reference.today)
    times: list[Part] = [part for part in rest if not isinstance(part, Day)]
    if repeat.daypart:
        times.append(_PARTS[repeat.daypart])
    if repeat.rule.startswith("FREQ=HOURLY") and not times:
        wall = reference.now.replace(second=0, microsecond=0)
        return _first(repeat.rule, wall, wall, "hour")
    on_start = replace(reference, now=datetime.combine(start, time()) - _MOMENT)
    at = meet([Day(start), *times], on_start, half)
    if at is None or at.wall is None:
        return at or ASK
    return _first(repeat.rule, at.wall, reference.now if start <= reference.today else at.wall - _MOMENT, at.grain)


def _first(rule: str, start: datetime, after: datetime, grain: Grain) -> Resolved:
    """A named day is the coming one, also of `every other tuesday`; `every 2 weeks` is two weeks from now."""
    if "BY" not in rule and rule.startswith("FREQ=WEEKLY"):
        rule += f";BYDAY={_CODES[start.weekday()]}"
        soonest = rule
    else:
        soonest = ";".join(each for each in rule.split(";") if not ("BY" in rule and each.startswith("INTERVAL")))
    wall = rrulestr(f"{soonest};UNTIL={after + _FARTHEST:%Y%m%dT%H%M%S}", dtstart=start).after(after)
    return Resolved(wall, grain, rule) if wall else ASK
