"""What a message says about what an agent wants to know."""

from typing import ClassVar, Literal

from msgspec import Struct

from concierge.llm.purposes.kinds import Purpose, Said

FieldKind = Literal["service", "name", "nationality", "email", "phone", "time", "text"]


class Wanted(Struct, frozen=True):
    """Something an agent wants to know."""

    key: str
    kind: FieldKind
    question: str


class Offer(Struct, frozen=True):
    """Something a business does, and the words by which people ask for it."""

    name: str
    words: tuple[str, ...]


class IntakePrompt(Struct, frozen=True, kw_only=True, tag="intake"):
    """What do the last turns say about what an agent wants to know?"""

    version: ClassVar[str] = "intake-1"
    purpose: ClassVar[Purpose] = "extract"

    wanted: tuple[Wanted, ...]
    asked: tuple[str, ...]  # keys of what was asked last
    offers: tuple[Offer, ...]
    turns: tuple[Said, ...]  # oldest first; the last ones are the contact's and are to be read
    unread: int  # how many of the last turns are to be read
    private: tuple[str, ...]
    asker: str | None = None


class Fact(Struct, frozen=True, forbid_unknown_fields=True):
    """An answer, in the person's own words."""

    key: str
    value: str


class Learnt(Struct, frozen=True, forbid_unknown_fields=True):
    """What the messages say; without facts when they say nothing that is wanted."""

    facts: list[Fact]
    wants_human: bool  # the person asks for a human
