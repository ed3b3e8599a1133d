"""Bookings as they come and go over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.values import Email, Language, Name, Phone, Zone, checked
from concierge.bookings.model import Booking, Customer, Status
from concierge.bookings.reminders.model import Reminder
from concierge.bookings.reminders.model import Status as ReminderStatus

ExternalId = Annotated[str, Meta(min_length=1, max_length=200)]


def _is_near(said: Any) -> str | None:
    return None if 2000 <= int(str(said)[:4]) < 2200 else "must lie between the years 2000 and 2200"


Time = Annotated[datetime, Meta(extra=checked(_is_near), examples=["2027-03-12T09:00:00+01:00", "2027-03-12T09:00:00"])]
"""With an offset an instant, without one the clock of the place."""


class CustomerBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who comes; a phone or an email address is needed. Or `contact_id` alone: somebody who is known already."""

    contact_id: UUID | None = None
    name: Name | None = None
    phone: Phone | None = None
    email: Email | None = None
    language: Language | None = None

    def __post_init__(self) -> None:
        if self.contact_id is None and self.phone is None and self.email is None:
            raise ValueError("a customer needs a phone or an email address, or is a contact_id")
        if self.contact_id is not None and (self.name or self.phone or self.email or self.language):
            raise ValueError("a contact_id says who it is: leave out the rest")

    @property
    def customer(self) -> Customer:
        """As the room has it."""
        return Customer(
            contact_id=self.contact_id, name=self.name, phone=self.phone, email=self.email, language=self.language
        )


class BookingBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A booking to make; without `zone` it is the tenant's, without `policy_id` its usual policy."""

    customer: CustomerBody
    service: Name
    starts_at: Time
    ends_at: Time | None = None
    zone: Zone | None = None
    provider: Name | None = None
    location: Name | None = None
    policy_id: UUID | None = None
    external_id: ExternalId | None = None


class BookingChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different. Another `zone` alone keeps what the clock shows."""

    service: Name | UnsetType = UNSET
    starts_at: Time | UnsetType = UNSET
    ends_at: Time | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET
    provider: Name | UnsetType = UNSET
    location: Name | UnsetType = UNSET
    policy_id: UUID | UnsetType = UNSET


class BookingShown(Struct, frozen=True, kw_only=True):
    """A booking. `local_time` is what the clock of the place shows, `wish` what its customer asked for instead."""

    id: UUID
    external_id: str | None
    source: str
    contact_id: UUID
    service: str
    provider: str | None
    location: str | None
    starts_at: datetime
    ends_at: datetime | None
    zone: str
    local_time: datetime
    wish: datetime | None
    status: Status
    reason: str | None
    policy_id: UUID
    created_at: datetime


class ReminderShown(Struct, frozen=True, kw_only=True):
    """One planned message and, where it was not sent, why."""

    id: UUID
    n: int
    schedule_version: int
    due_at: datetime
    status: ReminderStatus
    reason: str | None
    outbound_message_id: UUID | None


def shown(booking: Booking) -> BookingShown:
    """As it goes out."""
    return BookingShown(
        local_time=booking.wall,
        **{name: getattr(booking, name) for name in BookingShown.__struct_fields__ if name != "local_time"},
    )


def reminder_shown(reminder: Reminder) -> ReminderShown:
    """As it goes out."""
    return ReminderShown(**{name: getattr(reminder, name) for name in ReminderShown.__struct_fields__})
