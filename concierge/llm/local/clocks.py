"""Times of day: `3pm`, `15:30`, `half past three`, `quarter to 9`, `noon`, `EOD`.

An hour from 1 to 12 without am or pm is unsettled. `9:30` is read as written; `3:30` could be either half of the day
and is unsettled, `03:30` is not.
"""

import re
from datetime import time
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from concierge.llm.local.parts import Clock, Part, Reference, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import AFTER, CARDINAL, HOUR_WORD, LATE_HOURS, MINUTE_WORD, WEEKDAY, cardinal, either
from concierge.llm.local.zones import ZONE, zone_in
from concierge.llm.patterns import regex

HALF = r"(?:a\.?m\.?|p\.?m\.?|[ap](?![\w']))"
HOUR = rf"(?:[01]?\d|2[0-4]|{HOUR_WORD})"


def _hour(word: str, half: str | None) -> int:
    hour = cardinal(word)
    if half is None:
        return hour
    if not 1 <= hour <= 12:
        if hour > 12 and half[0] == "p" and hour < 24:
            return hour  # 15:30pm
        raise ValueError(word)
    return hour % 12 + (12 if half[0] == "p" else 0)


def clock(
    hour: str, minute: str | None, half: str | None, zone: ZoneInfo | None = None, second: str | None = None
) -> Clock:
    """Of the words for its pieces. Raises ValueError for an hour or minute that no clock shows."""
    value = _hour(hour, half)
    minutes = cardinal(minute) if minute else None
    if value > 24 or (minutes or 0) > 59 or (value == 24 and minutes):
        raise ValueError(hour)
    settled = bool(half) or not 1 <= value <= 12 or (minute is not None and (hour[0] == "0" or value >= 7))
    return Clock(
        value % 24,
        minutes,
        int(second) if second else None,
        settled,
        zone,
        midnight=value == 24,
    )


_LED = regex(rf"(?:@|\b(?:at|by|from|to|until|before|after|around|tomorrow|today|{WEEKDAY})) ?$")


@rule(
    rf"(?P<h>{HOUR})(?:[:.](?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?| (?P<mw>{MINUTE_WORD}|"
    rf"[0-5]\d))?(?:ish)? ?(?P<half>{HALF})(?:ish| sharp)?{ZONE}"
)
def with_half(match: re.Match[str], _reference: Reference) -> Part | None:
    """`3pm`, `3.30 p.m.`, `seven forty-five am`."""
    if match["half"] in {"a", "p"} and not match["h"].isdigit():
        return None
    if (
        match["half"] == "a"
        and not match["m"]
        and not _LED.search(match.string, max(0, match.start() - 12), match.start())
    ):
        return None  # room 4a
    return clock(match["h"], match["m"] or match["mw"], match["half"], zone_in(match), match["s"])


@rule(rf"(?P<h>[01]?\d|2[0-4]):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d)(?:\.\d+)?)?(?: ?h(?:rs|ours)?)?(?:ish)?{ZONE}")
def digital(match: re.Match[str], _reference: Reference) -> Part | None:
    """`15:30`, `9:05:30`."""
    return clock(match["h"], match["m"], None, zone_in(match), match["s"])


_DATED = regex(rf"\b(?:tomorrow|today|{WEEKDAY}|(?:19|20)\d\d),? $")


@rule(
    r"(?:at |by |around |before |after |until )?(?:(?P<h>[01]\d|2[0-3])(?P<m>[0-5]\d) ?(?:hours|hrs|h)|"
    rf"(?P<hh>[01]?\d|2[0-3]) ?h ?(?P<mm>[0-5]\d)?){ZONE}"
)
def military(match: re.Match[str], _reference: Reference) -> Part | None:
    """`1530 hours`, `15h30`; a lone `9h` only after a preposition or a day (else it is a duration)."""
    if (
        match["hh"]
        and not match["mm"]
        and match[0][0].isdigit()
        and not _DATED.search(match.string, max(0, match.start() - 12), match.start())
    ):
        return None
    found = clock(match["h"] or match["hh"], match["m"] or match["mm"], None, zone_in(match))
    return replace(found, settled=True)  # who writes so counts to 24


@rule(
    r"(?P<lead>at|around|about|approximately|by|before|after|until) (?P<h>[01]?\d|2[0-3])(?P<dot>[.h]?)(?P<m>[0-5]\d)"
    r"(?! ?(?:%|percent|euros?|dollars?|pounds?))" + AFTER
)
def at_run_together(match: re.Match[str], _reference: Reference) -> Part | None:
    """`at 1530`, `at 9.45`; `by 2030` is a year."""
    if match["lead"] != "at" and (match["dot"] == "." or match["h"] in {"19", "20"}):
        return None
    return clock(match["h"], match["m"], None)


_SPOKEN = {"quarter": 15, "a quarter": 15, "half": 30, "three quarters": 45}


@rule(
    rf"(?<!from )(?<!between )(?P<m>half|three quarters|(?:a )?quarter|(?:\d{{1,2}}|{CARDINAL})(?: "
    rf"min(?:ute)?s?)?) (?P<way>past|to|"
    rf"before|after|of|till|"
    rf"til) "
    rf"(?P<h>{HOUR}|noon|midnight)(?: ?(?P<half>{HALF}))?(?! (?:days|weeks|people|hours|months|years|minutes))"
)
def spoken(match: re.Match[str], _reference: Reference) -> Part | None:
    """`half past three`, `twenty to 9`, `ten after noon`."""
    words = match["m"]
    counted = words.split(" min")[0]
    minutes = _SPOKEN.get(words) or cardinal(counted)
    if match["way"] in {"of", "till", "til"} and words == counted and minutes % 5:
        return None  # 4 til 5
    if not 0 < minutes < 60 or (words == "half" and match["way"] not in {"past", "after"}):
        return None
    named = {"noon": 12, "midnight": 24}.get(match["h"])
    hour = named if named is not None else _hour(match["h"], match["half"])
    total = hour * 60 + (minutes if match["way"] in {"past", "after"} else -minutes)
    settled = named is not None or match["half"] is not None or hour > 12
    value = Clock(total // 60 % 24, total % 60, settled=settled)
    return value if settled or value.hour else Clock(12, value.minute, settled=False)


@rule(
    rf"(?:(?:at|by|around|about|before|after|until|till) |^)(?P<time>(?P<h>{HOUR_WORD}|{either(LATE_HOURS)}) "
    rf"(?P<m>{MINUTE_WORD})|(?P<hh>1?\d) "
    rf"(?P<mm>[0-5]\d)){AFTER}",
    "time",
)
def in_words(match: re.Match[str], _reference: Reference) -> Part | None:
    """`at eight thirty`, `at 8 30`."""
    return clock(match["h"] or match["hh"], match["m"] or match["mm"], None)


@rule(rf"(?:at )?(?P<h>{CARDINAL}) (?:(?P<o>oh )?hundred(?: hours)?|(?P<m>{MINUTE_WORD}) hours)")
def in_hundreds(match: re.Match[str], _reference: Reference) -> Part | None:
    """`fifteen hundred hours`."""
    if "hours" not in match[0] and not match[0].startswith("at"):
        return None
    return Clock(time(cardinal(match["h"])).hour, cardinal(match["m"] or "0"))


@rule(r"(?P<h>1[0-2]|[1-9])(?:[:.](?P<m>[0-5]\d))?-?ish")
def ish(match: re.Match[str], _reference: Reference) -> Part | None:
    """`3ish`."""
    return clock(match["h"], match["m"], None)


@rule(rf"half (?P<h>{HOUR_WORD}|\d{{1,2}})(?! (?:hours?|days?|weeks?|months?|years?|minutes?))")
def british_half(match: re.Match[str], _reference: Reference) -> Part | None:
    """`half three` is 3:30."""
    return Clock(cardinal(match["h"]), 30, settled=False)


@rule(rf"(?P<h>{HOUR}) o'?clock(?: sharp)?(?: ?(?P<half>{HALF}))?")
def oclock(match: re.Match[str], _reference: Reference) -> Part | None:
    """`3 o'clock`."""
    return clock(match["h"], None, match["half"])


@rule(r"(?:12 ?)?(?P<word>(?:noon|midday|mid-day)(?:ish)?|mid[ -]?night)|twelve noon|12 midnight")
def named(match: re.Match[str], _reference: Reference) -> Part | None:
    """`noon`, `midnight`."""
    return Clock(0, midnight=True) if "night" in match[0] else Clock(12)


@rule(
    r"(?:the )?(?:eod|cob|eob|(?:close|end) of (?:business|play|the (?:business|working|work) day|the day|day|work|"
    r"today)|the close)|(?:the )?(?:end|close) of(?= (?:tomorrow|(?:the )?" + WEEKDAY + r")\b)"
)
def close_of_business(match: re.Match[str], _reference: Reference) -> Part | None:
    """`EOD`, `by close of business`, `the end of` a day: 17:00."""
    return None if match[0] == "the close" else Clock(17)


@rule(r"(?:at )?(?:around |about )?this time(?= (?:tomorrow|on|next|in))|(?:at )?(?:the )?same time")
def same_time(match: re.Match[str], reference: Reference) -> Part | None:
    """`this time tomorrow`; `the same time` as what, one has to ask."""
    return Unclear() if "same" in match[0] else Clock(reference.now.hour, reference.now.minute)


RULES = (
    with_half,
    digital,
    military,
    at_run_together,
    spoken,
    in_words,
    in_hundreds,
    ish,
    british_half,
    oclock,
    named,
    close_of_business,
    same_time,
)
