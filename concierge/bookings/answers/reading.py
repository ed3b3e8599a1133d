"""What a message about an appointment asks for, by its words. Pure; `words.json` has them by language.

Short answers count only as the whole message: "yes" is an answer, "yes, and where do I park?" is a question.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

LONGEST = 300  # characters of a message that is read
_WORD = re.compile(r"[^\s,.;:!?¿¡،؟।()\"“”„«»]+")


class Wish(Struct, frozen=True):
    """What somebody wants."""

    does: Literal["confirm", "cancel", "move"]
    named: bool  # it speaks of an appointment; otherwise only what was said before shows that it does
    time: str = ""  # the words about another time


class _Language(Struct, frozen=True):
    confirm: list[str]
    cancel: list[str]
    cancelling: list[str]
    moving: list[str]
    fillers: list[str]
    nouns: list[str]


def read(text: str) -> Wish | None:
    """The wish, in whatever language it is; None for anything else."""
    if len(text) > LONGEST:
        return None
    said = text.replace("’", "'")
    words = _WORD.findall(said)
    bare = " ".join(words).casefold()
    for language in _languages():
        if bare in language.confirm:
            return Wish("confirm", named=False)
        if bare in language.cancel:
            return Wish("cancel", named=False)
    for language in _languages():
        if (wish := _longer(words, bare, language)) is not None:
            return wish
    return None


def _longer(words: Sequence[str], bare: str, language: _Language) -> Wish | None:
    lower = [word.casefold() for word in words]
    named = any(word in language.nouns for word in lower)
    for n, word in enumerate(lower):
        if word in language.moving:
            rest = list(words[n + 1 :])
            while rest and rest[0].casefold() in {*language.fillers, *language.nouns}:
                rest.pop(0)
            return Wish("move", named, " ".join(rest))
    if named and any(f" {each} " in f" {bare} " for each in language.cancelling):
        return Wish("cancel", named)
    return None


@cache
def _languages() -> tuple[_Language, ...]:
    """English first: where languages share a word, its meaning is the same here."""
    source = resources.files("concierge.bookings.answers").joinpath("words.json").read_bytes()
    return tuple(msgspec.json.decode(source, type=dict[str, _Language]).values())
