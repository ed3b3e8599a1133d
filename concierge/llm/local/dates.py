"""Calendar dates: `Jan 5`, `the 5th of January`, `2027-01-05`, `1/5`, `the 15th`, `tomorrow`.

A date that is gone this year is next year's. Which of two numbers is the month: the one that can be; where both can,
the first in the United States and wherever the zone says nothing, the second in Britain and where English is written
as there (`Reference.month_first`); elsewhere one has to ask. Dotted dates (5.1.2027) put the day first everywhere.
"""

import re
from datetime import date, timedelta

from concierge.llm.local.offsets import add_months
from concierge.llm.local.parts import Day, Part, Past, Reference, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import AFTER, CARDINAL, MONTH, ORDINAL, WEEKDAY, cardinal, month, ordinal
from concierge.llm.patterns import regex

_YEAR = r"(?: ?[,/]? ?(?:of |in )?(?P<year>(?:19|20|21)\d\d)(?!\d| ?(?:hours|hrs|h)\b)|,? '(?P<short>\d\d))?"
_DAY = rf"(?P<day>{ORDINAL}|\d{{1,2}}(?![\d:]| ?[ap]\.?m\b))"


_DAY_OR_WORD = rf"(?:{_DAY}|(?P<word>{CARDINAL})(?:(?= (?:19|20)\d\d)|{AFTER}(?! of)))"  # may twenty five


def _number(word: str) -> int:
    return int(word) if word.isdigit() else ordinal(word)


def dated(day: int, of_month: int, year: str | None, reference: Reference) -> Part:
    """That day; without a year the next one. Raises ValueError for a day that no calendar has."""
    if year is None:
        today = reference.today
        for ahead in range(9):  # the 29th of February can be far off
            try:
                found = date(today.year + ahead, of_month, day)
            except ValueError:
                if (of_month, day) != (2, 29):
                    raise
                continue
            if found >= today:
                return Day(found)
    full = int(year or 0)
    found = date(full + 2000 if full < 100 else full, of_month, day)
    return Past() if found < reference.today else Day(found)


@rule(
    rf"(?P<number>\d{{1,2}} )?(?P<month>{MONTH})(?: the | |-|/|(?<=\.)|,? (?={ORDINAL})){_DAY_OR_WORD}"
    rf"(?:-(?=\d))?{_YEAR}"
)
def month_day(match: re.Match[str], reference: Reference) -> Part | None:
    """`Jan 5`, `March the 5th, 2027`; of `3 jan 10` nobody knows which number is the day."""
    if match["number"]:
        return Unclear()
    day = cardinal(match["word"]) if match["word"] else _number(match["day"])
    return dated(day, month(match["month"]), match["year"] or match["short"], reference)


@rule(rf"(?:the )?{_DAY}(?: day)?(?: of | |-|/|)(?P<month>{MONTH})(?:-(?=\d))?{_YEAR}")
def day_month(match: re.Match[str], reference: Reference) -> Part | None:
    """`5 January`, `the first of March`."""
    return dated(_number(match["day"]), month(match["month"]), match["year"] or match["short"], reference)


@rule(rf"(?P<year>(?:19|20)\d\d)(?:,? |-|/)(?P<month>{MONTH})(?: the | |-|/){_DAY}")
def year_month_day(match: re.Match[str], reference: Reference) -> Part | None:
    """`2027 March 18`."""
    return dated(_number(match["day"]), month(match["month"]), match["year"], reference)


@rule(
    rf"(?:from |between )?(?:(?P<month>{MONTH}) (?P<a>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to|until|through|and|till) ?"
    rf"\d{{1,2}}(?:st|nd|rd|th)?|(?:the )?(?P<b>\d{{1,2}})(?:st|nd|rd|th)? ?(?:-|to|until|through|and|till) ?(?:the )?"
    rf"\d{{1,2}}(?:st|nd|rd|th)?(?: of)? (?P<late>{MONTH})){_YEAR}(?!:| ?[ap]m\b)"
)
def span_of_days(match: re.Match[str], reference: Reference) -> Part | None:
    """`July 5-8`: the day it begins; `july 5 and 8` are two."""
    if " and " in match[0] and not match[0].startswith("between"):
        return Unclear()
    day = int(match["a"] or match["b"])
    return dated(day, month(match["month"] or match["late"]), match["year"] or match["short"], reference)


@rule(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})")
def iso(match: re.Match[str], reference: Reference) -> Part | None:
    """`2027-01-05`."""
    return dated(int(match["day"]), int(match["month"]), match["year"], reference)


@rule(r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})")
def numeric(match: re.Match[str], reference: Reference) -> Part | None:
    """`1/5/2027`, `5.1.27`."""
    day, of_month = _in_order(int(match["a"]), int(match["b"]), dotted=match["sep"] == ".", reference=reference)
    return dated(day, of_month, match["year"], reference)


_ALONE = regex(AFTER)
_FRACTION = r"(?!/)(?! ?(?:h|hours?|hrs?|days?|weeks?|months?|years?|minutes?|mins?|of)\b)"


@rule(
    rf"(?:(?:on|by|until|till|before|after|from|for|due|,|day|me|{WEEKDAY},?) |"
    rf"^)(?P<date>(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}}))"
    rf"{_FRACTION}|(?P<late>(?P<c>\d{{1,2}})/(?P<d>\d{{1,2}})){_FRACTION}(?=,? (?:(?:at|@|before|after|from) "
    rf")?\d{{1,2}}"
    rf"(?::\d\d| ?[ap]\.?m\b)|,? (?:at|@) |(?P<end>{AFTER}))"
)
def numeric_without_year(match: re.Match[str], reference: Reference) -> Part | None:
    """`on 1/5`; without a word that leads up to it, it may be a fraction, unless no month has so many days."""
    a, b = int(match["a"] or match["c"]), int(match["b"] or match["d"])
    if match["end"] is not None and not (12 < max(a, b) <= 31 and 1 <= min(a, b) <= 12):
        return None
    if a < b <= 4 and match.start("date") == 0 and not _ALONE.match(match.string, match.end()):
        return None  # 1/2 cup of milk
    day, of_month = _in_order(a, b, dotted=False, reference=reference)
    return dated(day, of_month, None, reference)


def _in_order(a: int, b: int, *, dotted: bool, reference: Reference) -> tuple[int, int]:
    if a == b:
        return a, b
    if a <= 12 and b <= 12 and not dotted and reference.month_first is None:
        raise ValueError((a, b))  # nobody knows which is the month
    month_first = bool(reference.month_first) and not dotted
    if a > 12 or (b <= 12 and not month_first):
        return a, b
    return b, a


@rule(
    rf"(?P<lead>on |by |until |before |after |from |since |{WEEKDAY},? )?(?P<date>(?:the |on )(?P<day>{ORDINAL}|"
    rf"(?<=on the )\d{{1,2}})){AFTER}(?! (?:of|"
    rf"in) (?!the month|this month|next month))",
    "date",
)
def day_of_month(match: re.Match[str], reference: Reference) -> Part | None:
    """`the 15th`: this month's, next month's once it is gone."""
    if not match["day"][0].isdigit() and not (match["lead"] or match[0].startswith("on")):
        return None  # "the second" is not a date by itself
    return Day(_monthday(_number(match["day"]), reference.today), "monthday")


@rule(rf"{WEEKDAY},? (?P<day>\d{{1,2}}(?:st|nd|rd|th)){AFTER}", "day")
def day_after_weekday(match: re.Match[str], reference: Reference) -> Part | None:
    """`mon 5th`."""
    return Day(_monthday(ordinal(match["day"]), reference.today), "monthday")


def _monthday(day: int, today: date) -> date:
    if not 1 <= day <= 31:
        raise ValueError(day)
    start = today.replace(day=1)
    for ahead in range(14):
        candidate = add_months(start, ahead)
        try:
            found = candidate.replace(day=day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(day)


@rule(
    rf"(?:the )?(?P<day>{ORDINAL}|\d{{1,2}}(?= of)) (?:day )?(?:of )?(?P<which>this|next|the next|the|of the|"
    r"(?:the )?current|(?:this |the )?coming|the following) month"
)
def day_of_some_month(match: re.Match[str], reference: Reference) -> Part | None:
    """`the 3rd of next month`."""
    if match["which"].endswith("the"):
        return Day(_monthday(_number(match["day"]), reference.today), "monthday")
    start = add_months(reference.today.replace(day=1), 0 if match["which"][-4:] in {"this", "rent"} else 1)
    found = start.replace(day=_number(match["day"]))
    return Past() if found < reference.today else Day(found)


_NEAR = {
    "today": 0,
    "tomorrow": 1,
    "tmrw": 1,
    "tmr": 1,
    "tmw": 1,
    "tomorow": 1,
    "tommorow": 1,
    "tommorrow": 1,
    "tomorrrow": 1,
    "tmrow": 1,
    "2morrow": 1,
    "2moro": 1,
    "the day after tomorrow": 2,
    "day after tomorrow": 2,
    "the following day": 1,
    "the next day": 1,
}


@rule(
    rf"(?P<near>{'|'.join(sorted(_NEAR, key=len, reverse=True))})(?: (?P<later>week|fortnight))?|"
    rf"(?P<n>\d{{1,2}}|{CARDINAL}) days? after tomorrow"
)
def near(match: re.Match[str], reference: Reference) -> Part | None:
    """`tomorrow`, `day after tomorrow`, `tomorrow week`, `today fortnight`."""
    if match["n"]:
        return Day(reference.today + timedelta(days=cardinal(match["n"]) + 1))
    further = {"week": 7, "fortnight": 14}.get(match["later"], 0)
    return Day(reference.today + timedelta(days=_NEAR[match["near"]] + further))


@rule(
    rf"(?:a week|(?P<two>a fortnight)|(?P<n>\d|{CARDINAL}) (?P<unit>days|weeks)) "
    r"(?:today|from today|(?P<next>tomorrow))"
)
def from_today(match: re.Match[str], reference: Reference) -> Part | None:
    """`a week today`, `a fortnight tomorrow`."""
    count = cardinal(match["n"]) if match["n"] else 2 if match["two"] else 1
    ahead = count * (1 if match["unit"] == "days" else 7) + (1 if match["next"] else 0)
    return Day(reference.today + timedelta(days=ahead))


@rule(
    r"(?:the day before )?yesterday(?: (?:morning|afternoon|evening|night))?|the other day|last night|earlier today|"
    r"this past \w+"
)
def gone(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`yesterday`, `last night`."""
    return Past()


RULES = (
    month_day,
    day_month,
    year_month_day,
    span_of_days,
    iso,
    numeric,
    numeric_without_year,
    day_of_month,
    day_after_weekday,
    day_of_some_month,
    near,
    from_today,
    gone,
)
