"""The message whose turn it is, with all that decides what becomes of it."""

from datetime import datetime, time
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.channels.model import Template
from concierge.consent.model import Scope
from concierge.outbox.model import Kind, Payload
from concierge.tenants.store import AccountRow


class Head(Struct, frozen=True, kw_only=True):
    """The first message of a conversation's line, due, on an active account."""

    id: UUID
    tenant_id: UUID
    conversation_id: UUID
    contact_id: UUID
    identity_id: UUID
    channel_account_id: UUID
    kind: Kind
    payload: Payload
    version: int  # of the payload
    extra: Template | None  # chosen for an earlier attempt; the one that a human chose is in the payload
    thread: list[str] | None  # email: Message-IDs before the one it answers
    expires_at: datetime | None
    withdrawn: bool  # while an attempt was under way
    about: UUID | None
    fallback_of: UUID | None
    created_at: datetime
    correlation_id: str | None
    address_kind: str
    address_value: str
    contact_name: str | None
    tenant_name: str
    language: str  # of the contact, else the tenant's
    tenant_language: str
    zone: str  # IANA
    quiet_from: time | None
    quiet_until: time | None
    gap: float | None  # seconds between any two messages of the tenant
    windowed: bool  # the channel takes free text for a while only
    window_until: datetime | None
    suppressed: Scope | None  # the widest there is
    human: bool  # a human leads the conversation
    channel: str
    external_id: str
    transport: str
    signature: str
    settings: dict[str, Any]
    credentials: bytes | None

    @property
    def account(self) -> AccountRow:
        """The account it goes out by, credentials still encrypted."""
        return AccountRow(
            id=self.channel_account_id,
            tenant_id=self.tenant_id,
            channel=self.channel,
            external_id=self.external_id,
            transport=self.transport,
            status="active",
            signature=self.signature,
            settings=self.settings,
            credentials=self.credentials,
        )


class Taken(Struct, frozen=True):
    """What came of trying to take the head; neither: somebody else was first."""

    attempt_id: UUID | None  # it is being sent, by us and nobody else; its attempt is on record
    n: int  # the attempt's, from 1 over all there were
    tries: int  # since it was posted or retried by hand
    until: datetime | None  # it is paced: its next try


class Elsewhere(Struct, frozen=True):
    """Where the same person can be told on another channel."""

    conversation_id: UUID
    identity_id: UUID
    channel_account_id: UUID
    channel: str
