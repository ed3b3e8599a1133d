"""A booking in words: the one way in which any text about it is made."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.bookings.model import Booking
from concierge.bookings.people.store import Person
from concierge.bookings.texts import store
from concierge.bookings.texts.blanks import filled
from concierge.bookings.texts.calendar import calendar_file
from concierge.bookings.texts.store import TextKind
from concierge.languages.dates import date_of, full, time_of, until, zone_of
from concierge.languages.speaking import spoken, words_of
from concierge.outbox.model import Payload
from concierge.postgres.query import Conn


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """Our own, in one language, with their blanks."""

    reminder: list[str]  # lines
    reminder_subject: str
    cancellation: list[str]
    cancellation_subject: str
    answers: dict[str, str]


class Appointment(Struct, frozen=True):
    """What texts tell of a booking."""

    service: str
    provider: str | None
    location: str | None
    starts_at: datetime
    zone: str


class Template(Struct, frozen=True):
    """A text with blanks, and the language it is in."""

    language: str
    text: str
    subject: str | None


async def template(conn: Conn, kind: TextKind, language: str, *, tenant_id: UUID) -> Template:
    """The tenant's own text in the person's language (`pt_BR`, which is `pt-BR`, then `pt`), else ours."""
    under = language.replace("-", "_")
    spelt = [language, under, under.replace("_", "-"), under.partition("_")[0]]
    own = await store.find(conn, tenant_id=tenant_id, kind=kind, languages=spelt)
    if own is not None:
        return Template(own.language, own.text, own.subject)
    return ours(kind, language)


def words(language: str) -> Words:
    """What we say in the language, in English if we do not speak it."""
    return words_of("concierge.bookings.texts.languages", language, Words)


def ours(kind: TextKind, language: str) -> Template:
    """Our own words."""
    names = words(language)
    lines, subject = (
        (names.reminder, names.reminder_subject)
        if kind == "reminder"
        else (names.cancellation, names.cancellation_subject)
    )
    return Template(spoken(language), "\n".join(lines), subject)


def facts_of(booking: Booking | Appointment, person: Person, language: str, now: datetime) -> dict[str, str | None]:
    """What blanks are filled with, and the parameters of providers' templates."""
    at, zone = booking.starts_at, booking.zone
    return {
        "contact_name": person.name,
        "tenant_name": person.tenant_name,
        "service": booking.service,
        "provider": booking.provider,
        "location": booking.location,
        "when": full(at, zone, language),
        "date": date_of(at, zone, language),
        "time": time_of(at, zone),
        "zone": zone_of(at, zone, language),
        "until": until(at - now, language) if at > now else None,
    }


async def payload(conn: Conn, kind: TextKind, booking: Booking, person: Person, *, now: datetime) -> Payload:
    """What is said, frozen, with the appointment for a calendar."""
    chosen = await template(conn, kind, person.language, tenant_id=booking.tenant_id)
    facts = facts_of(booking, person, chosen.language, now)
    return Payload(
        text=filled(chosen.text, facts),
        subject=filled(chosen.subject, facts) if chosen.subject else None,
        facts={name: value for name, value in facts.items() if value},
        files=[calendar_file(booking, organiser=person.tenant_name, now=now)],
    )


def answer(name: str, booking: Booking | None, person: Person, now: datetime, *, at: datetime | None = None) -> str:
    """One of our answers to what a customer wrote; `at` is the time it speaks of instead of the booking's."""
    facts = facts_of(booking, person, person.language, now) if booking else {}
    if at is not None and booking is not None:
        facts["when"] = full(at, booking.zone, person.language)
    return filled(words(person.language).answers[name], facts)
