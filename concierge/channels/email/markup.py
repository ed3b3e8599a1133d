"""A text as HTML: escaped, blank lines become paragraphs, addresses of pages become links; nothing else."""

import re
from html import escape

_URL = re.compile(r"https?://[^\s<>\"'`]{1,2000}")
_AFTER = ".,;:!?)]}»”’"  # signs that end a sentence rather than a URL
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")
_STYLE = "font-family:sans-serif;font-size:15px;line-height:1.5"


def html_of(text: str) -> str:
    """The body of the mail's HTML half."""
    paragraphs = _PARAGRAPHS.split(text.replace("\r\n", "\n").strip())
    told = "\n".join(f"<p>{_linked(each).replace(chr(10), '<br>' + chr(10))}</p>" for each in paragraphs)
    return f'<!doctype html>\n<html><body style="{_STYLE}" dir="auto">\n{told}\n</body></html>\n'


def _linked(text: str) -> str:
    told, at = [], 0
    for found in _URL.finditer(text):
        url = found[0].rstrip(_AFTER)
        told += [escape(text[at : found.start()]), f'<a href="{escape(url)}">{escape(url)}</a>']
        at = found.start() + len(url)
    return "".join([*told, escape(text[at:])])
