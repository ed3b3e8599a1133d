"""A template, and the job that asks the provider about an account's templates."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.queue import Job

Status = Literal["approved", "pending", "rejected", "paused", "disabled", "removed"]


class Sync(Job, frozen=True):
    """Ask an account's provider which templates it knows."""

    kind: ClassVar[str] = "templates.sync"
    queue: ClassVar[str] = "outbox"
    priority: ClassVar[int] = -5  # nobody waits for it

    tenant_id: UUID
    channel_account_id: UUID


class MessageTemplate(Struct, frozen=True, rename="camel"):
    """A text the provider has approved, and what it stands for."""

    id: UUID
    channel_account_id: UUID
    name: str
    language: str
    category: str
    status: Status
    kind: str | None
    parameters: list[str]
    created_at: datetime
    moved_at: datetime
