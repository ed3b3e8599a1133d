"""The text of an HTML body, in one pass over it. Nothing is fetched, nothing is run; the original is kept.

Not by the standard library's `html.parser`: strangers write these bodies, and on 100 KB of `<a <a <a …` it took two
minutes (Python 3.11). Everything here is linear in the length of the body.
"""

import re
from collections.abc import Iterator
from html import unescape

SILENT = frozenset({"script", "style", "template", "title"})
# fmt: off
BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section", "table", "tr", "ul",
})
# fmt: on

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>|<[!?/][^<>]*>")
_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_BLANK = re.compile(r"\n{3,}")
_HUGE = re.compile(r"&#[0-9]{8,};?")  # `unescape` would raise ValueError for a number of more than 4,300 digits


def text_of(html: str) -> str:
    """What a person would read, one block a line."""
    text = "".join(_pieces("".join(_without_comments(html))))
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return _BLANK.sub("\n\n", "\n".join(lines)).strip()


def _pieces(html: str) -> Iterator[str]:
    at, silent = 0, ""
    for tag in _TAG.finditer(html):
        if not silent:
            yield _words(html[at : tag.start()])
        at = tag.end()
        closing, name = bool(tag[1]), (tag[2] or "").lower()
        if silent:
            silent = "" if closing and name == silent else silent
        elif name in SILENT:
            silent = "" if closing else name
        elif name in BLOCKS:
            yield "\n" if name != "li" else "" if closing else "\n- "
        elif name in {"td", "th"}:
            yield " "
    if not silent:
        yield _words(html[at:])


def _words(text: str) -> str:
    return _SPACE.sub(" ", unescape(_HUGE.sub("\ufffd", text)))


def _without_comments(html: str) -> Iterator[str]:
    at = 0
    while (start := html.find("<!--", at)) >= 0:
        yield html[at:start]
        end = html.find("-->", start + 2)  # `<!-->` is closed already: `<!--[if !mso]><!-->` is one comment
        if end < 0:
            return
        at = end + len("-->")
    yield html[at:]
