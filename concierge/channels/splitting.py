"""A long text as several messages: cut between paragraphs, else lines, else sentences, else words.

Only where a limit leaves no other choice is a word cut, and only in the last resort what a reader sees as one sign
(an emoji with its skin tone, a flag, a letter with its accents).
"""

import re
import unicodedata
from collections.abc import Callable

_BORDERS = (
    re.compile(r"\n[^\S\n]*\n\s*"),
    re.compile(r"\n\s*"),
    re.compile(r"[.!?…]+[\"'”’»)\]]*\s+|[。！？]+[”’」』）]*\s*"),
    re.compile(r"\s+"),
)
_FAR_ENOUGH = 0.3  # of what fits: a border before that would leave a crumb
_LONGEST_SIGN = 64  # characters; more than any real one has
_JOINER = "\u200d"


def split(text: str, limit: int = 4096) -> list[str]:
    """The text in parts of at most `limit` characters. Space at a cut is dropped, everything else is kept, in order."""
    return _split(text, lambda rest: min(len(rest), limit))


def split_bytes(text: str, limit: int = 1000) -> list[str]:
    """The text in parts of at most `limit` bytes of UTF-8; `limit` is at least 4, so that every character fits."""
    return _split(text, lambda rest: len(rest[:limit].encode()[:limit].decode(errors="ignore")))


def _split(text: str, fitting: Callable[[str], int]) -> list[str]:
    parts: list[str] = []
    rest = text
    while (room := fitting(rest)) < len(rest):
        cut = _cut(rest, room)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return [part for part in parts if part] or [""]


def _cut(text: str, room: int) -> int:
    """Where to cut a text of which `room` characters fit."""
    seen = text[: room + 1]  # a space right behind what fits is a border too
    for border in _BORDERS:
        ends = [match.end() for match in border.finditer(seen) if len(seen[: match.end()].rstrip()) <= room]
        if ends and ends[-1] >= room * _FAR_ENOUGH:
            return ends[-1]
    for cut in range(room, max(room - _LONGEST_SIGN, 0), -1):
        if not _inside_a_sign(text, cut):
            return cut
    return room


def _inside_a_sign(text: str, at: int) -> bool:
    """Whether a cut before `text[at]` would take apart what is shown as one sign."""
    before, after = text[at - 1], text[at]
    if _JOINER in (before, after):
        return True
    if unicodedata.category(after).startswith("M") or _changes_an_emoji(after):
        return True
    if not _is_flag_half(after):
        return False
    halves = 0
    while halves < at and _is_flag_half(text[at - 1 - halves]):
        halves += 1
    return halves % 2 == 1


def _changes_an_emoji(sign: str) -> bool:
    """A skin tone, or a tag such as make up the flag of Scotland."""
    return "\U0001f3fb" <= sign <= "\U0001f3ff" or "\U000e0020" <= sign <= "\U000e007f"


def _is_flag_half(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"
