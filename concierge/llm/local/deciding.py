"""What a message says about drafts that wait for somebody's word: `ok send it`, `no`, `change it to …`, `shorter`.

A bare "yes" counts only right after we asked; words that speak of a draft count as long as one waits.
"""

import re
from collections.abc import Sequence

from msgspec import Struct, structs

from concierge.llm.local.clauses import written_now
from concierge.llm.local.draft_phrases import (
    AGAIN,
    AGREES,
    APPROVES,
    CHANGES,
    COMMON,
    DECLINES,
    HEDGES,
    LONGER,
    NUMBER,
    ORDINALS,
    REFUSES,
    SENDS,
    SHORTER,
    SOUNDS,
    SPEAKS,
    SWAPS,
    TOO,
)
from concierge.llm.local.parts import Reference
from concierge.llm.local.preferences import LANGUAGES, TONES
from concierge.llm.local.requests import is_filler
from concierge.llm.local.short_answers import in_english, own_words
from concierge.llm.local.spans import find_spans
from concierge.llm.local.titles import without
from concierge.llm.purposes import DraftAnswer, ExtractPrompt, Length, OpenDraft

_LONGEST = 300  # characters of an answer that is about the draft's words, or that says yes or no and nothing else
_SHORTER: dict[Length, Length] = {"long": "medium", "medium": "short", "short": "short"}
_LONGER: dict[Length, Length] = {"short": "medium", "medium": "long", "long": "long"}


class Decided(Struct, frozen=True):
    """What a message says about a draft, and what else there is to read in it."""

    answer: DraftAnswer
    rest: str = ""


def decided(text: str, prompt: ExtractPrompt, at: Reference) -> Decided | None:
    """None: the message is about something else."""
    if not prompt.drafts:
        return None
    english = in_english(text) or own_words(text)
    if english is None:
        return _decided(text, prompt, at)
    meant = _decided(english, prompt, at)
    return meant and structs.replace(meant, answer=structs.replace(meant.answer, quote=text))


def _decided(text: str, prompt: ExtractPrompt, at: Reference) -> Decided | None:
    body = written_now(text)
    said = body.lower()
    if len(said) != len(body):
        return None  # letters that have no small ones of their own
    if meant := _chosen(said, body, prompt, at):
        return meant
    asked, names = any(each.latest for each in prompt.drafts), re.search(r"\bdraft\b", said) is not None
    if len(said) <= _LONGEST and (ended := _ended(said, body, prompt, asked=asked, names=names)):
        return ended
    if not (asked or names):
        return None
    return _reworked(body, prompt, at, quote=body) or (_begun(said, body, prompt, at) if asked else None)


def is_bare(text: str) -> bool:
    """Whether it only says "send it", of whatever was spoken of."""
    return len(text) <= _LONGEST and SENDS.fullmatch(written_now(text).lower().strip()) is not None


def _chosen(said: str, body: str, prompt: ExtractPrompt, at: Reference) -> Decided | None:
    """The answer to "Which draft do you mean?": what they said before, of that one."""
    earlier = prompt.turns[: len(prompt.turns) - prompt.unread]
    if not earlier or earlier[-1].who != "concierge" or not _asks_which(earlier[-1].text, prompt.drafts):
        return None
    meant = next((turn.text for turn in reversed(earlier) if turn.who == "contact"), "")
    one = [structs.replace(each, latest=True) for each in prompt.drafts if [each.ref] == _refs(said, prompt)]
    before = decided(meant, structs.replace(prompt, drafts=tuple(one), turns=(), unread=0), at)
    return before and Decided(structs.replace(before.answer, quote=body))


def _asks_which(text: str, drafts: Sequence[OpenDraft]) -> bool:
    """Whether it is a question, in whatever language, over a list of their titles."""
    return any(re.search(rf"[?؟]\n1\. {re.escape(each.title)}$", text, re.MULTILINE) for each in drafts)


def _ended(said: str, body: str, prompt: ExtractPrompt, *, asked: bool, names: bool) -> Decided | None:
    """Yes or no, and nothing else."""
    bare = said.strip()
    if match := APPROVES.fullmatch(bare):
        spoken = asked or bare.startswith(("send it", "approve")) or (match["sends"] and names)
        return Decided(DraftAnswer("approve", _refs(bare, prompt), body)) if spoken else None
    if match := DECLINES.fullmatch(bare):
        spoken = asked or (match["drops"] and names)
        return Decided(DraftAnswer("decline", _refs(bare, prompt), body)) if spoken else None
    return None


def _begun(said: str, body: str, prompt: ExtractPrompt, at: Reference) -> Decided | None:
    """It begins with yes or no and goes on, or it says nothing clear."""
    refs, unclear = _refs("", prompt), DraftAnswer("unclear", _refs("", prompt), body)
    if match := AGREES.match(said):
        rest = body[match.end() :].strip(" ,.!;")
        if match["but"]:
            return _reworked(rest, prompt, at, quote=body) or Decided(unclear)
        return Decided(DraftAnswer("approve", refs, body[: match.end()]), rest)
    if match := REFUSES.match(said):
        return _reworked(body[match.end() :], prompt, at, quote=body)
    return Decided(unclear) if HEDGES.fullmatch(said.strip()) else None


def _reworked(body: str, prompt: ExtractPrompt, at: Reference, *, quote: str) -> Decided | None:
    """Other words, or another manner."""
    said, refs = body.lower(), _refs("", prompt)
    draft = next((each for each in prompt.drafts if each.ref in refs), prompt.drafts[-1])
    if len(said) <= _LONGEST:
        if manner := _manner(said.strip(), draft, DraftAnswer("rewrite", refs, quote)):
            return Decided(manner)
        if text := _swapped(body, draft):
            return Decided(DraftAnswer("change", refs, quote, text=text))
    match = CHANGES.fullmatch(said)
    words = _unquoted(body[match.start("words") :].strip()) if match else ""
    spans = find_spans(words.lower(), at)
    if not words or (spans and is_filler(without(words.lower(), spans))):
        return None  # "change it to 4pm" is about the follow-up
    return Decided(DraftAnswer("change", refs, quote, text=words))


def _manner(said: str, draft: OpenDraft, plain: DraftAnswer) -> DraftAnswer | None:
    too = TOO.fullmatch(said)
    if SHORTER.fullmatch(said) or (too and too["what"] in {"long", "wordy"}):
        return structs.replace(plain, length=_SHORTER[draft.length])
    if LONGER.fullmatch(said) or (too and too["what"] in {"short", "brief"}):
        return structs.replace(plain, length=_LONGER[draft.length])
    if too:
        return structs.replace(plain, tone=f"less {TONES[too['what']]}")
    if match := SOUNDS.fullmatch(said):
        return structs.replace(plain, tone=f"{'less ' if match['way'] == 'less ' else ''}{TONES[match['tone']]}")
    if match := SPEAKS.fullmatch(said):
        return structs.replace(plain, language=LANGUAGES[match["language"] or match["bare"]])
    return plain if AGAIN.fullmatch(said) else None


def _swapped(body: str, draft: OpenDraft) -> str | None:
    """The draft with one wording in place of another, where it holds that."""
    match = SWAPS.fullmatch(body.lower())
    start = draft.text.lower().find(match["old"]) if match else -1
    if match is None or start < 0 or len(draft.text.lower()) != len(draft.text):
        return None
    return draft.text[:start] + body[slice(*match.span("new"))] + draft.text[start + len(match["old"]) :]


def _unquoted(words: str) -> str:
    quoted = len(words) > 1 and words[0] == words[-1] and words[0] in "\"'"
    return words[1:-1].strip() if quoted else words


def _refs(said: str, prompt: ExtractPrompt) -> list[str]:
    """Which one: by number, by a word of its title, else the one they were asked about, else the only one there is."""
    drafts = prompt.drafts
    if match := NUMBER.search(said):
        n = len(drafts) if match["n"] == "last" else ORDINALS.get(match["n"]) or int(match["n"])
        return [drafts[n - 1].ref] if 0 < n <= len(drafts) else []
    words = set(re.findall(r"\w{3,}", said)) - COMMON
    titled = [each for each in drafts if words & set(re.findall(r"\w{3,}", each.title.lower()))]
    for chosen in (titled, [each for each in drafts if each.latest], drafts):
        if len(chosen) == 1:
            return [chosen[0].ref]
        if chosen:
            return []
    return []
