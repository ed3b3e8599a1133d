"""A mail as it came over the wire (RFC 5322, RFC 2045) becomes a `Letter`, whatever is broken in it."""

import re
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from typing import Any

from concierge.channels.email import parsing
from concierge.channels.email.letters import Letter
from concierge.channels.email.parsing import BROKEN, Part, parsed
from concierge.channels.email.returned import Returned, returned
from concierge.channels.email.words import decoded, text_in
from concierge.channels.model import Attachment

PREFIX = "part:"
MOST_PARTS = 1_000
MOST_HEADERS = 1_000
ADDRESSES = frozenset({"from", "to", "cc", "bcc", "reply-to", "sender"})
BODIES = frozenset({"text/plain", "text/html"})


def letter(raw: bytes, **known: Any) -> Letter:
    """The mail; `known` are members of `Letter` that its vendor knows better. Never raises for what is in it."""
    mail = parsed(raw)
    text: list[str] = []
    html: list[str] = []
    attachments: list[Attachment] = []
    for n, part in enumerate(_leaves(mail)):
        kind = _content_type(part)
        if kind.startswith("multipart/"):  # one whose boundary is missing
            kind = "text/plain"
        if kind in BODIES and not _is_attached(part):
            (text if kind == "text/plain" else html).append(_text(part))
        else:
            attachments.append(_attachment(part, n, kind))
    fields = {
        "headers": _headers(mail),
        "text": "\n".join(text) if text else None,
        "html": "\n".join(html) if html else None,
        "attachments": tuple(attachments),
        "raw": raw,
        "reports": _reports(mail),
    }
    return Letter(**(fields | known))


def _reports(mail: Part) -> tuple[Returned, ...]:
    try:
        return returned(mail)
    except (RecursionError, *BROKEN):
        return ()


def part_of(raw: bytes, locator: str) -> bytes | None:
    """The bytes of the attachment that `part:<n>` names; None where the mail has no such part."""
    number = locator.removeprefix(PREFIX)
    if not (locator.startswith(PREFIX) and number.isascii() and number.isdecimal() and len(number) < 6):
        return None
    found = next((part for n, part in enumerate(_leaves(parsed(raw))) if n == int(number)), None)
    return _content(found) if found is not None else None


def headers_of(text: str) -> list[tuple[str, str]]:
    """The headers in a block of them, as a `Letter` has them."""
    return _headers(parsing.headers_of(text.encode(errors="replace")))


def _headers(mail: Part) -> list[tuple[str, str]]:
    named = ((decoded(name).lower(), str(value)) for name, value in islice(mail.raw_items(), MOST_HEADERS))
    return [(name, decoded(value, address=name in ADDRESSES)) for name, value in named]


def _leaves(mail: Part) -> Iterator[Part]:
    """Every part without parts, in the mail's order; a mail attached to it stays one part."""
    waiting: list[Any] = [mail]
    for _ in range(MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop()
        if part.is_multipart() and _content_type(part).startswith("multipart/"):
            below: Any = part.get_payload()
            waiting.extend(reversed(below))
        else:
            yield part


def _attachment(part: Part, n: int, mime_type: str) -> Attachment:
    content = _content(part)
    return Attachment(
        kind=kind_of(mime_type),
        locator=f"{PREFIX}{n}",
        mime_type=mime_type,
        filename=_filename(part),
        size=len(content),
        sha256=sha256(content).hexdigest(),
    )


def kind_of(mime_type: str) -> str:
    """What people call it: "image", "audio", "video", or else "document"."""
    major = mime_type.partition("/")[0]
    return major if major in {"image", "audio", "video"} else "document"


def _content(part: Part) -> bytes:
    try:
        if part.is_multipart():  # an attached mail, or what calls itself one
            attached: Any = part.get_payload()
            return b"".join(each.as_bytes() for each in attached)
        content = part.get_payload(decode=True)
    except (RecursionError, *BROKEN):
        return b""
    return content if isinstance(content, bytes) else b""


def _text(part: Part) -> str:
    try:
        charset = part.get_param("charset")
    except BROKEN:
        charset = None
    return text_in(_content(part), charset if isinstance(charset, str) else None)


def _content_type(part: Part) -> str:
    try:
        return part.get_content_type()
    except BROKEN:
        return "application/octet-stream"


def _is_attached(part: Part) -> bool:
    try:
        return part.get_content_disposition() == "attachment" or part.get_filename() is not None
    except BROKEN:
        return True


def _filename(part: Part) -> str | None:
    """The name without any folder; None where there is none."""
    try:
        name = decoded(str(part.get_filename() or ""))
    except BROKEN:
        return None
    return " ".join(re.split(r"[/\\]", name)[-1].replace("\0", "").split())[:255] or None
