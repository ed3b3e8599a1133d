"""A rule is a regular expression for one kind of piece and a function that reads what it matched."""

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from concierge.llm.local.parts import Part, Reference, Unclear
from concierge.llm.patterns import regex

Read = Callable[[re.Match[str], Reference], Part | None]

_LEFT = r"(?<![\w$€£#@])(?<!\d[.,:/-])(?:"
_RIGHT = r")(?!\w)(?![.,:/-]\d)(?!%)"


class Rule(Struct, frozen=True):
    """A kind of piece."""

    pattern: re.Pattern[str]
    read: Read
    group: str | None  # the part of the match that the piece covers; everything, if None


class Found(Struct, frozen=True):
    """A piece and where it stands: `text[start:end]`."""

    start: int
    end: int
    part: Part


def rule(pattern: str, group: str | None = None) -> Callable[[Read], Rule]:
    """Make a rule of a reading function. The pattern has to begin and end at a word's edge."""
    compiled = regex(_LEFT + pattern + _RIGHT)

    def bind(read: Read) -> Rule:
        return Rule(compiled, read, group)

    return bind


def apply(candidate: Rule, text: str, reference: Reference) -> Iterator[Found]:
    """Every place where the rule holds. A number that no calendar has makes the piece unclear."""
    for match in candidate.pattern.finditer(text):
        try:
            part = candidate.read(match, reference)
        except (ValueError, OverflowError):
            part = Unclear()
        if part is not None:
            yield Found(*match.span(candidate.group or 0), part)
