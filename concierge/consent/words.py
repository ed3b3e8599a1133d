"""STOP and START, as people write them: the whole message, in whatever case. `words.json` has them by language.

Only the class of STOP and UNSUBSCRIBE: END, CANCEL and QUIT, which SMS providers also know, are what people say about
appointments (channels.md 9.2).
"""

from functools import cache
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

FIRST = "en"  # a word of several languages is answered in this one


class Word(Struct, frozen=True):
    """What a message of one word asks for, and what is answered."""

    wants: Literal["stop", "resume"]
    scope: Literal["all", "marketing"]
    answer: str


class _Language(Struct, frozen=True):
    stop: list[str]
    marketing: list[str]
    resume: list[str]
    stopped: str
    resumed: str


def said(text: str) -> Word | None:
    """The word, if the message is nothing else."""
    return _table().get(_bare(text)) if len(text) <= 100 else None


def _bare(text: str) -> str:
    return " ".join(text.casefold().replace("’", "'").strip(" \t\r\n.!\"'“”„*").split())


@cache
def _table() -> dict[str, Word]:
    source = resources.files("concierge.consent").joinpath("words.json").read_bytes()
    languages = msgspec.json.decode(source, type=dict[str, _Language])
    table: dict[str, Word] = {}
    for name in (FIRST, *sorted(languages.keys() - {FIRST})):
        language = languages[name]
        for words, word in (
            (language.stop, Word("stop", "all", language.stopped)),
            (language.marketing, Word("stop", "marketing", language.stopped)),
            (language.resume, Word("resume", "all", language.resumed)),
        ):
            for each in words:
                table.setdefault(_bare(each), word)
    return table
