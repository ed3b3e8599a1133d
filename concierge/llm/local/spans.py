"""Where a text speaks of time: all pieces, the longest first without overlap, neighbours joined into spans."""

import re
from functools import lru_cache

from msgspec import Struct

from concierge.llm.local import (
    clocks,
    dates,
    dayparts,
    feasts,
    hours,
    offsets,
    periods,
    recurrences,
    relative,
    weekdays,
)
from concierge.llm.local.beside import changed
from concierge.llm.local.parts import (
    Clock,
    Day,
    DayPart,
    Half,
    Later,
    Part,
    Past,
    Reference,
    Repeat,
    Shift,
    Till,
    Unclear,
)
from concierge.llm.local.repeating import again, repeats
from concierge.llm.local.resolving import Resolved, resolve
from concierge.llm.local.rules import Found, apply
from concierge.llm.local.words import WEEKDAY
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
    *relative.RULES,
    *periods.RULES,
)
_GAP = regex(
    r"(?:[ ,()@~-]|\b(?:at|on|in|the|of|for|around|about|approximately|by|from|starting|say|exactly|sharp|sometime|"
    r"any ?time|"
    r"preferably|ideally|before|after|date|day|time|please)\b)*"
)
_TO = regex(r",? ?(?:-|to|until|till|til|through|thru|and)(?: on)?(?: the)? ?")
_DASH = regex(r" ?(?:-|to|through|thru|until|till) ?(?:the )?")
_HAS_YEAR = regex(r"\b(?:19|20)\d\d\b")
_TIGHT = {"", "at", "on", "by", "in", "in the", "around", "about", "@", "-", "from"}
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


class Span(Struct, frozen=True):
    """`text[start:end]` speaks of time. `lead` is where words such as "on" before it begin."""

    start: int
    end: int
    lead: int
    parts: tuple[Part, ...]
    describing: bool  # part of another thing's name: "Friday's meeting"

    @property
    def gone(self) -> bool:
        """Whether it speaks of the past; what comes again until a day that is gone has to be asked about."""
        return any(isinstance(part, Past) for part in self.parts) and not repeats(self.parts)


_LEAD_WORDS = regex(
    r"(?:(?:^|(?<=[ ,(]))(?:at|on|(?<!check )(?<!come )(?<!log )(?<!sign )(?<!hand )(?<!turn )(?<!move )in|by|for|"
    r"the|around|about|before|after|from|starting|until|till|this|of|sometime|any ?time|"
    r"only|maybe|perhaps|say|latest|no later than|not before|as of|approximately|@|~|-|–)[ ]?|[ ,(])+$"
)


def find_spans(text: str, reference: Reference) -> list[Span]:
    """All spans of `text` (lower case, single blanks), in order."""
    return list(_spans(text, reference))


@lru_cache(maxsize=64)
def _spans(text: str, reference: Reference) -> tuple[Span, ...]:
    """A clause is asked about from several sides, four times or so: what it says of time is looked for once."""
    chosen: list[Found] = []
    found = [one for each in _RULES for one in apply(each, text, reference)]
    if any(isinstance(one.part, Repeat) for one in found):
        found += [one for each in recurrences.ENDINGS for one in apply(each, text, reference)]
    taken = bytearray(
        len(text)
    )  # a byte for each character: comparing the pieces would take the square of their number
    for one in sorted(found, key=lambda f: (f.start - f.end, f.start)):
        if not any(taken[one.start : one.end]):
            chosen.append(one)
            taken[one.start : one.end] = b"\1" * (one.end - one.start)
    chosen.sort(key=lambda f: f.start)
    groups: list[list[Found]] = []
    for one in chosen:
        if groups and _ends_stretch(text, groups[-1], one):
            groups[-1].append(Found(one.start, one.end, _other_end(text, groups[-1], one)))
        elif groups and _joined(text, groups[-1][-1], one):
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(_span(text, group) for group in _begun(text, groups))


def _ends_stretch(text: str, left: list[Found], right: Found) -> bool:
    """Whether it is the other end of the piece before it: `9:30 - 11:00 on thursday`, `july 13 - july 15`."""
    last = left[-1].part
    past = isinstance(last, Day) and isinstance(right.part, Past) and _HAS_YEAR.search(text, right.start, right.end)
    if not isinstance(last, (Day, Clock)) or not (past or type(last) is type(right.part)):
        return False
    return bool(_DASH.fullmatch(text, left[-1].end, right.start)) and not _MOVED.search(text, 0, left[0].start)


def _other_end(text: str, left: list[Found], right: Found) -> Part:
    """What the end of a stretch says of its beginning: nothing, unless it alone has the year or zone of both."""
    if isinstance(right.part, Past):
        return right.part
    dated = _HAS_YEAR.search(text, right.start, right.end) and not _HAS_YEAR.search(text, left[0].start, left[-1].end)
    days = [one.part.on for one in (*left, right) if isinstance(one.part, Day)]
    zones = {one.part.zone for one in (left[-1], right) if isinstance(one.part, Clock)}
    if (dated and len({day.year for day in days}) > 1) or len(zones) > 1:
        return Unclear()
    return Later(right.part.on if isinstance(right.part, Day) else None)


def _begun(text: str, groups: list[list[Found]]) -> list[list[Found]]:
    """Of two days that stand for all between them, the first: `from monday to wednesday`, `dec 4 - dec 8`."""
    kept: list[list[Found]] = []
    for group in groups:
        if kept and _ends_range(text, kept[-1], group):
            kept[-1] = [*kept[-1], Found(group[0].start, group[-1].end, _other_end(text, kept[-1], group[0]))]
        else:
            kept.append(group)
    return kept


def _ends_range(text: str, left: list[Found], right: list[Found]) -> bool:
    past = len(right) == 1 and isinstance(right[0].part, Past) and _HAS_YEAR.search(text, right[0].start, right[0].end)
    if not all(isinstance(one.part, (Day, Clock, DayPart)) for one in (left if past else (*left, *right))):
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
        return _gone_together(text, left, right)
    if re.search(r"\b(?:before|after)\b", gap) and not isinstance(right.part, (Clock, DayPart)):
        return False  # the friday before christmas
    return gap.strip() not in {"-", "about", "for the", "from the", "of the"} or not _described(
        text, right.start, right.end
    )


def _gone_together(text: str, left: Found, right: Found) -> bool:
    """Whether a time belongs to the day in the past beside it (`last friday at 4`), not to what is to be done."""
    gone, other = (left, right) if isinstance(left.part, Past) else (right, left)
    gap = text[left.end : right.start].strip(" ,")
    if gap not in _TIGHT or _described(text, gone.start, gone.end):
        return False
    dated = isinstance(other.part, Day) and other.part.free == "weekday" and gone is right and not gap
    return dated or isinstance(other.part, (Clock, DayPart, Repeat, Till))


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
    """What the span says; to be asked about where the words beside it change that."""
    coming_again = repeats(span.parts)
    resolved = (again if coming_again else resolve)(span.parts, reference, half)
    if resolved and resolved.wall and changed(text, span.start, span.end, repeats=coming_again):
        return Resolved(None, "vague")
    return resolved
