"""Manners of an agent: it says who it is once, and some things never. Pure.

The sanitizer is the last line of defence: whatever a model or a setting brings, what matches is taken out.
"""

import re
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Struct

from concierge.languages.speaking import FIRST, said_by

SERVICE_LISTS = [
    r"\([^)]*(?:Visa|Permit|Setup|Services)[^)]*\)",
    r"\b(?:[\w&'-]+ ){0,3}(?:Visa|Permit|Setup|Services?)\b(?:\s*/\s*[\w&'-]+(?: [\w&'-]+){0,3})+",
]
_NESTED = re.compile(r"\([^()]*[+*}][^()]*\)(?:[+*]|\{\d*,)")  # (a+)+: may take for ever
_BLANKS = re.compile(r"\{(\w*)\}")


def _is_greeting(text: str) -> str | None:
    odd = {name for name in _BLANKS.findall(text) if name not in ("agent", "business", "disclosure")}
    return f"has blanks nobody fills: {', '.join(sorted(odd))}" if odd else None


def _is_pattern(text: str) -> str | None:
    try:
        re.compile(text)
    except re.error as error:
        return f"is no regular expression: {error}"
    return "repeats what repeats, which may take for ever" if _NESTED.search(text) else None


Greeting = Annotated[str, Meta(min_length=1, max_length=500, extra={"check": _is_greeting})]
Pattern = Annotated[str, Meta(min_length=1, max_length=300, extra={"check": _is_pattern})]


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """What an agent says of itself, unless its settings have other words."""

    greeting: str  # with the blanks of `Manners.greeting`
    fallback: str


def phrases(language: str) -> Phrases:
    """In the language, in English if we do not speak it."""
    return said_by("concierge.outbox", language, Phrases)


class Manners(Struct, frozen=True, forbid_unknown_fields=True):
    """What `agent.settings["manners"]` holds."""

    greeting: Greeting | None = None  # before its first words in a conversation; {agent}, {business}, {disclosure}
    disclosure: Annotated[str, Meta(max_length=200)] = ""  # such as "I am a bot.", where law wants it
    forbidden: Annotated[list[Pattern], Meta(max_length=20)] = []  # regular expressions; case does not matter
    # when nothing else is left to say
    fallback: Annotated[str, Meta(min_length=1, max_length=500)] = phrases(FIRST).fallback


def greeting(manners: Manners, *, agent: str, business: str) -> str:
    """How the agent introduces itself; empty: it does not."""
    if not manners.greeting:
        return ""
    said = {"agent": agent, "business": business, "disclosure": manners.disclosure}
    text = _BLANKS.sub(lambda match: said[match[1]], manners.greeting)
    if manners.disclosure and manners.disclosure not in text:
        text = f"{text} {manners.disclosure}"
    return text.strip()


def sanitized(text: str, manners: Manners) -> tuple[str, list[str]]:
    """The text without what must not be said, and the patterns that took something out of it."""
    acted = []
    for pattern in manners.forbidden:
        cleaned = _compiled(pattern).sub("", text)
        if cleaned != text:
            acted.append(pattern)
            text = cleaned
    if not acted:
        return text, []
    text = re.sub(r"[ \t]{2,}", " ", re.sub(r"[ \t]+([.,;:!?])", r"\1", text)).strip()
    return (text if re.search(r"\w", text) else manners.fallback), acted


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
