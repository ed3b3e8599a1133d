"""Parts of a day, each with the one local time that stands for it: morning 09:00, evening 18:00, tonight 19:00."""

import re
from datetime import datetime, time, timedelta

from concierge.llm.local.parts import DayPart, Half, Part, Reference, Shift, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import AFTER, HOUR_WORD, MONTH, WEEKDAY

_HOURS: dict[str, tuple[int, int, Half]] = {
    "early morning": (7, 0, "am"),
    "morning": (9, 0, "am"),
    "mid morning": (10, 0, "am"),
    "late morning": (11, 0, "am"),
    "lunch": (12, 30, "pm"),
    "early afternoon": (13, 0, "pm"),
    "afternoon": (14, 0, "pm"),
    "mid afternoon": (15, 0, "pm"),
    "late afternoon": (16, 0, "pm"),
    "early evening": (18, 0, "pm"),
    "evening": (18, 0, "pm"),
    "late evening": (21, 0, "pm"),
    "night": (19, 0, "night"),
    "late night": (22, 0, "night"),
}
_PART = r"(?:(?P<mod>early|late|mid)(?: in the |[ -]))?(?P<part>morning|afternoon|evening|night)(?:-?ish|[ -]?time)?"


def _part(words: str, *, today: bool = False) -> DayPart:
    hour, minute, half = _HOURS[words]
    return DayPart(hour, minute, half, today)


def _named(match: re.Match[str]) -> str:
    modified = f"{match['mod']} {match['part']}"
    return modified if modified in _HOURS else match["part"]


@rule(
    rf"(?:this|(?P<early>early|late) this|(?:(?:early|late|later) )?in(?: the)?|during the|at|"
    rf"(?P<first>first thing in the)|over) {_PART}"
)
def in_the_part(match: re.Match[str], _reference: Reference) -> Part | None:
    """`in the morning`, `this afternoon`, `at night`."""
    if match[0].startswith("at ") and match["part"] != "night":
        return None
    words = f"{match['early']} {match['part']}" if match["early"] else _named(match)
    if match[0].startswith("early in"):
        words = "early " + match["part"]
    if match[0].startswith(("late in", "later in")):
        words = "late " + match["part"]
    return _part(words if words in _HOURS else match["part"], today="this" in match[0].split())


@rule(
    rf"(?:(?:(?:christmas|easter|xmas|new year's|new years)(?: day| eve)?|today|tomorrow|tmrw|tmr|{WEEKDAY}|\d(?:st|"
    rf"nd|rd|th)?|{MONTH} \d{{1,2}}),? |^)(?P<span>{_PART})"
    r"(?! (?:person|people|session|class|meeting|call|shift|routine|coffee|run|walk|news|flight|train))",
    "span",
)
def after_day(match: re.Match[str], _reference: Reference) -> Part | None:
    """`friday morning`, `tomorrow late afternoon`, or a message that begins with the words."""
    return _part(_named(match))


@rule(
    rf"(?:on |in )?the {_PART} (?:of|on|after)|"
    rf"(?<!be )(?<!m )(?<!running )(?:early|late|first thing)(?= (?:tomorrow|on {WEEKDAY}|{WEEKDAY}|"
    rf"today)\b(?! (?:morning|afternoon|evening|night)))|first thing"
)
def before_day(match: re.Match[str], _reference: Reference) -> Part | None:
    """`on the evening of the 5th`, `early tomorrow`, `first thing`."""
    if match["part"]:
        return None if match[0].endswith("after") else _part(_named(match))
    if match[0].startswith("late"):
        return _part("late evening")
    return _part("early morning" if match[0].startswith("early") else "morning")


@rule(rf"(?:on )?the {_PART} (?:before|prior to)(?= )")
def part_before(match: re.Match[str], _reference: Reference) -> Part | None:
    """`the evening before christmas`."""
    part = _part(_named(match))
    at = time(part.hour, part.minute)
    return Shift(lambda day: datetime.combine(day.date() - timedelta(days=1), at), "day_part")


@rule(r"(?P<late>late(?:r)? )?(?:tonight|tonite|2nite)(?P<after> late)?")
def tonight(match: re.Match[str], _reference: Reference) -> Part | None:
    """`tonight`, `late tonight`."""
    late = match["late"] == "late " or match["after"]
    return _part("late night" if late else "night", today=True)


@rule(
    r"(?:(?:at|over|around|before|after|by|during) )(?P<meal>lunch ?time|lunch(?: ?break)?|work|dinner(?: ?time)?|"
    r"breakfast(?: time)?)|lunchtime"
)
def meal(match: re.Match[str], _reference: Reference) -> Part | None:
    """`at lunch`, `after work`. Before or around other meals says too little."""
    words = match[0]
    if words.startswith("after"):
        after: dict[str, tuple[int, int, Half]] = {
            "lunch": (14, 0, "pm"),
            "work": (18, 0, "pm"),
            "dinne": (20, 0, "pm"),
            "break": (9, 0, "am"),
        }
        return DayPart(*after[match["meal"][:5].strip()])
    if words.startswith(("before", "by")):
        return None
    return _part("lunch") if "lunch" in words else None


@rule(
    rf"(?P<words>(?:early|late|mid)[ -](?:morning|afternoon|evening)){AFTER}|"
    rf"{_PART}(?=,? (?:(?:at|around|from|between|@) )?\d)"
)
def bare(match: re.Match[str], _reference: Reference) -> Part | None:
    """`late afternoon`, `afternoon at 7`."""
    return _part(match["words"].replace("-", " ") if match["words"] else _named(match))


@rule(rf"(?:\d|o'?clock|{HOUR_WORD}) (?P<part>morning|afternoon|evening){AFTER}", "part")
def behind(match: re.Match[str], _reference: Reference) -> Part | None:
    """`half past seven afternoon`."""
    return _part(match["part"])


@rule(
    r"(?:in )?the (?:wee|small|early) hours(?: of the (?:morning|night))?|in the early hours(?: of the morning)?|"
    r"(?:(?:at|around|by|before) )?(?:dinner|supper|bed|breakfast|tea)[ -]?time"
)
def loose(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`in the small hours`, `at dinner time`: whose?"""
    return Unclear()


@rule(r"in the (?P<half>[ap])\.?m\.?")
def in_the_half(match: re.Match[str], _reference: Reference) -> Part | None:
    """`in the pm`."""
    return _part("morning" if match["half"] == "a" else "afternoon")


RULES = (in_the_part, after_day, bare, behind, loose, in_the_half, before_day, part_before, tonight, meal)
