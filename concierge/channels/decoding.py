"""Reading JSON nobody promised us anything about."""

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import TypeVar

from msgspec import DecodeError, Raw, ValidationError
from msgspec.json import Decoder

from concierge.errors import Malformed

T = TypeVar("T")

UNDECODABLE = (DecodeError, UnicodeDecodeError, RecursionError)
"""Everything msgspec raises for bytes it cannot turn into the shape asked for, however hostile."""

ABSENT = Raw()
"""Stands for a member that is not there: `Raw | None` would take nothing but `null`."""

MOST = 5_000
"""Things in one request: five times what Meta puts into a batch. A stranger's may be read before it is refused."""

_PLACE = re.compile(r"`\$((?:\.[^.`\[]+)*)")
_FIELD = re.compile(r"required field `([^`]+)`")
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def decoded(decoder: Decoder[T], raw: bytes | Raw, pointer: str = "") -> T:
    """What `raw` says. Raises Malformed naming the field at fault, below `pointer`."""
    try:
        return decoder.decode(raw)
    except ValidationError as error:
        place, missing = _PLACE.search(str(error)), _FIELD.search(str(error))
        field = (place[1] if place else "").replace(".", "/") + (f"/{missing[1]}" if missing else "")
        where = pointer + field
        message = f"The field {where} is missing." if missing else f"{where or 'The body'}: {error}"
        raise Malformed(message, pointer=where) from None
    except UNDECODABLE:
        whole = _without_half_signs(bytes(raw))
        if whole != bytes(raw):
            return decoded(decoder, whole, pointer)
        raise Malformed("The body is not JSON.", pointer=pointer) from None


def _without_half_signs(raw: bytes) -> bytes:
    """The JSON with every lone surrogate escape replaced: what is left of an emoji somebody cut in two."""
    return _ESCAPE.sub(lambda escape: b"\\ufffd" if escape[1] else escape[0], raw)


def bounded(things: Iterable[T], *, before: int = 0) -> Iterator[T]:
    """The same things. Raises Malformed where, with those `before`, they are more than any vendor sends at once."""
    for n, each in enumerate(things, before):
        if n >= MOST:
            raise Malformed(f"The body holds more than {MOST} things.")
        yield each


def clean(text: str) -> str:
    """The text without NUL bytes, which Postgres cannot keep."""
    return text.replace("\0", "\ufffd") if "\0" in text else text


def fingerprint(raw: bytes | Raw) -> str:
    """An id for something that came without one: the same bytes have the same id."""
    return "sha256:" + sha256(bytes(raw)).hexdigest()
