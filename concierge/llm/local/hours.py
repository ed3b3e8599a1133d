"""Hours that need their surroundings: `at 9`, `tomorrow 9`, `9 tomorrow morning`, `from 3 to 5pm`.

Of an interval the beginning counts.
"""

import re

from msgspec.structs import replace

from concierge.llm.local.clocks import HALF, HOUR, clock
from concierge.llm.local.parts import Part, Reference, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import AFTER, HOUR_WORD, MONTH, WEEKDAY, cardinal, listed
from concierge.llm.local.zones import ZONE, zone_in
from concierge.llm.patterns import regex

_COUNTED = listed("chapter room invoice ticket flat order page level step version table number gate unit part lesson #")
_NOT_COUNTED = "".join(f"(?<!{noun} )" for noun in _COUNTED)


@rule(
    rf"(?:(?P<soft>at|@|around|by|after|before|until|till|from|about|approx|circa|from about|past) ?)(?P<h>\d{{1,2}}|"
    rf"{HOUR_WORD})(?: ?ish)?{ZONE}{AFTER}",
    "h",
)
def bare(match: re.Match[str], _reference: Reference) -> Part | None:
    """`at 9`. After softer words only a number that could be an hour: `by 5`."""
    if match["soft"] not in {"at", "@"} and not 1 <= cardinal(match["h"]) <= 12:
        return None
    return clock(match["h"], None, None, zone_in(match))


@rule(
    rf"(?:tomorrow|today|tonight|this (?:morning|afternoon|evening)|(?:morning|afternoon|evening)|{WEEKDAY}|"
    rf"{MONTH} \d{{1,2}}(?:st|nd|rd|th)?),? (?P<hours>(?P<h>\d{{1,2}}|{HOUR_WORD})(?: ?- ?(?P<e>\d{{1,2}}))?){AFTER}",
    "hours",
)
def bare_after_day(match: re.Match[str], _reference: Reference) -> Part | None:
    """`tomorrow 9`, `tomorrow 9-5`; `friday 13` could be a date."""
    start = cardinal(match["h"])
    return clock(match["h"], None, _working_half(start, match["e"])) if 1 <= start <= 12 else Unclear()


def _working_half(start: int, end: str | None) -> str | None:
    """9 to 5 and 11 to 1 begin in the morning."""
    return ("pm" if start == 12 else "am") if end and cardinal(end) < start <= 12 and start >= 7 else None


@rule(
    rf"{_NOT_COUNTED}(?P<h>\d{{1,2}}|{HOUR_WORD})(?: ?ish)?(?= (?:tonight|in the (?:morning|afternoon|evening)|"
    rf"at night|"
    rf"(?:tomorrow|today|this|{WEEKDAY}) (?:morning|afternoon|evening|night))\b)"
)
def bare_before_part(match: re.Match[str], _reference: Reference) -> Part | None:
    """`9 tomorrow morning`."""
    return clock(match["h"], None, None)


@rule(rf"^(?P<h>\d{{1,2}}|{HOUR_WORD})(?= (?:tomorrow|today|on {WEEKDAY}|{WEEKDAY})\b)")
def bare_before_day(match: re.Match[str], _reference: Reference) -> Part | None:
    """A message that begins `7 tomorrow`."""
    return clock(match["h"], None, None)


_BY_A_DAY = regex(
    rf" (?:on |next |this )?(?:{WEEKDAY}|tomorrow|today|tonight|at night|in the (?:morning|afternoon|evening))\b"
)


@rule(
    rf"(?:from |between |at )?(?P<h>[01]?\d|2[0-4]|{HOUR_WORD})(?:[:.](?P<m>[0-5]\d))? ?(?P<half>{HALF})?"
    rf"(?: ?- ?| to | until | till | til | and | through )(?P<e>[01]?\d|2[0-4]|"
    rf"{HOUR_WORD})(?:[:.](?P<em>[0-5]\d))? ?(?P<ehalf>{HALF})?{ZONE}"
)
def interval(match: re.Match[str], _reference: Reference) -> Part | None:
    """`3-5pm`, `from 9:30 to 11`, `between 9 and 5`: the hour it begins."""
    framed = (
        match[0].startswith(("from", "between")) or match["half"] or match["ehalf"] or (match["m"] and match["em"])
    ) or ("-" in match[0] and _BY_A_DAY.match(match.string, match.end()))
    if not framed or (" and " in match[0] and not match[0].startswith("between")):
        return None
    start, end, half = cardinal(match["h"]), cardinal(match["e"]), match["half"]
    if half is None and match["ehalf"] and 1 <= start <= 12:
        half = match["ehalf"]
        if half[0] == "p" and start % 12 > end % 12:
            half = "am"  # 11-1pm
    return clock(match["h"], match["m"], half or _working_half(start, match["e"]), zone_in(match))


@rule(
    rf"(?:from )?(?P<h>[01]?\d|2[0-3]) ?h ?(?P<m>[0-5]\d)?(?: ?- ?| to | until | till )(?:[01]?\d|2[0-4])"
    rf" ?h ?\d{{0,2}}{ZONE}"
)
def interval_of_h(match: re.Match[str], _reference: Reference) -> Part | None:
    """`9h - 17h30 GMT`: so written, hours count to 24."""
    return replace(clock(match["h"], match["m"], None, zone_in(match)), settled=True)


@rule(
    rf"(?:at |by )?{HOUR}(?::[0-5]\d)? ?{HALF}? or (?:at )?{HOUR}(?::[0-5]\d)? ?{HALF}|"
    rf"at {HOUR}(?::[0-5]\d)? or {HOUR}(?::[0-5]\d)?"
)
def either_hour(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`3 or 4pm`."""
    return Unclear()


RULES = (bare, bare_after_day, bare_before_part, bare_before_day, interval, interval_of_h, either_hour)
