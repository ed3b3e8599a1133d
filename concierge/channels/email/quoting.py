"""The newest reply, cut from the thread quoted under it. What is cut stays in `Inbound.whole`.

Cutting too much would lose what a person wrote: whoever answers between the quoted lines is left whole, and so is what
is forwarded. Every step is linear in the length of the text, and marks are looked for in as many lines as anybody
writes: strangers write it (the libraries for this took half a minute over 20 KB of blank lines, and cut “From: Berlin,
To: Munich”).
"""

import re
from collections.abc import Iterable, Sequence

from concierge.channels.email.quote_marks import (
    LONGEST_LINE,
    announced,
    forwards,
    headed,
    quoted,
    separates,
    with_line_above,
)
from concierge.channels.email.quote_words import FORWARDS

MOST_LINES = 5_000  # that somebody writes above a mark; beyond them nothing is cut
_FOOTER = re.compile(r"(?:--|_{10,})\s*$")  # above a signature, or what a mailing list adds


def newest(text: str, subject: str | None = None) -> str:
    """What was newly written; all of it where nothing is quoted, something is forwarded, or it is unclear."""
    text = text.strip()
    lines = text.splitlines()
    thread = None if is_forward(subject) else _thread(lines)
    if thread is None:
        return text
    begin, content = thread
    above, below = _joined(lines[:begin]), _answer(lines[content:])
    if below is None or (above and below and begin == content):  # unclear whose it is
        return text
    return "\n\n".join(part for part in (above, below) if part) or text


def is_forward(subject: str | None) -> bool:
    """Whether mail programs write this above what they forward."""
    return (subject or "").strip().lower().startswith(FORWARDS)


def holds_forward(text: str) -> bool:
    """Whether a forwarded mail stands in it, and no quote before."""
    lines = text.splitlines()
    mark = next((at for at in range(min(len(lines), MOST_LINES)) if forwards(lines, at)), None)
    return mark is not None and _thread(lines[:mark]) is None


def _thread(lines: Sequence[str]) -> tuple[int, int] | None:
    """The first line of the thread, and the first below what announces it; None where nothing is quoted."""
    for at, line in enumerate(lines[:MOST_LINES]):
        bare = line.strip()
        if not bare or (len(bare) > LONGEST_LINE and not quoted(line)):
            continue
        if forwards(lines, at):
            return None
        if quoted(line) or headed(lines, at):
            return with_line_above(lines, at), at
        if separates(bare):
            return with_line_above(lines, at), at + 1
        if length := announced(lines, at):
            return at, at + length
    return None


def _answer(lines: Sequence[str]) -> str | None:
    """What was written under lines quoted by “>”, often nothing; None where it was written between them."""
    first = next((at for at, line in enumerate(lines) if line.strip()), None)
    if first is None or not quoted(lines[first]):
        return ""
    end = next((at for at, line in enumerate(lines) if _FOOTER.match(line)), len(lines))
    own = next((at for at in range(first, end) if lines[at].strip() and not quoted(lines[at])), None)
    if own is None:
        return ""
    if any(map(quoted, lines[own:end])):
        return None
    older = _thread(lines[own:])  # what was quoted without “>” before
    return _joined(lines[own : own + older[0]] if older else lines[own:])


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines).strip()
