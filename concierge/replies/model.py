"""What an answer is made of."""

from typing import Annotated

from msgspec import Meta, Struct

from concierge.llm.model import Usage

Line = Annotated[str, Meta(min_length=1, max_length=500)]


class Replying(Struct, frozen=True, forbid_unknown_fields=True):
    """What `agent.settings["replies"]` holds."""

    fallback: Line = "Noted."  # when the model fails or has nothing to say
    facts: Annotated[list[Line], Meta(max_length=50)] = []  # what may be used in an answer, one a line
    language: Annotated[str, Meta(max_length=20)] | None = None  # BCP 47; null: that of the person
    hand_over: bool = True  # to a human, where one is asked for
    handing_over: Line = "A colleague will take over from here."  # when the model says nothing about it itself


class Thought(Struct, frozen=True, kw_only=True):
    """What is to be said, and how it came about."""

    text: str
    wants_human: bool
    fallback: str | None  # why the model's words are not used; None: they are
    model: str | None
    usage: Usage = Usage()
    request_id: str | None = None
