"""Feasts: the ones with a date, and the ones one has to ask about, because countries and years differ."""

import re

from concierge.llm.local.dates import dated
from concierge.llm.local.parts import Part, Reference, Unclear
from concierge.llm.local.rules import rule

_FEASTS = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "new year's": (1, 1),
    "new year": (1, 1),
    "valentine's": (2, 14),
    "halloween": (10, 31),
    "april fools": (4, 1),
    "st patrick's": (3, 17),
    "independence day": (7, 4),
}


@rule(
    rf"(?:(?:on|by|before|after|until|till|from|for|to|at) |^)(?P<name>(?P<feast>{'|'.join(_FEASTS)})(?:'? day)?)",
    "name",
)
def feast(match: re.Match[str], reference: Reference) -> Part | None:
    """`Christmas Eve`: this year's, or the next."""
    of_month, day = _FEASTS[match["feast"]]
    return dated(day, of_month, None, reference)


@rule(
    r"(?:on|by|before|after|until|for|at) (?:easter|thanksgiving)|easter (?:monday|sunday)|good friday|black friday|"
    r"cyber monday|labou?r day|memorial day|mother's day|father's day|(?:shrove|fat) tuesday|ash wednesday|palm sunday"
)
def moving_feast(_match: re.Match[str], _reference: Reference) -> Part | None:
    """Feasts without a fixed date."""
    return Unclear()


RULES = (feast, moving_feast)
