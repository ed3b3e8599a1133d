"""A lead, and the job that reads a conversation for it."""

from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from msgspec import Meta, Struct

from concierge.postgres.queue import Job


class ReadLead(Job, frozen=True):
    """Read a conversation that has gone quiet."""

    kind: ClassVar[str] = "leads.read"
    queue: ClassVar[str] = "readings"
    priority: ClassVar[int] = -5  # people who wait for an answer come first

    lead_id: UUID


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """How an agent looks out for leads."""

    idle_minutes: Annotated[int, Meta(ge=5, le=15)] = 10
    business: Annotated[str, Meta(max_length=2_000)] = ""  # what is sold, in the tenant's words


class Wanted(Struct, frozen=True, kw_only=True):
    """A conversation that is to be read."""

    id: UUID  # the lead's
    tenant_id: UUID
    conversation_id: UUID
    contact_id: UUID
    contact_name: str | None
    zone: str  # IANA
    due_at: datetime  # when it is read again should this run end in nothing
    last_seq: int
    sent_at: datetime  # of the newest message
    received_at: datetime
    correlation_id: str | None
    settings: dict[str, object]
    models: dict[str, list[str]]


class Facts(Struct, frozen=True, kw_only=True):
    """What a reading found, checked; None where it found nothing."""

    name: str | None = None
    email: str | None = None
    company: str | None = None
    intent: str | None = None
    urgency: int | None = None  # 1 low … 3 high, as the other scores
    budget: int | None = None
    fit: int | None = None
    engagement: int | None = None
    demo_at: datetime | None = None
    demo_zone: str | None = None
    notice: str | None = None  # what a salesperson should know now
