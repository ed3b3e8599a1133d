"""Feasts: with a date, counted from Easter, or a weekday of a month. Where countries differ one has to ask.

A name may carry its year (`easter 2028`, `thanksgiving next year`); without one the coming feast is meant.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Literal

from dateutil.easter import easter

from concierge.llm.local.parts import Day, Part, Past, Reference, Unclear
from concierge.llm.local.rules import rule
from concierge.llm.local.words import AFTER, either

_FEASTS = {
    "christmas eve": (12, 24),
    "xmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's": (1, 1),
    "new year": (1, 1),
    "valentine": (2, 14),
    "valentine's": (2, 14),
    "halloween": (10, 31),
    "april fools": (4, 1),
    "april fool's": (4, 1),
    "st patrick's": (3, 17),
    "st. patrick's": (3, 17),
    "saint patrick's": (3, 17),
    "independence day": (7, 4),
    "veteran's day": (11, 11),
    "all saints": (11, 1),
    "all souls": (11, 2),
    "epiphany": (1, 6),
    "groundhog day": (2, 2),
    "earth day": (4, 22),
    "cinco de mayo": (5, 5),
    "juneteenth": (6, 19),
    "canada day": (7, 1),
    "bastille day": (7, 14),
    "anzac day": (4, 25),
    "guy fawkes": (11, 5),
    "armistice day": (11, 11),
    "remembrance day": (11, 11),
    "australia day": (1, 26),
    "lincoln's birthday": (2, 12),
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
    "martin luther king's day": (1, 0, 3, 0),
    "mlk day": (1, 0, 3, 0),
    "president's day": (2, 0, 3, 0),
    "mother's day": (5, 6, 2, 0),
    "memorial day": (5, 0, -1, 0),
    "father's day": (6, 6, 3, 0),
    "labor day": (9, 0, 1, 0),
    "labour day": (9, 0, 1, 0),
    "grandparent's day": (9, 0, 1, 6),
    "columbus day": (10, 0, 2, 0),
    "election day": (11, 0, 1, 1),
    "thanksgiving day": (11, 3, 4, 0),
    "thanksgiving": (11, 3, 4, 0),
    "black friday": (11, 3, 4, 1),
    "cyber monday": (11, 3, 4, 4),
    "giving tuesday": (11, 3, 4, 5),
}
_YEARS = r"(?P<year>,? (?:(?:of |in )?(?:19|20)\d\d|(?:of |in )?(?:the )?(?:last|next|this) year))?"
_WHICH = r"(?P<which>(?:this|next|the next|the coming|last|the last) )?"


def _names(feasts: object) -> str:
    """The names, with the apostrophe at its place, behind the s, or left out."""
    return re.sub(r"'s", r"(?:'s|s'|s)", either(feasts))


def _key(name: str) -> str:
    """A name as any of its spellings has it: `mothers day`."""
    return name.replace("'", "")


FEAST = f"(?:{_names(_FEASTS)}|{_names(_FROM_EASTER)}|{_names(_AMERICAN)})"
_DATED = {_key(name): day for name, day in _FEASTS.items()}
_COUNTED = {_key(name): day for name, day in _AMERICAN.items()}


def _year_of(match: re.Match[str], reference: Reference, on: Callable[[int], date]) -> Part:
    """The feast of the year that is named, or the coming one."""
    this = reference.today.year
    said, which = match["year"], (match["which"] or "").split()
    if said is None:
        if "last" in which:
            return Past()
        return Day(next(day for day in map(on, range(this, this + 9)) if day >= reference.today))
    years = {"last": this - 1, "next": this + 1, "this": this}
    number = re.search(r"\d{4}", said)
    found = on(int(number[0]) if number else next(year for word, year in years.items() if word in said))
    return Past() if found < reference.today else Day(found)


@rule(
    rf"(?<!happy )(?<!merry )(?:(?P<lead>on|by|before|after|until|till|from|for|to|at|day|eve) |^|)"
    rf"(?P<name>{_WHICH}(?P<other>(?:chinese|lunar|jewish|islamic|persian|orthodox) "
    rf")?(?P<feast>{_names(_FEASTS)})(?:'? day)?{_YEARS})(?P<alone>{AFTER})?",
    "name",
)
def feast(match: re.Match[str], reference: Reference) -> Part | None:
    """`Christmas Eve`: this year's, or the next. Among other words it must not be part of a name (`christmas card`)."""
    if not (match["lead"] or match.start() == 0 or match["year"] or match["alone"] is not None):
        return None
    if match["other"]:
        return Unclear()
    of_month, day = _DATED[_key(match["feast"])]
    return _year_of(match, reference, lambda year: date(year, of_month, day))


@rule(rf"(?<!happy ){_WHICH}(?P<eastern>(?:greek )?orthodox )?(?P<feast>{either(_FROM_EASTER)}){_YEARS}")
def from_easter(match: re.Match[str], reference: Reference) -> Part | None:
    """`Good Friday`: the Western one, where nothing else is said."""
    step = timedelta(days=_FROM_EASTER[match["feast"]])
    method: Literal[2, 3] = 2 if match["eastern"] else 3  # EASTER_ORTHODOX, EASTER_WESTERN
    return _year_of(match, reference, lambda year: easter(year, method) + step)


@rule(rf"(?<!happy ){_WHICH}(?P<feast>{_names(_AMERICAN)}){_YEARS}")
def american(match: re.Match[str], reference: Reference) -> Part | None:
    """`Thanksgiving`, where America's is meant."""
    if not reference.month_first:
        return Unclear()
    of_month, weekday, which, after = _COUNTED[_key(match["feast"])]

    def on(year: int) -> date:
        days = [date(year, of_month, 1) + timedelta(days=n) for n in range(31)]
        same = [day for day in days if day.month == of_month and day.weekday() == weekday]
        return (same[-1] if which < 0 else same[which - 1]) + timedelta(days=after)

    return _year_of(match, reference, on)


RULES = (feast, from_easter, american)
