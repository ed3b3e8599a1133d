"""Endpoints, what they are told, and how patient we are with them."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.queue import Job

FAMILIES = ("message", "task", "booking", "lead", "handoff")
"""What a type may begin with; a new family is a line here and in docs/api/webhooks.md."""

# Standard Webhooks, specification, “Deliverability and reliability”: these waits, 75 hours in all
WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))
PATIENCE = timedelta(days=5)  # without any success; then the endpoint is disabled
CHANGE_OVER = timedelta(hours=24)  # for so long the secret before signs, too
GONE = 410


class Tell(Job, frozen=True):
    """Deliver what is due to an endpoint."""

    kind: ClassVar[str] = "webhooks.tell"
    queue: ClassVar[str] = "webhooks"
    priority: ClassVar[int] = -5  # people come first

    endpoint_id: UUID


class Due(Struct, frozen=True, kw_only=True):
    """A delivery this worker, and nobody else, is to make now; the attempt is already counted."""

    id: UUID
    tenant_id: UUID
    endpoint_id: UUID
    attempts: int  # this one included
    event_id: UUID
    type: str
    at: datetime
    data: dict[str, Any]
    words: dict[str, Any] | None  # only where the endpoint includes text
    url: str
    secret: bytes
    old_secret: bytes | None
    old_until: datetime | None


class Endpoint(Struct, frozen=True, kw_only=True):
    """A URL that is told what happens; without its secrets."""

    id: UUID
    url: str
    description: str
    event_types: list[str]
    include_text: bool
    status: Literal["active", "disabled"]
    reason: str | None
    failing_since: datetime | None
    old_secret_until: datetime | None
    created_at: datetime


class Delivery(Struct, frozen=True, kw_only=True):
    """One event for one endpoint, and how far it has come."""

    id: UUID
    event_id: UUID  # the webhook-id header
    type: str
    subject_id: UUID
    status: Literal["pending", "delivered", "failed"]
    attempts: int
    due_at: datetime | None  # the next attempt
    attempted_at: datetime | None
    response_code: int | None
    last_error: str | None
    created_at: datetime


def wait(attempts: int, salt: UUID) -> timedelta | None:
    """How long to wait after so many attempts; None: that was the last one.

    Up to a tenth longer, by the delivery's own id, so that what failed together does not come back together.
    """
    if attempts > len(WAITS):
        return None
    return WAITS[attempts - 1] * (1 + (salt.int % 1000) / 10_000)
