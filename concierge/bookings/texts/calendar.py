"""An appointment as a calendar file (RFC 5545): the same UID for ever, a new SEQUENCE with every change of the plan."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from concierge.bookings.model import Booking
from concierge.channels.enclosed import File

USUAL_LENGTH = timedelta(hours=1)  # of an appointment whose end nobody said


def calendar_file(booking: Booking, *, organiser: str, now: datetime) -> File:
    """`appointment.ics`, which adds, moves or removes the appointment in the customer's calendar."""
    cancelled = booking.status == "cancelled"
    zone = ZoneInfo(booking.zone)
    event = Event()
    event.add("uid", f"{booking.id}@concierge")
    event.add("sequence", booking.version)
    event.add("dtstamp", now)
    event.add("dtstart", booking.starts_at.astimezone(zone))
    event.add("dtend", (booking.ends_at or booking.starts_at + USUAL_LENGTH).astimezone(zone))
    event.add("summary", f"{booking.service} – {booking.provider or organiser}")
    if booking.location:
        event.add("location", booking.location)
    event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//Concierge//Bookings//EN")
    calendar.add("version", "2.0")
    method = "CANCEL" if cancelled else "PUBLISH"
    calendar.add("method", method)
    calendar.add_component(event)
    calendar.add_missing_timezones()
    content = calendar.to_ical().decode()
    return File("appointment.ics", f"text/calendar; method={method}", content)
