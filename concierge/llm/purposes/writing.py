"""Texts, scores and summaries."""

from datetime import datetime
from typing import Annotated, ClassVar

from msgspec import Meta, Struct

from concierge.llm.purposes.extracting import When
from concierge.llm.purposes.kinds import Length, Purpose, Said


class DraftPrompt(Struct, frozen=True, kw_only=True, tag="draft"):
    """Write the text that this follow-up will need."""

    version: ClassVar[str] = "draft-2"
    purpose: ClassVar[Purpose] = "draft"

    title: str
    source: str  # the message the follow-up came from
    tone: str  # "friendly", "formal", …
    channel: str
    private: tuple[str, ...]
    asker: str | None = None
    length: Length = "medium"
    language: str | None = None  # BCP 47, "es"; None: that of the source
    spoken: str = "en"  # the contact's, for a model that cannot tell that of the source
    before: str | None = None  # the version there was, where another is wanted
    wish: str | None = None  # what is to be different, in the words of who will send it


class Drafted(Struct, frozen=True, forbid_unknown_fields=True):
    """A text somebody can send."""

    text: str


class ReplyPrompt(Struct, frozen=True, kw_only=True, tag="reply"):
    """Answer the last turn for the business, as its instructions say."""

    version: ClassVar[str] = "reply-2"
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
    spoken: str = "en"  # the contact's, for a model that cannot tell that of the last turn
    hands_over: bool = True  # to a human, where one is wanted


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
