"""Words beside a span that say something else than the span alone: then one has to ask."""

from collections.abc import Iterable

from concierge.llm.local.words import CARDINAL, ORDINAL, WEEKDAYS, either
from concierge.llm.patterns import regex

_YEAR = r"(?:19|20)\d\d"
_SURE_MONTH = "january|february|july|september|october|november|december|feb|sept?|oct|nov|dec"  # others are names too
_NTH = r"\d{1,2}(?:st|nd|rd|th)"
_BEFORE = regex(
    r"(?:"
    + "|".join(
        [
            r"\b(?:every|each|not|ago|less than|more than|except(?: for)?|once an?(?: year| month| week)?)",
            rf"\b(?:{ORDINAL}|last),? (?:and|or|&|to)(?: the)?",  # the 2nd and last friday
            r"(?:^|\bme )\d{1,2}(?:,| at)?|\b\d{1,2} (?:to|until|till|through)",  # remind me 15 at 8pm, 4 till 23 may
            rf"\b(?:{_NTH}|the \d{{1,2}})(?:,? (?:at|from))?",  # the 17 from 2pm
            rf"\b{_YEAR}(?: (?:to|until|till|through))?|\d[/-]|\b(?:{_SURE_MONTH})/?",  # 2010 at 5pm
        ]
    )
    + r")[ ,]+$"
)
_BEHIND = regex(
    r",? (?:"
    + "|".join(
        [
            r"\d{1,2}(?![\d/-])(?: |$|[.,!?])|on \d{1,2}(?=$|[ .,!?])",  # tomorrow 5, 8pm on 15
            rf"(?:and|or|&|-|to) (?:the )?(?:{_NTH}|\d{{1,2}}(?=$|[.,!?]| (?:of|to)\b)|{ORDINAL}\b(?! thing))",
            rf"(?:in |of )?{_YEAR}(?![\d:])|two thousand|(?:of )?(?:the )?(?:last|this|next) (?:year|month)\b",
            r"of (?:month|\w+ months?)\b",
            r"(?:except|excluding|but not|other than|apart from|twice|ago|since)\b",
        ]
    )
    + ")"
)
_AGAIN_BEFORE = regex(rf"\b(?:\d{{1,3}}|{CARDINAL}|few|several|some|next|last) $")  # 2 weekends from now
_AGAIN_BEHIND = regex(r" (?:on the|at the (?:end|start|beginning)|of the|in)\b|-| (?:to|through) [a-z]+day\b")
_LEFT_OVER = regex(
    rf"\b(?:{either(WEEKDAYS)}s?|\d{{1,2}}:\d\d|\d+ ?[ap]\.?m\b|o'clock|"
    r"tomorrow|tonight|midnight|noon|"
    r"\d+ (?:seconds|minutes|mins|hours|days|weeks|months|years)|week|weekend|fortnight)\b"
)
_DURATION = regex(
    r"\b(?:(?:for|takes?|lasting|last|than|of|at least|up to|only|about|the|a|an|over) )?(?:\d+|an?|"
    r"\w+)[ -](?:second|minute|min|hour|hr|day|week|"
    r"month|year)s? (?=[a-z])|\bfor (?:about |around |at least )?(?:\d+|an?|half an|\w+) (?:seconds?|minutes?|mins?|"
    r"hours?|days?|weeks?|months?|years?)\b|"
    r"\b\d+-(?:second|minute|min|hour|day|week|month|year)\b|\bweek'?s?(?= [a-z])|\b(?:a|per|the|once|"
    r"twice)(?: a)? week\b"
)


def changed(text: str, start: int, end: int, *, repeats: bool) -> bool:
    """Whether what stands right before or behind `text[start:end]` changes its meaning (`2nd and` last friday)."""
    if _BEFORE.search(text, max(0, start - 24), start) or _BEHIND.match(text, end):
        return True
    if not repeats:
        return False
    return bool(_AGAIN_BEFORE.search(text, max(0, start - 24), start) or _AGAIN_BEHIND.match(text, end))


def left_over(text: str, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether words about time remain beside the spans, so that the reading may be wrong."""
    rest, at = [], 0
    for start, end in sorted(spans):
        rest.append(text[at:start])
        at = end
    rest.append(text[at:])
    return any(_LEFT_OVER.search(_DURATION.sub(" ", part)) for part in rest)
