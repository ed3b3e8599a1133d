"""Times of day: `3pm`, `15:30`, `half past three`, `quarter to 9`, `noon`, `EOD`, `at 9`, `from 3 to 5pm`.

An hour from 1 to 12 without am or pm is unsettled. `9:30` is read as written; `3:30` could be either half of the day
and is unsettled, `03:30` is not. Of an interval the beginning counts.
"""

import re
from zoneinfo import ZoneInfo

from concierge.llm.local.parts import Clock, Part, Reference, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import AFTER, CARDINAL, HOUR_WORD, MINUTE_WORD, MONTH, WEEKDAY, cardinal, listed

_ZONES = {
    "utc": "UTC",
    "gmt": "UTC",
    "z": "UTC",
    "et": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "ct": "America/Chicago",
    "cst": "America/Chicago",
    "cdt": "America/Chicago",
    "mst": "America/Denver",
    "mdt": "America/Denver",
    "pt": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "pdt": "America/Los_Angeles",
    "bst": "Europe/London",
    "cet": "Europe/Berlin",
    "cest": "Europe/Berlin",
    "aest": "Australia/Brisbane",
    "jst": "Asia/Tokyo",
    "sgt": "Asia/Singapore",
}
_COUNTED = listed("chapter room invoice ticket flat order page level step version table number gate unit part lesson #")
_NOT_COUNTED = "".join(f"(?<!{noun} )" for noun in _COUNTED)
_HALF = r"(?:a\.?m\.?|p\.?m\.?|[ap](?![\w']))"
_ZONE = rf"(?: ?\(?(?P<zone>{'|'.join(sorted(_ZONES, key=len, reverse=True))})\)?)?"
_HOUR = rf"(?:[01]?\d|2[0-4]|{HOUR_WORD})"


def _hour(word: str, half: str | None) -> int:
    hour = cardinal(word)
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        if hour > 12 and half[0] == "p" and hour < 24:
            return hour  # 15:30pm
        raise ValueError(word)
    return hour % 12 + (12 if half[0] == "p" else 0)


def clock(hour: str, minute: str | None, half: str | None, zone: str | None = None, second: str | None = None) -> Clock:
    """Of the words for its pieces. Raises ValueError for an hour or minute that no clock shows."""
    value = _hour(hour, half)
    minutes = cardinal(minute) if minute else None
    if value > 24 or (minutes or 0) > 59 or (value == 24 and minutes):
        raise ValueError(hour)
    settled = (
        bool(half)
        or not 1 <= value <= 12
        or (minute is not None and minute.isdigit() and (hour[0] == "0" or value >= 7))
    )
    return Clock(
        value % 24,
        minutes,
        int(second) if second else None,
        settled or zone == "z",
        ZoneInfo(_ZONES[zone]) if zone else None,
        midnight=value == 24,
    )


@rule(
    rf"(?P<h>{_HOUR})(?:[:.](?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?| (?P<mw>{MINUTE_WORD}|"
    rf"[0-5]\d))? ?(?P<half>{_HALF})(?:ish| sharp)?{_ZONE}"
)
def with_half(match: re.Match[str], _reference: Reference) -> Part | None:
    """`3pm`, `3.30 p.m.`, `seven forty-five am`."""
    if match["half"] in {"a", "p"} and not match["h"].isdigit():
        return None
    return clock(match["h"], match["m"] or match["mw"], match["half"], match["zone"], match["s"])


@rule(rf"(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d)(?:\.\d+)?)?(?: ?h(?:rs|ours)?)?(?:ish)?{_ZONE}")
def digital(match: re.Match[str], _reference: Reference) -> Part | None:
    """`15:30`, `9:05:30`."""
    return clock(match["h"], match["m"], None, match["zone"], match["s"])


@rule(
    r"(?:at |by |around |before |after |until )?(?:(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d) ?(?:hours|hrs|h)|"
    r"(?P<hh>[01]?\d|2[0-3]) ?h ?(?P<mm>[0-5]\d)?)"
)
def military(match: re.Match[str], _reference: Reference) -> Part | None:
    """`1530 hours`, `15h30`; a lone `9h` only after a preposition (else it is a duration)."""
    if match["hh"] and not match["mm"] and match[0][0].isdigit():
        return None
    return clock(match["h"] or match["hh"], match["m"] or match["mm"] or "00", None)


@rule(r"at (?P<h>[01]?\d|2[0-3])(?P<dot>[.h]?)(?P<m>[0-5]\d)(?! ?(?:%|percent|euros?|dollars?|pounds?))" + AFTER)
def at_run_together(match: re.Match[str], _reference: Reference) -> Part | None:
    """`at 1530`, `at 9.45`."""
    return clock(match["h"], match["m"], None)


_SPOKEN = {"quarter": 15, "a quarter": 15, "half": 30}


@rule(
    rf"(?P<m>half|(?:a )?quarter|(?:\d{{1,2}}|{CARDINAL})(?: min(?:ute)?s?)?) (?P<way>past|to|before|after|of|till|"
    rf"til) "
    rf"(?P<h>{_HOUR}|noon|midnight)(?: ?(?P<half>{_HALF}))?(?! (?:days|weeks|people|hours|months|years|minutes))"
)
def spoken(match: re.Match[str], _reference: Reference) -> Part | None:
    """`half past three`, `twenty to 9`, `ten after noon`."""
    words = match["m"]
    counted = words.split(" min")[0]
    minutes = _SPOKEN.get(words) or cardinal(counted)
    if match["way"] == "of" and words not in {"quarter", "a quarter"} and minutes % 5:
        return None
    if not 0 < minutes < 60 or (words == "half" and match["way"] not in {"past", "after"}):
        return None
    named = {"noon": 12, "midnight": 24}.get(match["h"])
    hour = named if named is not None else _hour(match["h"], match["half"])
    total = hour * 60 + (minutes if match["way"] in {"past", "after"} else -minutes)
    settled = named is not None or match["half"] is not None or hour > 12
    value = Clock(total // 60 % 24, total % 60, settled=settled)
    return value if settled or value.hour else Clock(12, value.minute, settled=False)


@rule(rf"half (?P<h>{HOUR_WORD})(?! (?:hours?|days?|weeks?|months?|years?|minutes?))")
def british_half(match: re.Match[str], _reference: Reference) -> Part | None:
    """`half three` is 3:30."""
    return Clock(cardinal(match["h"]), 30, settled=False)


@rule(rf"(?P<h>{_HOUR}) o'?clock(?: sharp)?(?: ?(?P<half>{_HALF}))?")
def oclock(match: re.Match[str], _reference: Reference) -> Part | None:
    """`3 o'clock`."""
    return clock(match["h"], None, match["half"])


@rule(r"(?:12 ?)?(?P<word>noon|midday|mid-day|midnight)|twelve noon|12 midnight")
def named(match: re.Match[str], _reference: Reference) -> Part | None:
    """`noon`, `midnight`."""
    return Clock(0, midnight=True) if "midnight" in match[0] else Clock(12)


@rule(
    r"(?:the )?(?:eod|cob|eob|(?:close|end) of (?:business|play|the (?:business|working|work) day|the day|day|work|"
    r"today)|the close)"
)
def close_of_business(match: re.Match[str], _reference: Reference) -> Part | None:
    """`EOD`, `by close of business`: 17:00."""
    return None if match[0] == "the close" else Clock(17)


@rule(
    rf"(?:(?P<soft>at|@|around|by|after|before|until|till|from|about|approx|circa|from about|past) ?)(?P<h>\d{{1,2}}|"
    rf"{HOUR_WORD})(?: ?ish)?{_ZONE}{AFTER}",
    "h",
)
def bare(match: re.Match[str], _reference: Reference) -> Part | None:
    """`at 9`. After softer words only a number that could be an hour: `by 5`."""
    if match["soft"] not in {"at", "@"} and not 1 <= cardinal(match["h"]) <= 12:
        return None
    return clock(match["h"], None, None, match["zone"])


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


@rule(
    rf"(?:from |between |at )?(?P<h>[01]?\d|2[0-4]|{HOUR_WORD})(?:[:.](?P<m>[0-5]\d))? ?(?P<half>{_HALF})?"
    rf"(?: ?- ?| to | until | till | and | through )(?P<e>[01]?\d|2[0-4]|"
    rf"{HOUR_WORD})(?:[:.](?P<em>[0-5]\d))? ?(?P<ehalf>{_HALF})?{_ZONE}"
)
def interval(match: re.Match[str], _reference: Reference) -> Part | None:
    """`3-5pm`, `from 9:30 to 11`, `between 9 and 5`: the hour it begins."""
    framed = match[0].startswith(("from", "between")) or match["half"] or match["ehalf"] or (match["m"] and match["em"])
    if not framed or (" and " in match[0] and not match[0].startswith("between")):
        return None
    start, end, half = cardinal(match["h"]), cardinal(match["e"]), match["half"]
    if half is None and match["ehalf"] and 1 <= start <= 12:
        half = match["ehalf"]
        if half[0] == "p" and start % 12 > end % 12:
            half = "am"  # 11-1pm
    return clock(match["h"], match["m"], half or _working_half(start, match["e"]), match["zone"])


@rule(
    rf"(?:at |by )?{_HOUR}(?::[0-5]\d)? ?{_HALF}? or (?:at )?{_HOUR}(?::[0-5]\d)? ?{_HALF}|"
    rf"at {_HOUR}(?::[0-5]\d)? or {_HOUR}(?::[0-5]\d)?"
)
def either_hour(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`3 or 4pm`."""
    return Unclear()


RULES = (
    with_half,
    digital,
    military,
    at_run_together,
    spoken,
    british_half,
    oclock,
    named,
    close_of_business,
    bare,
    bare_after_day,
    bare_before_part,
    interval,
    either_hour,
)
