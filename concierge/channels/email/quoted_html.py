"""Where mail programs mark the quoted thread in HTML. The marks are the programs' own, found in the mail they send."""

import re
from collections.abc import Iterator

PLACE = "> …"
"""Stands for a quote that was folded; `quoting.newest` takes it for one."""

_CLASS = r"""<{tags}\b[^<>]{{0,500}}?\b{attribute}\s*=\s*["']?(?:[\w-]{{1,50}}\s){{0,3}}(?:{values})"""
_QUOTE = re.compile(
    "|".join(
        [
            _CLASS.format(tags="(blockquote)", attribute="type", values=r"cite\b"),
            _CLASS.format(tags="(blockquote)", attribute="class", values="protonmail_quote|tutanota_quote"),
            _CLASS.format(tags="(div)", attribute="class", values="yahoo_quoted|zmail_extra"),
        ]
    ),
    re.IGNORECASE,
)
_GMAIL = re.compile(_CLASS.format(tags="(div|blockquote)", attribute="class", values="gmail_quote"), re.IGNORECASE)
_REST = re.compile(
    _CLASS.format(
        tags="(?:div|hr|p|span|section)",
        attribute="(?:id|class)",
        values="appendonsend|divRplyFwdMsg|stopSpelling|OLK_SRC_BODY_SECTION|mail-editor-reference-message-container|"
        r"WordSection\d_quote",
    ),
    re.IGNORECASE,
)
_TAGS = {name: re.compile(rf"<(/?){name}\b", re.IGNORECASE) for name in ("div", "blockquote")}


def folded(html: str) -> str:
    """The HTML with `PLACE` for each quote, and without what stands below Outlook's mark of one."""
    rest = _REST.search(html)
    return "".join(_pieces(html[: rest.start()] if rest else html))


def _pieces(html: str) -> Iterator[str]:
    at, ends = 0, 0
    for start, tag in _quotes(html):
        if start < ends:
            continue
        ends = _end(html, start, tag)
        yield html[at:start]
        yield f"<p>&gt; {PLACE[2:]}</p>"
        at = ends
    yield html[at:]


def _quotes(html: str) -> Iterator[tuple[int, str]]:
    """Where each begins, and its tag; Gmail also marks so what people quote themselves, but then in no such `div`."""
    found = [(mark.start(), next(filter(None, mark.groups())).lower()) for mark in _QUOTE.finditer(html)]
    gmail = [(mark.start(), mark[1].lower()) for mark in _GMAIL.finditer(html)]
    reply = next((start for start, tag in gmail if tag == "div"), len(html))
    found += [(start, tag) for start, tag in gmail if tag == "blockquote" and start > reply]
    yield from sorted(found)


def _end(html: str, start: int, tag: str) -> int:
    """Behind the element's end tag; the end of the HTML where it has none."""
    depth = 0
    for one in _TAGS[tag].finditer(html, start):
        depth += -1 if one[1] else 1
        if depth == 0:
            return html.find(">", one.start()) + 1 or len(html)
    return len(html)
