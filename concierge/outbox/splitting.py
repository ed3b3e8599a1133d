"""A text that is too long for one message, as several: cut between paragraphs, else lines, sentences, words. Pure."""

import re
from collections.abc import Callable

_BORDERS = (
    re.compile(r"\n\s*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"[.!?…。！？]+[\"”’»)]*\s+"),
    re.compile(r"\s+"),
)
_FAR_ENOUGH = 0.3  # of what fits: a border before that would leave a crumb
_JOINER = "\u200d"  # between the parts of one emoji


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters; white space at a cut is dropped, all else is kept in order."""
    return _split(text, lambda rest: min(len(rest), limit))


def split_bytes(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` bytes of UTF-8; `limit` is at least 4, so that every character fits."""
    return _split(text, lambda rest: len(rest[:limit].encode()[:limit].decode(errors="ignore")))


def _split(text: str, fitting: Callable[[str], int]) -> list[str]:
    if fitting(text) == len(text):
        return [text]
    parts, rest = [], text.strip()
    while (room := fitting(rest)) < len(rest):
        cut = _cut(rest, room)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [part for part in (*parts, rest) if part] or [""]


def _cut(text: str, room: int) -> int:
    """Where to cut a text of which `room` characters fit."""
    seen = text[: room + 1]  # a space right behind what fits is a border too
    for border in _BORDERS:
        ends = [match.end() for match in border.finditer(seen) if len(seen[: match.end()].rstrip()) <= room]
        if ends and ends[-1] >= room * _FAR_ENOUGH:
            return ends[-1]
    cut = room
    while cut > 1 and (text[cut - 1] == _JOINER or text[cut] == _JOINER):  # never through a composed emoji
        cut -= 1
    return cut if cut > 1 else room
