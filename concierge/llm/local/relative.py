"""Days named by another day: `the day before Christmas`, `the friday after the 5th`, `three mondays from now`."""

import re
from datetime import datetime, timedelta

from concierge.llm.local.feasts import FEAST
from concierge.llm.local.parts import Day, Part, Past, Reference, Shift
from concierge.llm.local.rules import rule
from concierge.llm.local.weekdays import coming
from concierge.llm.local.words import CARDINAL, MONTH, ORDINAL, WEEKDAYS, cardinal, either, weekday

_LONG = either(WEEKDAYS)
_DAY_NEXT = (
    rf"(?= (?:the )?(?:{FEAST}|{MONTH} (?:the )?(?:\d|{ORDINAL})|\d{{1,2}}(?:st|nd|rd|th)|{ORDINAL} (?:of )?{MONTH}))"
)
_WEEK = timedelta(days=7)


@rule(rf"(?:the day (?P<way>before|after)(?! tomorrow| yesterday)|day (?P<short>before|after){_DAY_NEXT})")
def day_beside(match: re.Match[str], _reference: Reference) -> Part | None:
    """`the day before Christmas`."""
    step = timedelta(days=-1 if (match["way"] or match["short"]) == "before" else 1)
    return Shift(lambda at: at + step, "day")


@rule(rf"(?:the )?(?:(?:first|last) )?(?P<day>{_LONG}) (?P<way>before|preceding|after|following){_DAY_NEXT}")
def weekday_beside(match: re.Match[str], _reference: Reference) -> Part | None:
    """`the friday before christmas`."""
    day, back = weekday(match["day"]), match["way"] in {"before", "preceding"}

    def move(at: datetime) -> datetime:
        return (
            at - timedelta(days=(at.weekday() - day - 1) % 7 + 1) if back else at + (coming(day, at.date()) - at.date())
        )

    return Shift(move, "day")


@rule(
    rf"(?:(?P<n>\d|{CARDINAL}) (?P<day>{_LONG})s (?:from (?:now|today)|hence|away)|"
    rf"in (?P<m>\d|{CARDINAL}) (?P<ahead>{_LONG})s)"
)
def several_later(match: re.Match[str], reference: Reference) -> Part | None:
    """`two fridays from now`."""
    count = cardinal(match["n"] or match["m"])
    return Day(coming(weekday(match["day"] or match["ahead"]), reference.today) + _WEEK * (count - 1))


@rule(rf"(?:\d{{1,2}}|{CARDINAL}|a few|several) {_LONG}s (?:ago|back)")
def gone(_match: re.Match[str], _reference: Reference) -> Part | None:
    """`six mondays ago`."""
    return Past()


RULES = (day_beside, weekday_beside, several_later, gone)
