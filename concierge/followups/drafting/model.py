"""A draft, how it should sound, and what becomes of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal
from uuid import UUID

from msgspec import Meta, Struct

from concierge.llm.purposes import Length
from concierge.postgres.queue import Job

Status = Literal["writing", "proposed", "approved", "sent", "replaced", "failed", "declined"]
Policy = Literal["ask", "approved", "send"]
Language = Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=20, examples=["pt-BR"])]
Tone = Annotated[str, Meta(min_length=1, max_length=40, examples=["friendly", "formal"])]


class Drafting(Struct, frozen=True, forbid_unknown_fields=True):
    """What `agent.settings["followups"]` holds.

    `drafts`: `ask` sends a draft to the person, with the reminder, for approval; `approved` sends one that was approved
    by itself, others as `ask` does; `send` sends it by itself without anybody's approval.
    """

    drafts: Policy = "ask"
    length: Length = "medium"
    language: Language | None = None  # null: that of the message


class Write(Job, frozen=True):
    """Let a model write a draft."""

    kind: ClassVar[str] = "followups.write_draft"
    queue: ClassVar[str] = "followups"

    draft_id: UUID


class Draft(Struct, frozen=True, kw_only=True):
    """One version."""

    id: UUID
    task_id: UUID
    n: int
    status: Status
    reason: str | None
    author: Literal["model", "person"]
    text: str
    tone: str
    length: Length
    language: str | None
    created_at: datetime


class Material(Struct, frozen=True, kw_only=True):
    """What a model must know to write it."""

    tenant_id: UUID
    task_id: UUID
    conversation_id: UUID
    contact_id: UUID
    contact_name: str | None
    channel: str
    title: str
    source: str
    tone: str
    length: Length
    language: str | None
    spoken: str  # the language in which they are told about it
    before: str | None  # the version it takes the place of
    wish: str | None  # what its person wants to be different
    channel_account_id: UUID
    identity_id: UUID
    subject: str | None
    correlation_id: str | None
    models: Mapping[str, Sequence[str]]


class Waiting(Struct, frozen=True, kw_only=True):
    """A version that its person was asked about and has not answered."""

    id: UUID
    task_id: UUID
    title: str
    text: str
    tone: str
    length: Length
    language: str | None
    latest: bool  # nothing was said between us since they were asked


class Addressed(Struct, frozen=True, kw_only=True):
    """Where a draft goes when it is approved after its reminder."""

    id: UUID
    n: int
    text: str
    status: Status
    task_id: UUID
    task_status: str
    conversation_id: UUID
    channel_account_id: UUID
    identity_id: UUID
    subject: str | None
    correlation_id: str | None


def goes_alone(status: Status, policy: Policy) -> bool:
    """Whether the text is sent by itself, rather than with a reminder to whoever is to approve it."""
    return policy == "send" or (policy == "approved" and status == "approved")
