"""What an answer is made of."""

from typing import Annotated

from msgspec import Meta, Struct

from concierge.languages.speaking import said_by
from concierge.llm.model import Usage

Line = Annotated[str, Meta(min_length=1, max_length=500)]


class Replying(Struct, frozen=True, forbid_unknown_fields=True):
    """What `agent.settings["replies"]` holds."""

    fallback: Line | None = None  # when the model fails or has nothing to say; null: ours
    facts: Annotated[list[Line], Meta(max_length=50)] = []  # what may be used in an answer, one a line
    language: Annotated[str, Meta(max_length=20)] | None = None  # BCP 47; null: that of the person
    hand_over: bool = True  # to a human, where one is asked for
    handing_over: Line | None = None  # when the model says nothing about it itself; null: ours


class Phrases(Struct, frozen=True, forbid_unknown_fields=True):
    """What is said where neither the model nor the settings have words for it."""

    fallback: str
    handing_over: str


def phrases(language: str) -> Phrases:
    """In the language, in English if we do not speak it."""
    return said_by("concierge.replies", language, Phrases)


class Thought(Struct, frozen=True, kw_only=True):
    """What is to be said, and how it came about."""

    text: str
    wants_human: bool
    fallback: str | None  # why the model's words are not used; None: they are
    model: str | None
    usage: Usage = Usage()
    request_id: str | None = None
