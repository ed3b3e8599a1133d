"""What models are asked, and the shapes they answer in. Pure data; one pair of Structs a purpose.

    extract    ExtractPrompt   → Reading      which follow-ups a message asks for
               IntakePrompt    → Learnt       what a message answers of an agent's questions
    draft      DraftPrompt     → Drafted      the text that a follow-up needs
    reply      ReplyPrompt     → Replied      what to answer in a conversation
    score      ScorePrompt     → Scored       who somebody is, and how good a lead
    summarise  SummarisePrompt → Summarised   what was said

Schemas want every field of an answer present, with null where there is nothing, also those that have a default here.
Fields of a prompt that were added later have one, so that nobody who asks must know of them. Every prompt has
`private`, personal words the caller knows of (names), which are kept from providers, and `asker`, an id of whom it is
about; providers are told its hash, to tell abusers apart.
"""

from datetime import datetime
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

Purpose = Literal["extract", "draft", "reply", "score", "summarise"]
READING: frozenset[Purpose] = frozenset({"extract", "score"})
"""Purposes that a small model is good enough for: they fill in a form; the others write what people read."""
PURPOSES: tuple[Purpose, ...] = ("extract", "draft", "reply", "score", "summarise")

Grain = Literal["second", "minute", "hour", "day_part", "day", "week", "weekend", "month", "quarter", "year", "vague"]
"""How exact an expression of time is. Up to `day` it can be acted on; from `week` on one has to ask."""


class Said(Struct, frozen=True):
    """One turn of a conversation."""

    who: Literal["contact", "concierge"]
    text: str
    context: str | None = None  # what it came with, not their own words: "forwarded", "from the ad …"


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


class ExtractPrompt(Struct, frozen=True, kw_only=True, tag="extract"):
    """What do the last turns ask for: new follow-ups, and changes to those there are?"""

    version: ClassVar[str] = "extract-2"
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


class Reading(Struct, frozen=True, forbid_unknown_fields=True):
    """What a message asks for; empty when it asks for nothing."""

    tasks: list[FoundTask]
    changes: list[Change] = []
    preferred: Preferred | None = None
    lists: bool = False  # they want to know what is on their list


Length = Literal["short", "medium", "long"]


class DraftPrompt(Struct, frozen=True, kw_only=True, tag="draft"):
    """Write the text that this follow-up will need."""

    version: ClassVar[str] = "draft-1"
    purpose: ClassVar[Purpose] = "draft"

    title: str
    source: str  # the message the follow-up came from
    tone: str  # "friendly", "formal", …
    channel: str
    private: tuple[str, ...]
    asker: str | None = None
    length: Length = "medium"
    language: str | None = None  # BCP 47, "es"; None: that of the source


class Drafted(Struct, frozen=True, forbid_unknown_fields=True):
    """A text somebody can send."""

    text: str


class ReplyPrompt(Struct, frozen=True, kw_only=True, tag="reply"):
    """Answer the last turn for the business, as its instructions say."""

    version: ClassVar[str] = "reply-1"
    purpose: ClassVar[Purpose] = "reply"

    instructions: str  # what the agent was told by its tenant: who it is, what it may say
    now: datetime  # naive: the contact's wall clock
    zone: str  # IANA
    tone: str
    channel: str
    turns: tuple[Said, ...]  # oldest first; the last ones are the contact's and are to be answered
    unread: int  # how many of the last turns are to be answered
    private: tuple[str, ...]
    asker: str | None = None
    facts: tuple[str, ...] = ()  # what is known and may be used, one a line
    stored_prompt: str | None = None  # what OpenAI calls the instructions, where it keeps them
    language: str | None = None  # BCP 47; None: that of the last turn


class Replied(Struct, frozen=True, forbid_unknown_fields=True):
    """What to say. An empty text: nothing."""

    text: str
    wants_human: bool  # the person asks for a human, or cannot be helped without one


class ScorePrompt(Struct, frozen=True, kw_only=True, tag="score"):
    """Who is this person, what do they want, and how likely are they to buy?"""

    version: ClassVar[str] = "score-1"
    purpose: ClassVar[Purpose] = "score"

    now: datetime  # naive: the contact's wall clock
    zone: str  # IANA
    turns: tuple[Said, ...]  # oldest first
    private: tuple[str, ...]
    asker: str | None = None
    business: str = ""  # what is sold, in the tenant's words


Points = Annotated[int, Meta(ge=1, le=3)]


class Scored(Struct, frozen=True, forbid_unknown_fields=True):
    """What a conversation shows; null where it shows nothing."""

    name: str | None
    email: str | None
    company: str | None
    intent: str | None  # a few words
    urgency: Points | None  # 1 low … 3 high
    budget: Points | None
    fit: Points | None
    engagement: Points | None
    demo: When | None  # the appointment they ask for
    notice: str | None  # one sentence that a salesperson should read now


class SummarisePrompt(Struct, frozen=True, kw_only=True, tag="summarise"):
    """What was said in this time?"""

    version: ClassVar[str] = "summarise-1"
    purpose: ClassVar[Purpose] = "summarise"

    turns: tuple[Said, ...]  # oldest first
    private: tuple[str, ...]
    asker: str | None = None
    before: str | None = None  # the summary of what came earlier
    language: str | None = None  # BCP 47; None: that of the conversation


class Summarised(Struct, frozen=True, forbid_unknown_fields=True):
    """A recap, in plain text."""

    text: str


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


Prompt = ExtractPrompt | IntakePrompt | DraftPrompt | ReplyPrompt | ScorePrompt | SummarisePrompt
