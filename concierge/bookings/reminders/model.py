"""A reminder, and the job that sends it."""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.queue import Job

Status = Literal["planned", "due", "sending", "sent", "skipped", "failed", "cancelled"]


class Remind(Job, frozen=True):
    """Send a reminder that is due."""

    kind: ClassVar[str] = "bookings.remind"
    queue: ClassVar[str] = "outbox"
    priority: ClassVar[int] = 5  # what is due does not wait behind a backlog

    reminder_id: UUID


class Reminder(Struct, frozen=True, kw_only=True):
    """One planned message of a booking."""

    id: UUID
    booking_id: UUID
    schedule_version: int
    n: int
    due_at: datetime
    status: Status
    reason: str | None
    outbound_message_id: UUID | None
    moved_at: datetime
