"""A booking, as it is kept and as it is asked for."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Status = Literal["booked", "confirmed", "cancelled"]


class Customer(Struct, frozen=True, kw_only=True):
    """Who comes. phone in E.164 with its "+", email in lower case; at least one of them, or the id of a contact."""

    contact_id: UUID | None = None
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    language: str | None = None


class When(Struct, frozen=True):
    """A time that was agreed: what the clock of the place shows, and the instant that follows."""

    starts_at: datetime  # UTC
    wall: datetime  # naive, in zone
    zone: str  # IANA
    ends_at: datetime | None = None  # UTC


class NewBooking(Struct, frozen=True, kw_only=True):
    """What somebody books."""

    customer: Customer
    when: When
    service: str
    provider: str | None = None
    location: str | None = None
    policy_id: UUID | None = None  # None: the tenant's usual one
    source: str = "api"
    external_id: str | None = None
    source_at: datetime | None = None
    correlation_id: str | None = None


class Change(Struct, frozen=True, kw_only=True):
    """What is to be different; None stays as it is."""

    when: When | None = None
    service: str | None = None
    provider: str | None = None
    location: str | None = None
    policy_id: UUID | None = None
    external_id: str | None = None
    source_at: datetime | None = None


class Booking(Struct, frozen=True, kw_only=True):
    """A booking as it is."""

    id: UUID
    tenant_id: UUID
    contact_id: UUID
    policy_id: UUID
    source: str
    external_id: str | None
    service: str
    provider: str | None
    location: str | None
    starts_at: datetime
    ends_at: datetime | None
    zone: str
    wall: datetime
    wish: datetime | None
    status: Status
    reason: str | None
    version: int
    schedule_version: int
    planned_from: datetime
    source_at: datetime | None
    correlation_id: str | None
    created_at: datetime
    moved_at: datetime

    @property
    def when(self) -> When:
        """The time that was agreed."""
        return When(self.starts_at, self.wall, self.zone, self.ends_at)
