"""Bookings in an iCalendar file or feed (RFC 5545): one an event, its customer the attendee.

Repeated events are not bookings of one customer and are not taken; a feed that expands them is.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from icalendar import Calendar

from concierge.bookings.model import Customer
from concierge.bookings.people.numbers import e164
from concierge.bookings.sources.model import Told, Wrong
from concierge.bookings.times import agreed, is_zone
from concierge.errors import Rejected


def from_calendar(content: bytes, zone: str, *, region: str | None) -> Iterator[Told | Wrong]:
    """The events. An event without a zone of its own is in `zone`; phone numbers without "+" are of `region`."""
    try:
        calendars = Calendar.from_ical(content, multiple=True)
    except ValueError as error:
        yield Wrong("the file", f"it is no calendar: {error}")
        return
    for calendar in calendars:
        named = str(calendar.get("X-WR-TIMEZONE", ""))
        for event in calendar.walk("VEVENT"):
            yield _told(event, named if is_zone(named) else zone, region)


def _told(event: Any, zone: str, region: str | None) -> Told | Wrong:
    uid = str(event.get("UID", ""))
    where = f"event {uid or '?'}"
    try:
        start, end = event.decoded("DTSTART", None), event.decoded("DTEND", None)
        if not uid or not isinstance(start, datetime):
            return Wrong(where, "it has no UID, or is no appointment at a time of day")
        if "RRULE" in event or "RDATE" in event:
            return Wrong(where, "it is repeated")
        if recurrence := event.get("RECURRENCE-ID"):
            uid = f"{uid}/{recurrence.to_ical().decode()}"
        customer = _customer(event, region)
        cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
        if customer is None and not cancelled:
            return Wrong(where, "no attendee has an email address or a phone number")
        return Told(
            external_id=uid[:200],
            customer=customer,
            when=agreed(start, end if isinstance(end, datetime) else None, _zone(event, zone)),
            service=str(event.get("SUMMARY", "")).strip()[:200] or "Appointment",
            provider=_named(event.get("ORGANIZER")),
            location=str(event.get("LOCATION", "")).strip()[:200] or None,
            cancelled=cancelled,
        )
    except Rejected as error:
        return Wrong(where, str(error))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        return Wrong(where, f"it cannot be read: {error}")


def _zone(event: Any, zone: str) -> str:
    """The zone of the event, where it is one that everybody knows."""
    named = str(event["DTSTART"].params.get("TZID", ""))
    return named if is_zone(named) else zone


def _customer(event: Any, region: str | None) -> Customer | None:
    given = event.get("ATTENDEE") or []
    for attendee in given if isinstance(given, list) else [given]:
        scheme, _, address = str(attendee).partition(":")
        if scheme.lower() == "mailto" and "@" in address:
            return Customer(name=_named(attendee), email=address.lower())
        if scheme.lower() == "tel":
            return Customer(name=_named(attendee), phone=e164(address, region=region))
    return None


def _named(who: Any) -> str | None:
    name = str(who.params.get("CN", "")).strip() if who is not None else ""
    return name[:200] if name and "@" not in name else None
