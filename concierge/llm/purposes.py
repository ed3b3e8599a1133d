"""What models are asked, and the shapes they answer in. Pure data; one pair of Structs a purpose.

Shapes have no defaults: strict JSON schemas want every field present, with null where there is nothing.
"""

from datetime import datetime
from typing import ClassVar, Literal

from msgspec import Struct

Grain = Literal["second", "minute", "hour", "day_part", "day", "week", "weekend", "month", "quarter", "year", "vague"]
"""How exact an expression of time is. Up to `day` it can be acted on; from `week` on one has to ask."""


class Said(Struct, frozen=True):
    """One turn of a conversation."""

    who: Literal["contact", "concierge"]
    text: str


class OpenQuestion(Struct, frozen=True):
    """A follow-up that waits for its time: what we asked about."""

    ref: str  # "Q1", "Q2", …: short, so that a model can repeat it
    title: str


class ExtractPrompt(Struct, frozen=True, kw_only=True, tag="extract"):
    """Which follow-ups does the last turn ask for?"""

    version: ClassVar[str] = "extract-1"
    purpose: ClassVar[str] = "extract"

    now: datetime  # naive: the contact's wall clock when the message was written
    zone: str  # IANA
    default_draft: bool  # the contact's default action is remind_and_draft
    questions: tuple[OpenQuestion, ...]  # oldest first
    turns: tuple[Said, ...]  # oldest first; the last ones are the contact's and are to be read
    unread: int  # how many of the last turns are to be read
    subject: str | None  # of an email
    private: tuple[str, ...]  # personal words the caller knows of (names), to be kept from the model
    asker: str | None = None  # id of the contact; providers are told its hash, to tell abusers apart


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """An expression of time as it was read, on the contact's wall clock."""

    wall: str | None  # "2026-11-27T09:00" or with seconds; null where the words name no single time
    grain: Grain
    quote: str  # the words it was read from, verbatim


class FoundTask(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to follow up on."""

    title: str  # imperative, without the words about time
    draft: bool  # a text should be drafted for it
    when: When | None  # null: no time was named at all
    answers: str | None  # ref of the open question this one answers


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """What a message asks for; empty when it asks for nothing."""

    tasks: list[FoundTask]


class DraftPrompt(Struct, frozen=True, kw_only=True, tag="draft"):
    """Write the text that this follow-up will need."""

    version: ClassVar[str] = "draft-1"
    purpose: ClassVar[str] = "draft"

    title: str
    source: str  # the message the follow-up came from
    tone: str  # "friendly", "formal", …
    channel: str
    private: tuple[str, ...]
    asker: str | None = None


class Drafted(Struct, frozen=True, forbid_unknown_fields=True):
    """A text somebody can send."""

    text: str


Prompt = ExtractPrompt | DraftPrompt
