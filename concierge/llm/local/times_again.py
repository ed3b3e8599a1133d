"""Another time for a follow-up there is: “make that 4pm”, “move the call to Friday”, “snooze an hour”, “no, at 5pm”.

A time of day alone keeps the day of the follow-up, a day alone its time of day; `by an hour` counts from its time. A
snooze counts from now.
"""

import re
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from msgspec import structs

from concierge.llm.local.clauses import Clause, clause
from concierge.llm.local.offsets import DURATION, amount, elapse, on_the_calendar
from concierge.llm.local.parts import Clock, DayPart, Half, Moment, Part, Reference
from concierge.llm.local.pointing import candidates, point
from concierge.llm.local.requests import is_filler
from concierge.llm.local.spans import Span, find_spans
from concierge.llm.local.titles import without
from concierge.llm.local.when import read_when
from concierge.llm.patterns import regex
from concierge.llm.purposes import Act, Change, ExtractPrompt, OpenTask, When

_POLITE = (
    r"(?:(?:hi|hey|ok|okay|oh|well|no|nope|yes|yep|yeah|sorry|wait|hmm|oops|please|pls|actually|and|but|so|also|then|"
    r"just|"
    r"thanks|thank you|can you|could you|would you|will you|can we|could we|let's|let us|i want to|i'd like to|i "
    r"need to|"
    r"you can|on second thoughts?)[,.!;:]* )*+"
)
_MOVE = regex(
    rf"^{_POLITE}(?:make|change|move|push|shift|reschedule|re-schedule|bring|set|put|switch|update|postpone|delay|"
    rf"better make)"
    r"(?: the (?:time|date)(?: (?:of|for))?)?(?P<object>(?: .*?)?)(?: (?:back|forward|forwards|off|out|up|over))?$"
)
_SNOOZE = regex(
    rf"^{_POLITE}(?:snooze|remind me(?: (?P<again>again|later|about (?:it|that|this)(?: again)?|of (?:it|that)(?: "
    rf"again)?|once more))|"
    r"(?:ask|tell|ping|nudge) me again|not now|not yet)(?P<object>(?: .*?)?)$"
)
_NOT_NOW = regex(r"^(?:not now|not yet|later)(?:,| -|\.)? (?=\w)")
_BARE_NUMBER = regex(
    rf"^{_POLITE}(?:make|change|move|set|snooze)(?: (?:it|that|this))?(?: to| for| until)? (?P<n>\d{{1,2}})[ .!]*$"
)
_CORRECTED = regex(
    r"^(?:no|sorry|actually|oops|i mean|i meant|rather|correction|better|or rather|not that|wait|hmm|make that|oh)\b|"
    r"\b(?:instead|i mean|i meant|rather)(?: please)?[ .!]*$"
)
_BY = regex(
    rf"(?:^|\b(?:by|for|another|back|forward|it|that|snooze) )(?P<by>{DURATION})(?P<way> (?:later|earlier|more|sooner|"
    rf"longer))?[ .!?]*$"
)
_NOT = regex(r"(?:,? ?(?:and )?not| instead of| rather than) (?:(?:at|on|in|for|the) )*$")
_NOT_THEN = regex(r"\bnot (?:at |on |in )?(?:\d|the |mon|tue|wed|thu|fri|sat|sun|noon|today|tomorrow)")
_REMINDED = "Reminder: "


def new_time(one: Clause, prompt: ExtractPrompt, at: Reference, *, refs: list[str] | None = None) -> Change | None:
    """None: the clause gives no follow-up another time. With `refs` it is known already which."""
    if late := _NOT_NOW.match(one.lower):
        one = clause("snooze " + one.text[late.end() :])
    elif number := _BARE_NUMBER.match(one.lower):
        one = clause(f"{one.text[: number.start('n')]}at {one.text[number.start('n') :]}")
    every = find_spans(one.lower, at)
    spans = [span for span in every if not span.describing and not _is_old(one.lower, span, every)]
    rest = _without_old(one.lower, every, spans)
    for pattern, act in ((_SNOOZE, "snooze"), (_MOVE, "move")):
        match = pattern.match(
            re.sub(
                rf"(?:(?:for|by|another) )?{DURATION}(?: later| earlier| more| longer| sooner)?(?= *[.!]?$)", "", rest
            ).strip(" .!?,")
        )
        if match is None:
            continue
        words = re.sub(r"(?:^| )(?:to|until|till|for|on|at|by|from)$", "", match["object"].strip())
        meant = refs or point(words, prompt, at, reminded=act == "snooze")
        if meant is None:
            return None
        return Change(act, meant, when=_when(one, spans, act, _only(meant, prompt), at))  # type: ignore[arg-type]
    return _bare(one, spans, rest, prompt, at, refs)


def _without_old(text: str, every: Sequence[Span], spans: Sequence[Span]) -> str:
    """The clause without its times, also those it takes back (`4pm, not 3pm`)."""
    rest = without(
        text, sorted([*spans, *(span for span in every if _is_old(text, span, every))], key=lambda s: s.start)
    )
    return re.sub(r",? ?(?:and )?not$|(?: instead of| rather than)$", "", rest.strip(" .!?,")).strip()


def _is_old(text: str, span: Span, every: Sequence[Span]) -> bool:
    """Whether it is what is taken back: `not 3pm`, `from Friday to Monday`."""
    before = text[: span.start]
    return bool(_NOT.search(before)) or (before.endswith(" from ") and span is not every[-1])


def _bare(
    one: Clause, spans: Sequence[Span], rest: str, prompt: ExtractPrompt, at: Reference, refs: list[str] | None
) -> Change | None:
    """Nothing but a time: after a reminder until when to wait, after a word of correction what was meant."""
    rest = re.sub(r"\b(?:i (?:mean|meant)|oops|correction|or rather|not that)\b", "", rest)
    if not spans or not is_filler(rest) or prompt.questions:
        return None
    act: Act = "snooze" if _was_reminded(prompt) else "move"
    if act == "move" and not (_CORRECTED.search(one.lower) or _NOT_THEN.search(one.lower)):
        return None
    meant = refs or point("", prompt, at, reminded=act == "snooze")
    return None if meant is None else Change(act, meant, when=_when(one, spans, act, _only(meant, prompt), at))


def _was_reminded(prompt: ExtractPrompt) -> bool:
    earlier = prompt.turns[: len(prompt.turns) - prompt.unread]
    return bool(earlier) and earlier[-1].who == "concierge" and earlier[-1].text.startswith(_REMINDED)


def _only(refs: list[str], prompt: ExtractPrompt) -> OpenTask | None:
    return next((each for each in candidates(prompt) if [each.ref] == refs), None)


def _when(one: Clause, spans: Sequence[Span], act: Act, task: OpenTask | None, at: Reference) -> When | None:
    others = [span for span in find_spans(one.lower, at) if span not in spans]
    due = datetime.fromisoformat(task.due) if task and task.due else None
    by = _BY.search(one.lower)
    if by and (not spans or (act == "move" and by["way"])):
        return _shifted(one, by, due if act == "move" else None, at)
    if not spans:
        return None
    parts = [part for span in spans for part in span.parts]
    if act == "snooze" or due is None:
        return read_when(one.lower, one.text, spans, at, others, half=_waking(parts))
    if _is_time_of_day(parts):
        day = max(due.date(), at.today)
        begin = datetime.combine(day, time()) - timedelta(seconds=1) if day > at.today else at.now
        return read_when(one.lower, one.text, spans, structs.replace(at, now=begin), others, half=_half(due))
    when = read_when(one.lower, one.text, spans, at, others)
    if when and when.wall and when.grain == "day" and not any(isinstance(part, Moment) for part in parts):
        kept = datetime.combine(datetime.fromisoformat(when.wall).date(), due.time())
        return structs.replace(when, wall=kept.isoformat(timespec="minutes"))
    return when


def _is_time_of_day(parts: Sequence[Part]) -> bool:
    return all(isinstance(part, Clock) or (isinstance(part, DayPart) and not part.today) for part in parts)


def _waking(parts: Sequence[Part]) -> Half | None:
    """Of a bare hour the half between 7 and 18: what is put off is put off to when one is awake."""
    bare = [part.hour for part in parts if isinstance(part, Clock) and not part.settled]
    return None if len(bare) != 1 else "am" if 7 <= bare[0] <= 11 else "pm"


def _half(due: datetime) -> Half:
    return "am" if due.hour < 12 else "pm"


def _shifted(one: Clause, by: re.Match[str], due: datetime | None, at: Reference) -> When | None:
    total = amount(by["by"])
    sign = -1 if (by["way"] or "").strip() in {"earlier", "sooner"} or " forward" in one.lower else 1
    base = due or at.now.replace(second=0)
    day = datetime.combine(on_the_calendar(base.date(), total, sign), base.time())
    wall = elapse(day, total, at, sign)
    return When(wall.isoformat(timespec="minutes"), "minute", one.text[slice(*by.span("by"))])
