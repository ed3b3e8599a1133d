"""Texts with blanks: `{{service}}`, or `{{provider|our team}}` where something may be missing. No code, no loops.

A line whose blank stays empty is left out, so that one text serves bookings with and without a place. What is filled
in is never read again: a customer called "{{secret}}" stays one.
"""

import re
from collections.abc import Mapping

from concierge.errors import Malformed

FACTS = ("contact_name", "tenant_name", "service", "provider", "location", "when", "date", "time", "zone", "until")
"""What a blank may name."""

LONGEST = 3_000  # characters of a text

_BLANK = re.compile(r"\{\{\s*(?P<name>[^{}|]*?)\s*(?:\|(?P<default>[^{}]*))?\}\}")


def check(text: str, *, pointer: str) -> None:
    """Raises Malformed naming every blank that nothing fills, and braces that are no blank."""
    unknown = sorted({found["name"] for found in _BLANK.finditer(text)} - set(FACTS))
    if unknown:
        raise Malformed(f"unknown blanks: {', '.join(unknown)}; there are {', '.join(FACTS)}", pointer=pointer)
    if "{{" in (rest := _BLANK.sub("", text)) or "}}" in rest:
        raise Malformed("a blank is written {{name}} or {{name|default}}", pointer=pointer)


def filled(text: str, facts: Mapping[str, str | None]) -> str:
    """The text with its blanks filled, without the lines that nothing could be said in."""
    lines = [_line(line, facts) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line for line in lines if line is not None)).strip()


def _line(line: str, facts: Mapping[str, str | None]) -> str | None:
    missing = False

    def fill(found: re.Match[str]) -> str:
        nonlocal missing
        value = facts.get(found["name"]) or (found["default"] or "").strip()
        missing = missing or not value
        return " ".join(value.split())

    said = _BLANK.sub(fill, line)
    return None if missing else said
