"""Where a text speaks of time: all pieces, the longest first without overlap, neighbours joined into spans."""

import re
from collections.abc import Iterable

from msgspec import Struct

from concierge.llm.local import clocks, dates, dayparts, feasts, hours, offsets, periods, recurrences, weekdays
from concierge.llm.local.parts import Clock, Day, DayPart, Half, Later, Part, Past, Reference, Repeat, Shift
from concierge.llm.local.repeating import again, repeats
from concierge.llm.local.resolving import Resolved, resolve
from concierge.llm.local.rules import Found, apply
from concierge.llm.local.words import WEEKDAY, WEEKDAYS, either
from concierge.llm.patterns import regex

_RULES = (
    *dates.RULES,
    *feasts.RULES,
    *recurrences.RULES,
    *weekdays.RULES,
    *clocks.RULES,
    *hours.RULES,
    *dayparts.RULES,
    *offsets.RULES,
    *periods.RULES,
)
_GAP = regex(
    r"(?:[ ,()@~-]|\b(?:at|on|in|the|of|for|around|about|approximately|by|from|starting|say|exactly|sharp|sometime|"
    r"any ?time|"
    r"preferably|ideally|before|after|date|day|time|please)\b)*"
)
_TO = regex(r",? ?(?:-|to|until|till|til|through|thru|and)(?: on)?(?: the)? ?")
_DASH = regex(r" ?(?:-|to|through|thru) ?(?:the )?")
_MOVED = regex(r"\b(?:move|change|push|shift|reschedule|postpone|bring|switch|put|delay)\b")
_DESCRIBING = regex(r"'s? (?!at\b|on\b)|'s$|-(?=[a-z])")
_NOUN_NEXT = regex(
    r" (?!(?:at|on|in|to|and|or|for|from|by|with|about|re|regarding|please|pls|thanks|if|so|because|since|until|till|"
    r"before|"
    r"after|that|i|we|he|she|they|you|it|is|are|will|would|when|then|instead|through|works|sounds|remind|call|email|"
    r"send|"
    r"follow|the|a|my|our|around|as|follow-up|check|asking|also|but|via|over)\b)[a-z]"
)
_VERBAL_NOUN_NEXT = regex(r" (?:call|email|follow-?up|check|send)\b")
_NAMING = regex(rf"the {WEEKDAY}|(?:the )?q[1-4](?: 20\d\d)?|the \w+ quarter|the weekend")
_OWNED = regex(r"\b(?:my|our|his|her|their|your|its|the|a|an|next to|of last|from last) $")
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
_NUMBER_NEXT = regex(r",? \d{1,2}(?![\d/-])(?: |$|[.,!?])")


class Span(Struct, frozen=True):
    """`text[start:end]` speaks of time. `lead` is where words such as "on" before it begin."""

    start: int
    end: int
    lead: int
    parts: tuple[Part, ...]
    describing: bool  # part of another thing's name: "Friday's meeting"

    @property
    def gone(self) -> bool:
        """Whether it speaks of the past."""
        return any(isinstance(part, Past) for part in self.parts)


_LEAD_WORDS = regex(
    r"(?:(?:^|(?<=[ ,(]))(?:at|on|(?<!check )(?<!come )(?<!log )(?<!sign )(?<!hand )(?<!turn )(?<!move )in|by|for|"
    r"the|around|about|before|after|from|starting|until|till|this|of|sometime|any ?time|"
    r"only|maybe|perhaps|say|latest|no later than|not before|as of|approximately|@|~|-|–)[ ]?|[ ,(])+$"
)


def find_spans(text: str, reference: Reference) -> list[Span]:
    """All spans of `text` (lower case, single blanks), in order."""
    chosen: list[Found] = []
    found = [one for each in _RULES for one in apply(each, text, reference)]
    if any(isinstance(one.part, Repeat) for one in found):
        found += [one for each in recurrences.ENDINGS for one in apply(each, text, reference)]
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if all(one.end <= other.start or one.start >= other.end for other in chosen):
            chosen.append(one)
    chosen.sort(key=lambda f: f.start)
    groups: list[list[Found]] = []
    for one in chosen:
        if groups and _joined(text, groups[-1][-1], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return [_span(text, group) for group in _begun(text, groups)]


def _begun(text: str, groups: list[list[Found]]) -> list[list[Found]]:
    """Of two days that stand for all between them, the first: `from monday to wednesday`, `dec 4 - dec 8`."""
    kept: list[list[Found]] = []
    for group in groups:
        if kept and _ends_range(text, kept[-1], group):
            kept[-1] = [*kept[-1], Found(group[0].start, group[-1].end, Later())]
        else:
            kept.append(group)
    return kept


def _ends_range(text: str, left: list[Found], right: list[Found]) -> bool:
    if not all(isinstance(one.part, (Day, Clock, DayPart)) for one in (*left, *right)):
        return False
    framed = re.search(r"\b(?:from|between)(?: the)? $", text[: left[0].start])
    gap = text[left[-1].end : right[0].start]
    return bool((_TO if framed else _DASH).fullmatch(gap)) and not _MOVED.search(text[: left[0].start])


def _joined(text: str, left: Found, right: Found) -> bool:
    gap = text[left.end : right.start]
    if isinstance(left.part, Shift) and gap.strip() in {"my", "our", "your", "his", "her", "their"}:
        return True  # an hour before my 3pm call
    if _GAP.fullmatch(gap) is None:
        return False
    if isinstance(left.part, Past) != isinstance(right.part, Past):
        return False
    if re.search(r"\b(?:before|after)\b", gap) and not isinstance(right.part, (Clock, DayPart)):
        return False  # the friday before christmas
    return gap.strip() not in {"-", "about", "for the", "from the", "of the"} or not _described(
        text, right.start, right.end
    )


def _described(text: str, start: int, end: int) -> bool:
    if _DESCRIBING.match(text, end):
        return True
    return bool(_OWNED.search(text, 0, start) and (_NOUN_NEXT.match(text, end) or _VERBAL_NOUN_NEXT.match(text, end)))


def _span(text: str, group: list[Found]) -> Span:
    start, end = group[0].start, group[-1].end
    lead = _LEAD_WORDS.search(text, max(0, start - 40), start)
    alone = len(group) == 1 and not isinstance(group[0].part, Shift)
    described = alone and (_described(text, start, end) or _starts_with_the(text, start, end))
    return Span(start, end, lead.start() if lead else start, tuple(one.part for one in group), described)


def _starts_with_the(text: str, start: int, end: int) -> bool:
    return bool(_NAMING.fullmatch(text, start, end) and _NOUN_NEXT.match(text, end))


def read_span(span: Span, text: str, reference: Reference, half: Half | None = None) -> Resolved | None:
    """What the span says; to be asked about where a bare number trails it."""
    resolve_them = again if repeats(span.parts) else resolve
    resolved = resolve_them(span.parts, reference, half)
    if resolved and resolved.wall and _NUMBER_NEXT.match(text, span.end):
        return Resolved(None, "vague")
    return resolved


def left_over(text: str, spans: Iterable[Span]) -> bool:
    """Whether words about time remain beside the spans, so that the reading may be wrong."""
    rest, at = [], 0
    for span in sorted(spans, key=lambda each: each.start):
        rest.append(text[at : span.start])
        at = span.end
    rest.append(text[at:])
    return any(_LEFT_OVER.search(_DURATION.sub(" ", part)) for part in rest)
