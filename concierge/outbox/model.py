"""An outbound message, the patience we have with it, and the job that delivers it."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct, field

from concierge.postgres.queue import Job

Kind = Literal["confirmation", "clarification", "reminder"]
Outcome = Literal["accepted", "not_accepted", "refused", "unknown", "account_stopped"]


class Deliver(Job, frozen=True):
    """Send what is due in a conversation, in its order."""

    kind: ClassVar[str] = "outbox.deliver"
    queue: ClassVar[str] = "outbox"
    priority: ClassVar[int] = 5  # what is thought is said before more is thought, however much has come in

    conversation_id: UUID


class Payload(Struct, frozen=True, omit_defaults=True):
    """What will be said, frozen when it is posted: a retry says the same words."""

    text: str
    subject: str | None = None
    quotes: str | None = None  # provider message id
    references: list[str] = field(default_factory=list)


class NewMessage(Struct, frozen=True, kw_only=True):
    """A message to post."""

    tenant_id: UUID
    channel_account_id: UUID
    conversation_id: UUID
    identity_id: UUID
    kind: Kind
    payload: Payload
    correlation_id: str | None


class Claimed(Struct, frozen=True, kw_only=True):
    """A message this worker, and nobody else, is to send now; its attempt is already on record."""

    id: UUID
    attempt_id: UUID
    tries: int  # this one included
    tenant_id: UUID
    channel_account_id: UUID
    kind: Kind
    payload: Payload
    address_kind: str
    address_value: str
    contact_name: str | None
    created_at: datetime
    correlation_id: str | None


class Policy(Struct, frozen=True):
    """How patient we are with a kind of message."""

    waits: tuple[int, ...]  # seconds before the second, third, … attempt; after the last one it has failed
    resend_when_silent: bool  # an unknown outcome may count as "not accepted" when the provider stays silent about it


PATIENT = Policy(waits=(30, 60, 120, 240), resend_when_silent=True)

POLICIES: dict[Kind, Policy] = {"confirmation": PATIENT, "clarification": PATIENT, "reminder": PATIENT}
