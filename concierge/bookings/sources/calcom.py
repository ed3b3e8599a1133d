"""Cal.com's webhook: signed, then read. Sources: Cal.com, “Webhooks” (the header, triggers, payload).

A moved booking gets a new uid there and names the old one (`rescheduleUid`).
"""

import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct
from msgspec.json import Decoder

from concierge.bookings.model import Customer
from concierge.bookings.people.numbers import e164
from concierge.bookings.sources.model import Told
from concierge.bookings.times import agreed, is_zone
from concierge.channels.decoding import decoded
from concierge.channels.signature import matches
from concierge.errors import Malformed

HEADER = "x-cal-signature-256"
CANCELLED = frozenset({"BOOKING_CANCELLED", "BOOKING_REJECTED"})  # the second where every booking is confirmed first
READ = CANCELLED | {"BOOKING_CREATED", "BOOKING_RESCHEDULED"}


class _Trigger(Struct):
    triggerEvent: str  # noqa: N815  their names, here and below


class _Language(Struct):
    locale: str | None = None


class _Person(Struct):
    name: str | None = None
    email: str | None = None
    phoneNumber: str | None = None  # noqa: N815
    timeZone: str | None = None  # noqa: N815
    language: _Language | None = None


class _Booking(Struct):
    uid: str
    startTime: datetime  # noqa: N815
    endTime: datetime | None = None  # noqa: N815
    title: str | None = None
    type: str | None = None
    eventTitle: str | None = None  # noqa: N815
    location: str | None = None
    organizer: _Person | None = None
    attendees: list[_Person] | None = None
    rescheduleUid: str | None = None  # noqa: N815
    responses: dict[str, Any] | None = None


class _Happened(Struct):
    triggerEvent: str  # noqa: N815
    createdAt: datetime  # noqa: N815
    payload: _Booking


_trigger = Decoder(_Trigger)
_happened = Decoder(_Happened)


def authentic(body: bytes, given: str | None, secret: str) -> bool:
    """Whether the header is the hex HMAC-SHA256 of exactly these bytes."""
    return given is not None and matches(hmac.digest(secret.encode(), body, "sha256").hex(), given.strip().lower())


def read(body: bytes, *, zone: str, region: str | None) -> Told | None:
    """The booking; None for triggers that change none (a ping, a form). Raises Malformed."""
    if decoded(_trigger, body).triggerEvent not in READ:
        return None
    happened = decoded(_happened, body)
    booking = happened.payload
    if booking.startTime.tzinfo is None or happened.createdAt.tzinfo is None:
        raise Malformed("times need an offset", pointer="/payload/startTime")
    place = booking.organizer.timeZone if booking.organizer and is_zone(booking.organizer.timeZone or "") else None
    return Told(
        external_id=booking.uid,
        customer=_customer(booking, region),
        when=agreed(booking.startTime, booking.endTime, place or zone),
        service=_text(booking.eventTitle) or _text(booking.type) or _text(booking.title) or "Appointment",
        provider=_text(booking.organizer.name) if booking.organizer else None,
        location=_location(booking.location),
        cancelled=happened.triggerEvent in CANCELLED,
        replaces=booking.rescheduleUid,
        at=happened.createdAt,
    )


def _customer(booking: _Booking, region: str | None) -> Customer | None:
    """The first attendee, with the number they typed into the form."""
    person = booking.attendees[0] if booking.attendees else _Person()
    phone = person.phoneNumber or _response(
        booking.responses or {}, "attendeePhoneNumber", "phone", "smsReminderNumber"
    )
    try:
        number = e164(phone, region=region) if phone else None
    except Malformed:
        number = None  # what people type into a form may be no number; then there is the address
    email = person.email if person.email and "@" in person.email else None
    if email is None and number is None:
        return None
    locale = person.language.locale if person.language else None
    return Customer(name=_text(person.name), phone=number, email=email, language=_text(locale))


def _response(responses: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        given = responses.get(name)
        value = given.get("value") if isinstance(given, dict) else given
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _location(said: str | None) -> str | None:
    """Theirs, unless it is the name of an integration, which says nothing to a customer."""
    return None if said is None or said.startswith("integrations:") else _text(said)


def _text(said: str | None) -> str | None:
    return (said or "").strip()[:200] or None
