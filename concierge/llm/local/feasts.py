"""Feasts: with a date, counted from Easter, or a weekday of a month. Where countries differ one has to ask."""

import re
from datetime import date, timedelta

from dateutil.easter import easter

from concierge.llm.local.dates import dated
from concierge.llm.local.parts import Day, Part, Reference, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import either

_FEASTS = {
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "new year's": (1, 1),
    "new years": (1, 1),
    "new year": (1, 1),
    "valentine's": (2, 14),
    "valentines": (2, 14),
    "halloween": (10, 31),
    "april fools": (4, 1),
    "st patrick's": (3, 17),
    "saint patrick's": (3, 17),
    "independence day": (7, 4),
    "veterans day": (11, 11),
    "all saints": (11, 1),
    "epiphany": (1, 6),
}
_FROM_EASTER = {
    "easter monday": 1,
    "easter sunday": 0,
    "easter": 0,
    "good friday": -2,
    "holy thursday": -3,
    "maundy thursday": -3,
    "palm sunday": -7,
    "ash wednesday": -46,
    "shrove tuesday": -47,
    "fat tuesday": -47,
    "mardi gras": -47,
    "ascension day": 39,
    "pentecost": 49,
    "whit monday": 50,
}
_AMERICAN: dict[str, tuple[int, int, int, int]] = {  # month, weekday, which of them, days after it
    "martin luther king day": (1, 0, 3, 0),
    "mlk day": (1, 0, 3, 0),
    "presidents day": (2, 0, 3, 0),
    "presidents' day": (2, 0, 3, 0),
    "mother's day": (5, 6, 2, 0),
    "mothers day": (5, 6, 2, 0),
    "memorial day": (5, 0, -1, 0),
    "father's day": (6, 6, 3, 0),
    "fathers day": (6, 6, 3, 0),
    "labor day": (9, 0, 1, 0),
    "labour day": (9, 0, 1, 0),
    "columbus day": (10, 0, 2, 0),
    "thanksgiving day": (11, 3, 4, 0),
    "thanksgiving": (11, 3, 4, 0),
    "black friday": (11, 3, 4, 1),
    "cyber monday": (11, 3, 4, 4),
}


@rule(
    rf"(?:(?:on|by|before|after|until|till|from|for|to|at) |^|(?<=the day ))"
    rf"(?P<name>(?P<feast>{either(_FEASTS)})(?:'? day)?)",
    "name",
)
def feast(match: re.Match[str], reference: Reference) -> Part | None:
    """`Christmas Eve`: this year's, or the next."""
    of_month, day = _FEASTS[match["feast"]]
    return dated(day, of_month, None, reference)


@rule(rf"(?P<feast>{either(_FROM_EASTER)})")
def from_easter(match: re.Match[str], reference: Reference) -> Part | None:
    """`Good Friday`: the Western one."""
    step = timedelta(days=_FROM_EASTER[match["feast"]])
    years = range(reference.today.year, reference.today.year + 2)
    return Day(next(day for year in years if (day := easter(year) + step) >= reference.today))


@rule(rf"(?P<feast>{either(_AMERICAN)})")
def american(match: re.Match[str], reference: Reference) -> Part | None:
    """`Thanksgiving`, where America's is meant."""
    if not reference.month_first:
        return Unclear()
    of_month, weekday, which, after = _AMERICAN[match["feast"]]
    for year in range(reference.today.year, reference.today.year + 2):
        days = [date(year, of_month, 1) + timedelta(days=n) for n in range(31)]
        same = [day for day in days if day.month == of_month and day.weekday() == weekday]
        found = (same[-1] if which < 0 else same[which - 1]) + timedelta(days=after)
        if found >= reference.today:
            return Day(found)
    return None


RULES = (feast, from_easter, american)
