"""What a message asks for: the question and the shape of its answer."""

from datetime import datetime
from typing import ClassVar, Literal

from msgspec import Struct

from concierge.llm.purposes.kinds import Grain, Length, Purpose, Said


class OpenQuestion(Struct, frozen=True):
    """A follow-up that waits for its time: what we asked about."""

    ref: str  # "Q1", "Q2", …: short, so that a model can repeat it
    title: str


class OpenTask(Struct, frozen=True):
    """A follow-up of theirs that exists, and that they may speak of."""

    ref: str  # "T1", "T2", …: in the order of their list
    title: str
    due: str | None  # "2026-11-27T09:00" on their wall clock
    repeats: str | None = None  # RRULE, of one that comes again
    reminded: bool = False  # they were reminded of it lately
    latest: bool = False  # it was spoken of last


class OpenDraft(Struct, frozen=True):
    """A text we wrote for one of their follow-ups, which they may approve, change or refuse."""

    ref: str  # "D1", "D2", …
    title: str  # of the follow-up
    text: str
    tone: str
    length: Length
    language: str | None
    latest: bool = False  # they were asked about it last


class ExtractPrompt(Struct, frozen=True, kw_only=True, tag="extract"):
    """What do the last turns ask for: new follow-ups, and changes to those there are?"""

    version: ClassVar[str] = "extract-3"
    purpose: ClassVar[Purpose] = "extract"

    now: datetime  # naive: the contact's wall clock when the message was written
    zone: str  # IANA
    default_draft: bool  # the contact's default action is remind_and_draft
    questions: tuple[OpenQuestion, ...]  # oldest first
    turns: tuple[Said, ...]  # oldest first; the last ones are the contact's and are to be read
    unread: int  # how many of the last turns are to be read
    subject: str | None  # of an email
    private: tuple[str, ...]
    asker: str | None = None
    open: tuple[OpenTask, ...] = ()  # without `questions`
    drafts: tuple[OpenDraft, ...] = ()  # that wait for their word


class When(Struct, frozen=True, forbid_unknown_fields=True):
    """An expression of time as it was read, on the contact's wall clock."""

    wall: str | None  # "2026-11-27T09:00" or with seconds; null where the words name no single time
    grain: Grain
    quote: str  # the words it was read from, verbatim
    repeats: str | None = None  # RRULE without DTSTART, on the wall clock; `wall` is its first time
    confidence: Literal["high", "low"] = "high"  # low: another reading is as likely


class FoundTask(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to follow up on."""

    title: str  # imperative, without the words about time
    draft: bool  # a text should be drafted for it
    when: When | None  # null: no time was named at all
    answers: str | None  # ref of the open question this one answers
    quote: str = ""  # the words that ask for it, verbatim


Act = Literal["move", "snooze", "cancel", "complete", "skip", "rename"]


class Change(Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is to become of follow-ups there are."""

    act: Act
    refs: list[str]  # of open follow-ups and questions; empty where the words leave open which
    when: When | None = None  # of "move" and "snooze"; null: they did not say
    title: str | None = None  # of "rename"
    quote: str = ""  # the words that ask for it, verbatim


class Preferred(Struct, frozen=True, forbid_unknown_fields=True):
    """What the person wants to be different from now on; null: as it is."""

    name: str | None = None  # what they want to be called
    zone: str | None = None  # IANA; or the place they named, where it is not known
    tone: str | None = None  # one or two words
    language: str | None = None  # ISO 639-1


class DraftAnswer(Struct, frozen=True, forbid_unknown_fields=True):
    """What they say about a draft that waits for their word."""

    does: Literal["approve", "decline", "change", "rewrite", "unclear"]
    refs: list[str]  # of the drafts they were shown; empty where the words leave open which
    quote: str  # the words that say it, verbatim
    text: str | None = None  # of "change" the whole new text; of "rewrite" what should be different, in their words
    tone: str | None = None  # of "rewrite"; null: as it is
    length: Length | None = None
    language: str | None = None


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """What a message asks for; empty when it asks for nothing."""

    tasks: list[FoundTask]
    changes: list[Change] = []
    preferred: Preferred | None = None
    lists: bool = False  # they want to know what is on their list
    drafts: list[DraftAnswer] = []
