"""Providers quote addresses in their errors; reasons end in events, which are never redacted."""

import re

_ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
_NUMBER = re.compile(r"\+?\d[\d\s().-]{5,}\d")


def masked(words: str) -> str:
    """A provider's words without mail addresses and numbers long enough to be somebody's."""
    return _NUMBER.sub("[number]", _ADDRESS.sub("[address]", words))
