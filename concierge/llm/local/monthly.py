"""What comes again by the month or the year: `on the 1st of each month`, `the last friday of every 3 months`."""

import re

from concierge.llm.local.parts import Part, Reference, Repeat, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import (
    CARDINAL,
    MONTH,
    ORDINAL,
    WEEKDAY,
    WEEKDAYS,
    cardinal,
    either,
    month,
    ordinal,
    weekday,
)

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EACH = r"(?:every|each)"
_WHAT = rf"(?P<what>day|weekday|working day|business day|{WEEKDAY})"
_NTH = rf"(?: (?P<nth>other|{ORDINAL}|\d{{1,2}}|{CARDINAL}))?"
_PLACE = rf"(?P<place>{ORDINAL}|last)"


def _interval(word: str | None) -> int:
    if word is None:
        return 1
    return 2 if word == "other" else int(word) if word.isdigit() else _count(word)


def _count(word: str) -> int:
    try:
        return cardinal(word)
    except KeyError:
        return ordinal(word)


def _monthly(match: re.Match[str]) -> Part:
    interval = _interval(match["nth"])
    base = "FREQ=MONTHLY" + (f";INTERVAL={interval}" if interval > 1 else "")
    place = -1 if match["place"] == "last" else ordinal(match["place"])
    what = match["what"]
    if what is None or what == "day":
        return Repeat(f"{base};BYMONTHDAY={place}") if place <= 31 else Unclear()
    if what in {"weekday", "working day", "business day"}:
        return Repeat(f"{base};BYDAY=MO,TU,WE,TH,FR;BYSETPOS={place}")
    return Repeat(f"{base};BYDAY={place}{CODES[weekday(what)]}") if place <= 5 else Unclear()


@rule(
    rf"(?:(?P<each>{EACH}) |on )?(?:the )?{_PLACE}(?: {_WHAT})? "
    rf"(?:(?:of|in) {EACH}{_NTH} months?|(?P<the>of (?:the|a) month))"
)
def of_month(match: re.Match[str], _reference: Reference) -> Part | None:
    """`on the 1st of each month`, `the last friday of every month`, `every 4th of the month`."""
    return None if match["the"] and not match["each"] else _monthly(match)


@rule(rf"(?:{EACH}{_NTH} months?|monthly|once a month) on the {_PLACE}(?: {_WHAT})?(?! last)")
def month_on(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every month on the 3rd tuesday`, `monthly on the 15th`."""
    return _monthly(match)


@rule(
    rf"{EACH} (?P<number>\d{{1,2}}(?:st|nd|rd|th))(?! (?:{WEEKDAY}|minute|hour|day|week|weekend|month|quarter|"
    rf"year)s?\b)"
)
def each_number(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every 15th`."""
    return Repeat(f"FREQ=MONTHLY;BYMONTHDAY={ordinal(match['number'])}")


@rule(
    rf"{EACH} (?:year on )?(?:(?:the )?(?P<month>{MONTH}) (?:the )?(?P<day>{ORDINAL}|\d{{1,2}})|(?:the "
    rf")?(?P<d>{ORDINAL}|\d{{1,2}}) "
    rf"(?:of )?(?P<m>{MONTH}))|(?:on )?(?:(?P<mm>{MONTH}) (?P<dd>{ORDINAL}|\d{{1,2}})) (?:every|each) year"
)
def every_date(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every 1 march`, `every year on june 3rd`."""
    name = match["month"] or match["m"] or match["mm"]
    word = match["day"] or match["d"] or match["dd"]
    day = int(word) if word.isdigit() else ordinal(word)
    return Repeat(f"FREQ=YEARLY;BYMONTH={month(name)};BYMONTHDAY={day}")


@rule(
    rf"(?:{EACH}(?: year(?: on)?)?|once a year(?: on)?|yearly(?: on)?|annually(?: on)?) (?:the )?{_PLACE} "
    rf"(?P<what>{either(WEEKDAYS)}) (?:of|in) (?P<month>{MONTH})"
)
def weekday_of_year(match: re.Match[str], _reference: Reference) -> Part | None:
    """`every fourth thursday in november`."""
    place = -1 if match["place"] == "last" else ordinal(match["place"])
    if place > 5:
        return Unclear()
    return Repeat(f"FREQ=YEARLY;BYMONTH={month(match['month'])};BYDAY={place}{CODES[weekday(match['what'])]}")


@rule(
    rf"(?:{EACH}(?: \w+)? (?:year|month)s?|yearly|monthly) on the (?:{ORDINAL}|last)(?: (?:last|"
    rf"{WEEKDAY})\b)+(?: (?:of|in) \w+)?"
)
def somewhere(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`every year on the 13th friday`: more than is understood above."""
    return Unclear()


RULES = (of_month, month_on, each_number, every_date, weekday_of_year, somewhere)
