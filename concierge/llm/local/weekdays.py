"""Days named by their place in the week: `friday`, `next friday`, `friday week`, `the last monday of march`.

A plain weekday is the coming one, never today. `next friday` is the Friday of the following week (weeks begin on
Monday), even when this week's is still to come.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from concierge.llm.local.offsets import add_months
from concierge.llm.local.parts import Day, Part, Past, Reference, Unclear, Wide
from concierge.llm.local.rules import rule
from concierge.llm.local.words import (
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

_WEEK = timedelta(days=7)
_LONG = either(WEEKDAYS)
_SURE = rf"(?:{_LONG}|(?:mon|tues?|weds?|thur?s?|fri)\b\.?)"


def coming(day: int, today: date) -> date:
    """The next such weekday after today."""
    return today + timedelta(days=(day - today.weekday() - 1) % 7 + 1)


def monday_of(day: date) -> date:
    """The Monday of the week that a day lies in."""
    return day - timedelta(days=day.weekday())


@rule(rf"(?:the )?(?:(?:coming|upcoming) )?(?P<day>{_SURE})")
def plain(match: re.Match[str], reference: Reference) -> Part | None:
    """`friday`, `the coming friday`."""
    return Day(coming(weekday(match["day"]), reference.today), "weekday")


@rule(r"(?:(?:on|by|until|till|from|before|after|this|for|,) |^)(?P<day>sat|sun|wed)\.?", "day")
def short(match: re.Match[str], reference: Reference) -> Part | None:
    """`sat` and `sun` are words of their own, so something has to lead up to them."""
    return Day(coming(weekday(match["day"]), reference.today), "weekday")


@rule(r"(?P<day>sat|sun)\.?(?= (?:at |around )?\d)", "day")
def short_with_clock(match: re.Match[str], reference: Reference) -> Part | None:
    """`sat at 10`."""
    return Day(coming(weekday(match["day"]), reference.today), "weekday")


@rule(rf"(?:this(?: coming)?|the coming|the next coming|of this week,?) (?P<day>{WEEKDAY})")
def this(match: re.Match[str], reference: Reference) -> Part | None:
    """This week's, or the coming one where that is gone."""
    day = weekday(match["day"])
    if "coming" not in match[0] and day == reference.today.weekday():
        return Day(reference.today)
    return Day(coming(day, reference.today))


@rule(rf"(?:(?:the )?next|(?P<of>(?P<first>{WEEKDAY}),? (?:of |in )?(?:the )?next week)) ?(?P<day>{WEEKDAY})?")
def following(match: re.Match[str], reference: Reference) -> Part | None:
    """`next friday`, `friday next week`."""
    word = match["first"] or match["day"]
    if word is None or (match["first"] and match["day"]):
        return None
    return Day(monday_of(reference.today) + _WEEK + timedelta(days=weekday(word)))


@rule(rf"(?P<day>{WEEKDAY}) this week|this week(?:'s)?,?(?: on)? (?P<late>{WEEKDAY})")
def within_this_week(match: re.Match[str], reference: Reference) -> Part | None:
    """`friday this week`."""
    day = monday_of(reference.today) + timedelta(days=weekday(match["day"] or match["late"]))
    return Past() if day < reference.today else Day(day)


@rule(
    rf"(?:the )?(?P<day>{WEEKDAY}) after (?P<next>next)|(?:a|one) week(?: from| after)?(?: on)? (?P<off>{WEEKDAY})|"
    rf"(?P<british>{WEEKDAY}) week"
)
def week_later(match: re.Match[str], reference: Reference) -> Part | None:
    """`friday week`, `a week on friday`, `friday after next`: one after the coming one."""
    word = match["day"] or match["off"] or match["british"]
    return Day(coming(weekday(word), reference.today) + _WEEK)


@rule(rf"(?P<n>two|three|four|2|3|4) weeks on (?P<day>{WEEKDAY})|(?P<fortnight>{WEEKDAY}) fortnight")
def weeks_on(match: re.Match[str], reference: Reference) -> Part | None:
    """`three weeks on friday`, `tuesday fortnight`: that many after the coming one."""
    count = cardinal(match["n"]) if match["n"] else 2
    return Day(coming(weekday(match["day"] or match["fortnight"]), reference.today) + _WEEK * count)


@rule(rf"(?:(?:last|past|previous)(?: week'?s?)?|the (?:past|previous)) {WEEKDAY}|{WEEKDAY} (?:of )?last week")
def gone(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`last tuesday`."""
    return Past()


_MONTH_SPAN = (
    rf"(?:(?P<month>{MONTH})(?:,? (?P<year>\d{{4}}))?|"
    r"(?P<which>this|next|the|the next|the coming|last|the last|the previous) (?P<unit>month|year))"
)


def _month_start(match: re.Match[str], reference: Reference) -> tuple[date, bool]:
    """First day of the month that is spoken of, and whether nothing says in which year."""
    if match["month"]:
        if match["year"]:
            return date(int(match["year"]), month(match["month"]), 1), False
        return date(reference.today.year, month(match["month"]), 1), True
    ahead = 1 if "next" in match["which"] or "coming" in match["which"] else 0
    return add_months(reference.today.replace(day=1), ahead), False


@rule(
    rf"(?:the )?(?P<n>last|{ORDINAL}) (?P<day>{WEEKDAY}|day|weekday|working day|business day) (?:of|in) {_MONTH_SPAN}"
)
def nth(match: re.Match[str], reference: Reference) -> Part | None:
    """`the first monday of march`, `the last day of next month`."""
    if match["unit"] and match["which"].endswith(("last", "previous")):
        return Past()
    if match["unit"] == "year" and match["n"] == "last" and match["day"] == "day":
        return Day(date(reference.today.year + int("next" in match["which"]), 12, 31))
    if match["unit"] == "year":
        return Wide("year")
    start, open_year = _month_start(match, reference)
    found = _nth_in(start, match["n"], match["day"])
    if open_year and found < reference.today:
        found = _nth_in(start.replace(year=start.year + 1), match["n"], match["day"])
    return Day(found)


def _nth_in(start: date, which: str, word: str) -> date:
    days = [start + timedelta(days=n) for n in range(monthrange(start.year, start.month)[1])]
    if word.endswith(("weekday", "working day", "business day")):
        days = [day for day in days if day.weekday() < 5]
    elif word != "day":
        days = [day for day in days if day.weekday() == weekday(word)]
    index = -1 if which == "last" else ordinal(which) - 1
    if index >= len(days):
        raise ValueError(which)
    return days[index]


@rule(
    rf"(?:{_LONG}|weekday|weekend|day|night|morning|evening|afternoon)s? (?:or|and|&|/) (?:on )?{WEEKDAY}|"
    rf"(?:the )?following {WEEKDAY}|(?:super|white|clean|holy|great|green|spy|shrove|fat|whit|low|orthodox "
    rf"\w+) {WEEKDAY}|{WEEKDAY} of the holy \w+"
)
def either_day(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`tuesday or wednesday`, `the following friday`; `super tuesday` is no plain Tuesday."""
    return Unclear()


@rule(r"(?:the |on the )?next (?:business|working|work) day|(?:the )?(?:coming|following) (?:business|working) day")
def next_working_day(_match: re.Match[str], reference: Reference) -> Part | None:
    """`the next business day`."""
    ahead = (reference.today + timedelta(days=n) for n in range(1, 4))
    return Day(next(day for day in ahead if day.weekday() < 5))


RULES = (
    next_working_day,
    plain,
    short,
    short_with_clock,
    this,
    following,
    within_this_week,
    week_later,
    weeks_on,
    gone,
    nth,
    either_day,
)
