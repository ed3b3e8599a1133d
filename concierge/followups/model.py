"""A follow-up, and the job that does it when it is due."""

from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from concierge.followups.drafting.model import Policy
from concierge.postgres.queue import Job

Kind = Literal["remind", "remind_and_draft"]
Status = Literal[
    "needs_clarification",
    "pending",
    "snoozed",
    "due",
    "executing",
    "sending",
    "done",
    "failed",
    "cancelled",
    "expired",
]


class Execute(Job, frozen=True):
    """Do what a due task asks for."""

    kind: ClassVar[str] = "followups.execute"
    queue: ClassVar[str] = "followups"
    priority: ClassVar[int] = 5  # what is due does not wait behind a backlog of arrivals

    task_id: UUID


class Working(Struct, frozen=True, kw_only=True):
    """A task that is being done, with what is needed to do it."""

    id: UUID
    tenant_id: UUID
    contact_id: UUID
    conversation_id: UUID
    channel_account_id: UUID
    identity_id: UUID
    channel: str
    title: str
    kind: Kind
    round: int
    drafts: Policy
    language: str  # of the contact, else the tenant's
    subject: str | None
    source_message_id: str | None
    correlation_id: str | None
