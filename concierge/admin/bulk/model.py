"""What an operation is."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.queue import Job

Status = Literal["running", "done", "cancelled", "failed"]


class Operation(Struct, frozen=True, kw_only=True):
    """Something done to everything that matches `filter`.

    `total`: how many there were when it was asked for (of messages, 10,001 where there were more). `done`: how many
    batches have gone through so far; in the end it differs from `total` by what others did meanwhile.
    """

    id: UUID
    kind: str
    filter: dict[str, Any]
    status: Status
    total: int
    done: int
    asked_by: str
    reason: str | None
    created_at: datetime
    moved_at: datetime


class Running(Struct, frozen=True, kw_only=True):
    """An operation at work. `place`: where its next batch begins."""

    id: UUID
    tenant_id: UUID
    kind: str
    filter: dict[str, Any]
    asked_by: str
    place: str | None


class Batch(Struct, frozen=True):
    """What a batch came to. `place`: where the next one begins; null: there is none."""

    done: int
    place: str | None


class Sweep(Job, frozen=True):
    """Do one batch of an operation."""

    kind: ClassVar[str] = "admin.sweep"
    queue: ClassVar[str] = "operations"

    tenant_id: UUID
    operation_id: UUID
