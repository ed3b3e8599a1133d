"""A mail's bytes as the standard library's message, in a time that grows with its length and nothing else.

Webhooks are read before anybody has proved who sent them, so what a stranger writes must not keep the process busy. The
library's own parser asks every line about every open boundary, and copies a header once for each of its parameters:
200 KB took it eleven seconds, 3 MB minutes. What is beyond these bounds is no mail of anybody's; its own headers are
read all the same, and the rest as one text.
"""

from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import Compat32
from typing import Any, TypeAlias

from concierge.channels.email.words import LONGEST_HEADER

Part: TypeAlias = "Message[Any, Any]"

BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError)
MOST_QUESTIONS = 4_000_000  # lines by boundaries: about a second
MOST_SEPARATORS = 5_000  # lines that may begin a part
LONGEST_PARAMETERS = 2_000  # characters of Content-Type and Content-Disposition


class _Bounded(Compat32):
    """The library's older policy: its newer one parses every header by a grammar, which raises for broken ones
    (RecursionError for 5,000 brackets) and is slow for long ones."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: LONGEST_PARAMETERS if name.lower().startswith("content-") else LONGEST_HEADER]


_POLICY = _Bounded()


def parsed(raw: bytes) -> Part:
    """The mail with its parts; one that is nested or cut into pieces like no mail is: without. Never raises."""
    if _is_sound(raw):
        try:
            return message_from_bytes(raw, policy=_POLICY)
        except (RecursionError, *BROKEN):
            pass
    return headers_of(raw)


def headers_of(raw: bytes) -> Part:
    """The mail's own headers, and everything after them as its text."""
    return BytesHeaderParser(policy=_POLICY).parsebytes(raw)


def _is_sound(raw: bytes) -> bool:
    lines = raw.count(b"\n") + raw.count(b"\r")
    separators = raw.count(b"\n--") + raw.count(b"\r--")
    return separators <= MOST_SEPARATORS and raw.lower().count(b"boundary") * lines <= MOST_QUESTIONS
