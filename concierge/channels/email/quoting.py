"""The newest reply, cut from the thread quoted under it. What is cut stays in `Inbound.whole`.

Cutting too much would lose what a person wrote, so a mark counts only with its evidence: a line that announces a quote
must name a time or an address, a block of headers must have a sender and a date or a subject, and whoever answers
between the quoted lines is left whole. Every step is linear in the length of the text: strangers write it (the
libraries for this took half a minute over 20 KB of blank lines, and cut “From: Berlin, To: Munich”).
"""

import re
from collections.abc import Iterable

from concierge.channels.email.quote_words import ABOUT, FORWARDED, FORWARDS, FROM, SENT, SEPARATOR, WROTE

_RULE = re.compile(r"^[_=-]{10,}$")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|\b(?:19|20)\d{2}\b")
_JAPANESE_STYLE = re.compile(r"^\d{4}.{0,40}\d{1,2}:\d{2}.{0,120}[:：]$")
_HTML = re.compile(
    r"""<(?:div|blockquote|hr|p|span|section)\b[^<>]{0,500}?(?:class|id|type)\s*=\s*["']?(?:"""
    r"""gmail_quote|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote|tutanota_quote|zmail_extra|"""
    r"""appendonsend|divRplyFwdMsg|stopSpelling|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|"""
    r"""cite\b|WordSection\d_quote)""",
    re.IGNORECASE,
)
LONGEST_ANNOUNCEMENT = 3  # lines: mail programs fold it
LONGEST_LINE = 400


def newest(text: str, subject: str | None = None) -> str:
    """What was newly written; all of it where nothing is quoted, something is forwarded, or it is unclear."""
    if (subject or "").strip().lower().startswith(FORWARDS) or FORWARDED.search(text):
        return text.strip()
    lines = text.splitlines()
    at = _quote_starts(lines)
    above = _joined(lines[:at])
    below = _joined(line for line in lines[at:] if not line.startswith(">")) if at < len(lines) else ""
    if not above and at < len(lines):
        return _under(lines) or text.strip()
    return text.strip() if below and _answers_between(lines[at:]) else above


def newest_of_html(html: str) -> str:
    """The HTML down to where a mail program marked its quote; all of it where none is marked."""
    mark = _HTML.search(html)
    return html[: mark.start()] if mark else html


def _quote_starts(lines: list[str]) -> int:
    """The index of the first line that belongs to the thread; the number of lines where none does."""
    for at, line in enumerate(lines):
        bare = line.strip()
        if not bare or len(bare) > LONGEST_LINE:
            continue
        if bare.startswith(">") or SEPARATOR.match(bare) or _headers(lines, at):
            return _with_line_above(lines, at)
        if _announces(lines, at):
            return at
    return len(lines)


def _announces(lines: list[str], at: int) -> bool:
    """Whether “On … wrote:” begins here, perhaps over several lines."""
    told = ""
    for line in lines[at : at + LONGEST_ANNOUNCEMENT]:
        bare = line.strip()
        if not bare or len(bare) > LONGEST_LINE:
            return False
        told = f"{told} {bare}".strip()
        if bare.endswith((":", "：")):
            address = "@" in told
            return (_names_writing(told) and (address or bool(_TIME.search(told)))) or bool(
                address and _JAPANESE_STYLE.match(told)
            )
        if _begins_otherwise(told):
            return False
    return False


def _begins_otherwise(told: str) -> bool:
    """An announcement has a time or an address in its first line; anything else is a sentence of the person's own."""
    return "@" not in told and not _TIME.search(told)


def _headers(lines: list[str], at: int) -> bool:
    """Whether the quoted mail's own headers begin here, as Outlook writes them."""
    if _name(lines[at]) not in FROM:
        return False
    names = [_name(line) for line in lines[at + 1 : at + 8]]
    return any(name in SENT for name in names) and any(name in ABOUT for name in names)


def _name(line: str) -> str:
    name, colon, value = line.replace("：", ":").partition(":")
    return name.strip(" *\t").lower() if colon and value.strip(" *") else ""


def _with_line_above(lines: list[str], at: int) -> int:
    """Where the thread begins if the line above belongs to it: a rule, or “Bob wrote:” without any time."""
    above = at - 1
    while above >= 0 and not lines[above].strip():
        above -= 1
    bare = lines[above].strip() if above >= 0 else ""
    announces = len(bare) <= LONGEST_LINE and bare.endswith((":", "：")) and _names_writing(bare)
    return above if _RULE.match(bare) or announces else at


def _names_writing(text: str) -> bool:
    return any(each in text.lower() for each in WROTE)


def _answers_between(lines: list[str]) -> bool:
    """Whether somebody wrote under or between lines that are quoted by “>”."""
    quoted = [line.startswith(">") for line in lines]
    if not any(quoted):
        return False
    first = quoted.index(True)
    return any(line.strip() and not line.startswith(">") for line in lines[first:])


def _under(lines: list[str]) -> str:
    """What stands under the only quote, which is at the top; nothing where there are several."""
    quoted = [at for at, line in enumerate(lines) if line.startswith(">")]
    if not quoted:
        return ""
    own = [at for at, line in enumerate(lines) if line.strip() and at > quoted[0] and not line.startswith(">")]
    return _joined(lines[own[0] :]) if own and own[0] > quoted[-1] else ""


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines).strip()
