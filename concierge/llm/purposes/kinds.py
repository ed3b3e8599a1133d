"""What the purposes share."""

from typing import Literal

from msgspec import Struct

Purpose = Literal["extract", "draft", "reply", "score", "summarise"]
READING: frozenset[Purpose] = frozenset({"extract", "score"})
"""Purposes that a small model is good enough for: they fill in a form; the others write what people read."""
PURPOSES: tuple[Purpose, ...] = ("extract", "draft", "reply", "score", "summarise")

Grain = Literal["second", "minute", "hour", "day_part", "day", "week", "weekend", "month", "quarter", "year", "vague"]
"""How exact an expression of time is. Up to `day` it can be acted on; from `week` on one has to ask."""


Length = Literal["short", "medium", "long"]


class Said(Struct, frozen=True):
    """One turn of a conversation."""

    who: Literal["contact", "concierge"]
    text: str
    context: str | None = None  # what it came with, not their own words: "forwarded", "from the ad …"
