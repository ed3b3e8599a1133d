"""A follow-up, and the job that does it when it is due."""

from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from concierge.followups.drafting.model import Policy
from concierge.llm.model import Usage
from concierge.llm.purposes import Reading
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


class Asked(Struct, frozen=True):
    """A task that waits for its time."""

    id: UUID
    title: str
    kind: Kind


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
    subject: str | None
    source_message_id: str | None
    correlation_id: str | None


class Thought(Struct, frozen=True, kw_only=True):
    """What a model read in a turn, with the questions that were open when it was asked."""

    reading: Reading
    asked: dict[str, Asked]  # by ref
    model: str
    prompt_version: str
    usage: Usage
    request_id: str | None
