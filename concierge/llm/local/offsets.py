"""`in 20 minutes`, `a fortnight from now`, `two days after …`, `3 weeks ago`.

Hours, minutes and seconds run on the UTC time line, so `in 3 hours` is three hours also on the night the clocks
change; days and longer run on the wall clock and name a day.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from concierge.llm.local.parts import Day, Later, Moment, Part, Past, Reference, Shift, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import CARDINAL, NUMBER, number
from concierge.llm.patterns import regex
from concierge.llm.purposes import Grain

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_GRAINS: dict[str, Grain] = {"s": "second", "m": "minute", "h": "minute"}  # "in 2 hours" said at 10:07 is 12:07
_UNIT = (
    r"(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|(?:business|working|work) days?|weekdays?|days?|weeks?|wks?|"
    r"fortnights?|"
    r"months?|quarters?|years?|yrs?)"
)
_LETTER = r"\d{1,3} ?(?:h|m|s|d|w)\b"  # 2h, 90m, 3d
_ONE = (
    rf"(?:half an? (?:hour|minute|day)|half a year|half[ -]hour|(?:a )?quarter(?: of an)?[ -]hour|"
    rf"three[ -]quarters of an hour|(?:1/4|1/2|3/4) ?(?:of an )?(?:h|hours?|hrs?)\b|"
    rf"{NUMBER}(?: and an? half| 1/2| and 1/2| more)?[ -]?{_UNIT}(?: and a half)?|{_LETTER}|"
    rf"\d{{1,2}} ?h ?\d{{2}}(?: ?m(?:ins?)?)?)"
)
DURATION = rf"(?:{_ONE}(?:(?: and |, and |, | ?){_ONE}){{0,2}})"
_PIECE = regex(
    rf"(?P<half>half an? |half )?(?P<quarter>(?:a )?quarter(?: of an)?[ -](?=hour)|three[ -]quarters of an )?"
    rf"(?:(?P<part>[13])/(?P<of>[24]) ?(?:of an )?|(?P<n>{NUMBER})(?:(?P<more> and an? half| 1/2| and 1/2)| "
    rf"more)?[ -]?)?"
    rf"(?P<unit>{_UNIT}|(?:(?<=\d)|(?<=\d ))[hmsdw]\b)(?P<after> and a half)?"
)

_RUN_TOGETHER = regex(r"(\d) ?h ?(\d\d)(?: ?m(?:ins?)?)?$")

Amount = dict[str, float]
"""How much of each unit: s, m, h, d, bd (business days), w, mo, y."""


def _unit(word: str) -> str:
    if len(word) == 1:
        return word
    if word.startswith("mo"):
        return "mo"
    if word.startswith(("b", "work", "weekd")):
        return "bd"
    return word[0]


def amount(text: str) -> Amount:
    """Add up what a text that matched `DURATION` names."""
    total: Amount = {}
    for piece in _PIECE.finditer(_RUN_TOGETHER.sub(r"\1h \2m", text)):
        n = number(piece["n"]) if piece["n"] else 1.0
        if piece["half"]:
            n = 0.5
        if piece["part"]:
            n = int(piece["part"]) / int(piece["of"])
        if piece["quarter"]:
            n = 0.75 if piece["quarter"].startswith("three") else 0.25
        if piece["more"] or piece["after"]:
            n += 0.5
        unit = _unit(piece["unit"])
        if unit == "f":
            unit, n = "w", n * 2
        if unit == "q":
            unit, n = "mo", n * 3
        total[unit] = total.get(unit, 0) + n
    return _whole(total)


def _whole(total: Amount) -> Amount:
    """Halves of long units become whole shorter ones: half a year is six months, half a day twelve hours."""
    for unit, smaller, factor in (("y", "mo", 12), ("w", "d", 7), ("d", "h", 24)):
        n = total.get(unit, 0)
        if n % 1 and not (unit == "w" and n * 7 % 1):
            total[unit] = n // 1
            total[smaller] = total.get(smaller, 0) + (n % 1) * factor
    if any(total.get(unit, 0) % 1 for unit in ("w", "mo", "bd", "y")):
        raise ValueError(total)
    return {unit: n for unit, n in total.items() if n}


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last one."""
    year, index = divmod(day.year * 12 + day.month - 1 + months, 12)
    return day.replace(year=year, month=index + 1, day=min(day.day, monthrange(year, index + 1)[1]))


def _business(day: date, count: int) -> date:
    step = timedelta(days=1 if count > 0 else -1)
    for _ in range(min(abs(count), 1000)):
        day += step
        while day.weekday() > 4:
            day += step
    return day


def on_the_calendar(day: date, total: Amount, sign: int = 1) -> date:
    """Days and longer, added to a day."""
    months = int(total.get("mo", 0) + 12 * total.get("y", 0))
    day = add_months(day, sign * months)
    day += timedelta(days=sign * (total.get("d", 0) + 7 * total.get("w", 0)))
    return _business(day, sign * int(total.get("bd", 0)))


def elapse(at: datetime, total: Amount, reference: Reference, sign: int = 1) -> datetime:
    """Hours and shorter, added to a wall time through UTC."""
    seconds = sum(n * _SECONDS[unit] for unit, n in total.items() if unit in _SECONDS)
    instant = at.replace(tzinfo=reference.zone).astimezone(UTC) + timedelta(seconds=sign * seconds)
    return instant.astimezone(reference.zone).replace(tzinfo=None)


def _short(total: Amount) -> bool:
    return any(unit in _SECONDS for unit in total)


def _grain(total: Amount) -> Grain:
    shortest = next((unit for unit in "smh" if unit in total), None)
    return _GRAINS[shortest] if shortest else "day"


def _ahead(match: re.Match[str], reference: Reference) -> Part | None:
    total = amount(match["duration"])
    day = on_the_calendar(reference.today, total)
    if day.year - reference.today.year > 50:
        return Unclear()
    if _short(total):
        moved = elapse(datetime.combine(day, reference.now.time()), total, reference)
        exact = moved - reference.now < timedelta(minutes=5)
        return Moment(moved.replace(microsecond=0) if exact else moved.replace(second=0, microsecond=0), _grain(total))
    return Day(day, "week" if total.keys() == {"w"} else None)


in_a_while = rule(
    rf"(?:in|within|after)(?: (?:about|around|exactly|another|roughly))? (?P<duration>{DURATION})"
    r"(?:'?s?'? time)?(?: from now| (?:of|after|before)\b)?"
)(lambda match, reference: None if match[0].endswith((" of", " after", " before")) else _ahead(match, reference))
from_now = rule(rf"(?P<duration>{DURATION}) (?:from now|hence|from right now|from today(?! week))")(_ahead)
later = rule(rf"(?P<duration>{DURATION}) later")(_ahead)


@rule(rf"for {DURATION},? (?:from|starting|beginning)(?! now)(?: on| at)?(?= )")
def lasting(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`for 3 hours from 10 am`: the beginning counts, which follows."""
    return Later()


@rule(rf"(?P<duration>{DURATION}) (?P<way>before|prior to|after|from|following|past|ahead of)")
def distance(match: re.Match[str], reference: Reference) -> Part | None:
    """From the time that follows; alone it says nothing (`two days after the delivery`)."""
    total = amount(match["duration"])
    sign = -1 if match["way"] in {"before", "prior to", "ahead of"} else 1

    def move(at: datetime) -> datetime:
        day = datetime.combine(on_the_calendar(at.date(), total, sign), at.time())
        return elapse(day, total, reference, sign) if _short(total) else day

    return Shift(move, _grain(total))


@rule(
    rf"(?:{DURATION}|(?:a )?few {_UNIT}|(?:a )?(?:long )?while|long|(?:some|several|many) {_UNIT}|ages) (?:ago|back|"
    rf"earlier)"
)
def ago(_match: re.Match[str], _reference: Reference) -> Part | None:
    """Gone."""
    return Past()


@rule(
    rf"(?P<lead>in|within|over|during|after)? ?(?:(?:a|the next|the coming|next|the last|the past|past|last) )?"
    rf"(?:few|several|some) (?:more )?{_UNIT}(?P<tail> from now| later)?|"
    rf"(?P<stretch>in|within|over|during) (?:the )?(?:next|coming|following) (?:{NUMBER} )?{_UNIT}"
)
def some_time_ahead(match: re.Match[str], _reference: Reference) -> Part | None:
    """`in a few days`, `within the next 3 weeks`: nobody knows when in it."""
    if re.search(r"\b(?:last|past)\b", match[0]):
        return Past()
    return Unclear() if match["lead"] or match["tail"] or match["stretch"] else None


@rule(
    rf"(?:in|within|after)(?: about| around)? (?:\d{{1,3}}|an?|{CARDINAL})(?: ?- ?| to | or )(?:\d{{1,3}}|"
    rf"{CARDINAL}) {_UNIT}|"
    rf"(?:in|within|after) an? {_UNIT} or (?:so|two|three)|"
    r"(?:between|from) now (?:and|until|till|til|to)(?= )"
)
def either_way(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`in 3-4 days`, `between now and Friday`."""
    return Unclear()


RULES = (in_a_while, from_now, later, lasting, distance, ago, some_time_ahead, either_way)
