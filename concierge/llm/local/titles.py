"""The title of a task: what remains of a clause once its times, its courtesies and its lead-in are gone."""

import re
from collections.abc import Iterable

from concierge.llm.local.spans import Span
from concierge.llm.patterns import regex

LONGEST = 200
BARE = "Follow up"
"""The title of a request that names nothing to be done."""

_ARTICLE = regex(r"^(?:the|a|an) (?=\w)", re.IGNORECASE)
_NOT_TO = regex(r"^not to ", re.IGNORECASE)
_TRAILING = regex(
    # begun where nothing of it goes before, and never taken back: it could be read in 2^n ways
    r"(?<![\s,.:;!?-])(?:[\s,.:;!?-]|\b(?:please|pls|plz|thanks|thank you|thx|cheers|many thanks|if possible|ok|okay|"
    r"asap|at|on|by|in|for|and|around|before|after|from|"
    r"the|of|this|until|or so|or|to|next|but|instead|sharp|latest)\b)++$",
    re.IGNORECASE,
)
_KEEP_LAST = regex(
    r"\b(?:log|sign|check|follow|move|opt|turn|hand|fill|drop|come|plug) (?:in|on|by|for|up)$", re.IGNORECASE
)
_POINTING = {
    "this",
    "it",
    "that",
    "this email",
    "this message",
    "them",
    "this one",
    "that one",
    "me",
    "this thread",
    "the below",
    "us",
    "about this",
    "about it",
    "about that",
}


def without(text: str, spans: Iterable[Span]) -> str:
    """The text with the spans and the words that lead up to them cut out."""
    pieces, at = [], 0
    for span in spans:
        pieces.append(text[at : span.lead].rstrip())
        at = span.end
    pieces.append(text[at:])
    return re.sub(r" +", " ", " ".join(piece.strip() for piece in pieces)).replace(" ,", ",").strip()


def title(rest: str) -> str:
    """Tidy what is to be done; empty where it only points at something ("this")."""
    words = rest.strip(" ,.:;!?\"'()-")
    while words.lower().startswith(("to ", "about ", "that ", "for ", "of ", "and ", "then ")):
        words = words.split(" ", 1)[1].lstrip(" ,:")
    words = _NOT_TO.sub("do not ", words)
    trimmed = words if _KEEP_LAST.search(words) else _TRAILING.sub("", words)
    words = _ARTICLE.sub("", trimmed)
    if words.lower() in _POINTING:
        return ""
    words = words[:LONGEST].rsplit(" ", 1)[0] if len(words) > LONGEST else words
    return words[:1].upper() + words[1:]


_DRAFT = regex(
    r"^(?:(?:draft|write|compose)\b(?! (?:off|down|check|cheque))|prepare (?:a|an|the|my|our)? ?(?:\w+ )?(?:e-?mail|"
    r"message|letter|reply|text|note|response|draft)\b)|"
    r"\b(?:and|with|include|prepare|have) (?:a )?draft\b|\bdraft (?:an?|the|my|me) ",
    re.IGNORECASE,
)


def wants_draft(words: str) -> bool:
    """Whether the words ask for a text to be written."""
    return bool(_DRAFT.search(words))
