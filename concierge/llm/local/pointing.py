"""Which follow-ups words point at: `that`, `the second one`, `all of them`, `the dentist`, `tomorrow's call`."""

import re
from collections.abc import Sequence

from concierge.llm.local.parts import Reference
from concierge.llm.local.spans import find_spans
from concierge.llm.local.titles import without
from concierge.llm.local.when import read_when
from concierge.llm.local.words import CARDINAL_WORDS, ORDINAL_WORDS, either, listed
from concierge.llm.patterns import regex
from concierge.llm.purposes import ExtractPrompt, OpenTask

_THING = r"(?:reminders?|tasks?|follow-?ups?|ones?|alarms?|alerts?|things?|items?)"
_THAT = regex(
    rf"(?:(?:about |on |of )?(?:that|it|this|them|those|these)(?: {_THING})?|(?:the|my|that|this) (?:(?:last|latest|"
    rf"previous|"
    rf"most recent|recent) )?{_THING}|(?:the )?(?:last|latest) one|)(?: any ?more| please| then| now)*"
)
_ALL = regex(
    rf"(?:(?:all|every(?:thing|one)?|each)(?: of)?(?: (?:it|them|those|these|that))?(?: (?:my|the|of my|of the))?(?: "
    rf"open)?"
    rf"(?: {_THING}| list)?|them all|it all|both(?: of them)?|the (?:whole|entire) list|my list|(?:my|the) "
    rf"reminders)(?: please)?"
)
_PLACE = regex(
    rf"(?:the |number |no\.? ?|nr\.? ?|# ?|item )*(?P<n>\d{{1,2}}(?:st|nd|rd|th)?|{either(ORDINAL_WORDS)}|"
    rf"{either(list(CARDINAL_WORDS)[:12])}|last)(?: one| {_THING})?"
)
_LINE = regex(r"^(\d{1,2})\. (.+?) — ", re.MULTILINE)
_NOISE = frozenset(
    listed(
        "a an the my our your his her their this that about for of to with on at in and or please reminder reminders "
        "task tasks follow followup up thing things one ones again me i it is by regarding re from"
    )
)
_ENDINGS = ("ing", "ed", "es", "s", "e")
_IRREGULAR = {
    "paid": "pay",
    "sent": "send",
    "bought": "buy",
    "wrote": "write",
    "met": "meet",
    "spoke": "speak",
    "did": "do",
    "made": "make",
    "got": "get",
    "took": "take",
    "told": "tell",
    "went": "go",
    "saw": "see",
    "gave": "give",
    "rang": "ring",
    "brought": "bring",
    "submitted": "submit",
    "spoken": "speak",
    "written": "write",
    "fed": "feed",
    "done": "do",
    "taken": "take",
    "given": "give",
    "picked": "pick",
    "found": "find",
    "sold": "sell",
    "kept": "keep",
    "left": "leave",
    "read": "read",
    "put": "put",
    "set": "set",
    "planned": "plan",
    "ran": "run",
}


def candidates(prompt: ExtractPrompt) -> list[OpenTask]:
    """Everything they may speak of; where nothing else was spoken of last, the newest question was."""
    asked = [OpenTask(each.ref, each.title, None) for each in prompt.questions]
    if asked and not any(each.latest for each in prompt.open):
        last = asked[-1]
        asked[-1] = OpenTask(last.ref, last.title, None, latest=True)
    return [*prompt.open, *asked]


def point(words: str, prompt: ExtractPrompt, at: Reference, *, reminded: bool = False) -> list[str] | None:
    """The refs; none where the words leave open which is meant. None: they point at nothing there is.

    `words` are in lower case; with `reminded`, "it" is what they were reminded of lately.
    """
    words, every = words.strip(" ,.:;!?\"'()-"), candidates(prompt)
    if not every:
        return None
    if _THAT.fullmatch(words):
        return _latest(every, reminded=reminded)
    if _ALL.fullmatch(words):
        return [each.ref for each in every if each.ref[0] == "Q" or each.due is not None]
    placed = [_PLACE.fullmatch(word) for word in re.split(r",? and |, ?| & ", words)]
    if placed and all(placed):
        refs = [_at_place(match["n"], prompt, every) for match in placed if match]
        return [ref for ref in refs if ref] if all(refs) else []
    return _named(words, every, at)


def _latest(every: Sequence[OpenTask], *, reminded: bool) -> list[str]:
    pool = [each for each in every if each.reminded] if reminded else list(every)
    pool = pool or list(every)
    last = [each for each in pool if each.latest] or pool
    return [last[0].ref] if len(last) == 1 else []


def _at_place(word: str, prompt: ExtractPrompt, every: Sequence[OpenTask]) -> str | None:
    """By the numbered list they were sent last, else by the order there is."""
    n = CARDINAL_WORDS.get(word) or ORDINAL_WORDS.get(word) or int(re.sub(r"\D", "", word) or "0")
    sent = next(
        (lines for turn in reversed(prompt.turns) if turn.who == "concierge" and (lines := _LINE.findall(turn.text))),
        [],
    )
    titles = [title for _, title in sent] or [each.title for each in every]
    index = len(titles) - 1 if word == "last" else n - 1
    if not 0 <= index < len(titles):
        return None
    same = [each.ref for each in every if each.title == titles[index]]
    before = titles[:index].count(titles[index])
    return same[before] if before < len(same) else None


def _named(words: str, every: Sequence[OpenTask], at: Reference) -> list[str] | None:
    wanted = stems(words)
    words = re.sub(rf" {_THING}$", "", words)
    found = [each.ref for each in every if wanted and wanted <= stems(each.title)]
    if not found:
        spans = find_spans(words, at)
        when = read_when(words, words, spans, at) if spans else None
        rest = stems(without(words, spans)) if spans else wanted
        if when and when.wall:
            length = 10 if when.grain == "day" else 16
            found = [
                each.ref
                for each in every
                if each.due and each.due[:length] == when.wall[:length] and rest <= stems(each.title)
            ]
    if not found:
        return None
    return found if len(found) == 1 else []


def stems(words: str) -> frozenset[str]:
    """The words that carry meaning, without their endings, so that `paid the rents` is `pay rent`."""
    return frozenset(_stem(word) for word in re.findall(r"[\w']+", words.casefold()) if word not in _NOISE)


def _stem(word: str) -> str:
    word = _IRREGULAR.get(word, word).removesuffix("'s")
    for ending in _ENDINGS:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)]
    return word
