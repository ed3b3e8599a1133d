"""A conversation, the turn that is to be handled, and what a skill is."""

from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol
from uuid import UUID

from msgspec import Struct

from concierge.asking.model import Behalf
from concierge.llm.purposes import Said
from concierge.postgres.query import Conn
from concierge.postgres.queue import Job
from concierge.runtime import Runtime


class Handle(Job, frozen=True):
    """Handle every message of a conversation that is not handled yet."""

    kind: ClassVar[str] = "inbox.handle"
    queue: ClassVar[str] = "inbox"

    conversation_id: UUID


class Conversation(Struct, frozen=True, kw_only=True):
    """Who talks with whom, with the preferences that hold for this contact."""

    id: UUID
    tenant_id: UUID
    channel_account_id: UUID
    contact_id: UUID
    identity_id: UUID
    channel: str
    status: Literal["bot", "handoff_requested", "human", "closed"]
    last_seq: int
    handled_seq: int
    contact_name: str | None
    zone: str  # IANA
    tone: str
    default_action: Literal["remind", "remind_and_draft"]
    skills: list[str]
    suppressed: bool  # asked not to be written to: nothing is thought about until they ask again


class Message(Struct, frozen=True, kw_only=True):
    """A message that came in."""

    id: UUID
    seq: int
    provider_message_id: str
    text: str
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

    @property
    def upto_seq(self) -> int:
        """The newest message of the turn."""
        return self.messages[-1].seq

    @property
    def behalf(self) -> Behalf:
        """On whose behalf a model is asked about the turn."""
        return Behalf(tenant_id=self.conversation.tenant_id, conversation_id=self.conversation.id)

    @property
    def readable(self) -> list[Message]:
        """Messages that a person wrote; the others are kept, not answered."""
        return [message for message in self.messages if message.automated is None and message.text]


class Skill(Protocol):
    """Something an agent can do with a turn."""

    name: ClassVar[str]

    async def think(self, runtime: Runtime, turn: Turn) -> Any | None:
        """Find out what should happen. May ask a model; nothing is open. None: nothing to do."""
        ...

    async def settle(self, conn: Conn, turn: Turn, thought: Any, now: datetime) -> None:
        """Make it so: rows only, inside the transaction that moves the cursor."""
        ...
