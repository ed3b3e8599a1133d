"""A conversation, the turn that is to be handled, and what a skill is."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Protocol, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from concierge.asking.model import Behalf
from concierge.llm.purposes import Said
from concierge.postgres.query import Conn
from concierge.postgres.queue import Job
from concierge.runtime import Runtime

T = TypeVar("T")


class Handle(Job, frozen=True):
    """Handle every message of a conversation that is not handled yet."""

    kind: ClassVar[str] = "inbox.handle"
    queue: ClassVar[str] = "inbox"

    conversation_id: UUID


class Instructions(Struct, frozen=True, kw_only=True):
    """A prompt of the tenant's, as its newest version has it."""

    id: UUID  # of the prompt
    name: str
    external_id: str | None  # as a model provider calls it
    number: int | None  # of the version; None where the text is only at the provider
    text: str | None


class Agent(Struct, frozen=True, kw_only=True):
    """How an account behaves."""

    id: UUID | None  # None: the account has no agent
    name: str
    skills: list[str]  # in the order in which they think
    settings: dict[str, Any]  # of each skill, by its name
    models: dict[str, list[str]]  # for each purpose, the preferred one first
    prompt: Instructions | None
    quiet_seconds: float
    answer_within_seconds: int | None

    def configured(self, skill: str, shape: type[T], usual: Mapping[str, Any] = MappingProxyType({})) -> T:
        """The settings of a skill; what is not set is as in `usual`, else as `shape` has it."""
        return msgspec.convert({**usual, **self.settings.get(skill, {})}, shape)


NOBODY = Agent(
    id=None, name="", skills=[], settings={}, models={}, prompt=None, quiet_seconds=0, answer_within_seconds=None
)
"""Who behaves on an account without an agent."""


class Conversation(Struct, frozen=True, kw_only=True):
    """Who talks with whom, with the preferences that hold for this contact."""

    id: UUID
    tenant_id: UUID
    channel_account_id: UUID
    contact_id: UUID
    identity_id: UUID
    channel: str
    acknowledge: str | None  # "read" or "typing": what the account shows while a turn is thought about
    status: Literal["bot", "handoff_requested", "human", "closed"]
    last_seq: int
    handled_seq: int
    contact_name: str | None
    zone: str  # IANA
    language: str  # of the contact, else the tenant's
    tone: str
    default_action: Literal["remind", "remind_and_draft"]
    agent: Agent | None
    tenant_name: str
    greeted: bool
    quiet_until: datetime | None  # another fragment is waited for until then
    suppressed: bool  # asked not to be written to: nothing is thought about until they ask again
    metered: bool  # the tenant pays for answers
    held_back: bool  # something could not be said for want of a template
    has_tasks: bool  # the person has follow-ups, whatever became of them


class Message(Struct, frozen=True, kw_only=True):
    """A message that came in."""

    id: UUID
    seq: int
    provider_message_id: str
    text: str
    context: str | None  # what the text came with, readable
    subject: str | None
    automated: str | None
    sent_at: datetime
    received_at: datetime
    correlation_id: str | None


class Turn(Struct, frozen=True, kw_only=True):
    """What is new in a conversation, and what was said before."""

    conversation: Conversation
    messages: list[Message]  # oldest first, at least one
    history: list[Said]  # oldest first, without `messages`
    answered: bool = False  # an earlier skill answers it: think, but say nothing
    taken: frozenset[int] = frozenset()  # seqs of messages that an earlier skill has dealt with

    @property
    def agent(self) -> Agent:
        """Who is to answer; NOBODY on an account without one."""
        return self.conversation.agent or NOBODY

    @property
    def upto_seq(self) -> int:
        """The newest message of the turn."""
        return self.messages[-1].seq

    @property
    def newest(self) -> Message:
        """What an answer is to: the last words of a person, if the turn has any."""
        return (self.readable or self.messages)[-1]

    @property
    def wall(self) -> datetime:
        """The person's clock on the wall when they wrote last; naive."""
        return self.newest.received_at.astimezone(ZoneInfo(self.conversation.zone)).replace(tzinfo=None, microsecond=0)

    @property
    def behalf(self) -> Behalf:
        """On whose behalf a model is asked about the turn."""
        conversation = self.conversation
        return Behalf(tenant_id=conversation.tenant_id, conversation_id=conversation.id, models=self.agent.models)

    @property
    def readable(self) -> list[Message]:
        """Messages that a person wrote and no earlier skill has dealt with; the others are kept, not answered."""
        return [each for each in self.messages if each.automated is None and each.text and each.seq not in self.taken]


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """The settings of a skill that has none."""


class Skill(Protocol):
    """Something an agent can do with a turn. Derive from it: what a skill does not say of itself is as it is here."""

    name: ClassVar[str]
    settings: ClassVar[type[Struct]] = Nothing  # the shape of `agent.settings[name]`; every field has a default
    listens: ClassVar[bool] = False  # it says nothing, and so also thinks while a human talks

    async def think(self, runtime: Runtime, turn: Turn) -> Any | None:
        """Find out what should happen. May ask a model; nothing is open. None: nothing to do."""
        ...

    def answers(self, thought: Any) -> bool:  # noqa: ARG002
        """Whether settling the thought says something. A turn has one answer: `turn.answered` tells later skills."""
        return False

    def says(self, turn: Turn, thought: Any, now: datetime) -> str | None:  # noqa: ARG002
        """What settling it would say to somebody nobody knows yet, where that can be told beforehand."""
        return getattr(thought, "text", None)

    def takes(self, thought: Any) -> frozenset[int]:  # noqa: ARG002
        """Seqs of messages that are dealt with wholly: later skills do not read them (`turn.readable`)."""
        return frozenset()

    def charges(self, thought: Any) -> bool:
        """Whether the answer is worth its price: that of a skill that has one."""
        return self.answers(thought)

    async def settle(self, conn: Conn, turn: Turn, thought: Any, now: datetime) -> None:
        """Make it so: rows only, inside the transaction that moves the cursor."""
        ...
