"""Bookings by the paths and names of a booking system's own API: `/api/bookings`, reminded of every two hours.

An id of the caller's own (`booking_123`) names the booking from then on; without one ours does. A "job" here is a
reminder: its id is `<booking>-reminder-<n>`, its state what a job queue would say.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.caller import Caller
from concierge.api.scopes import MAYBE_THERE, needs
from concierge.api.values import Email, Language, Name, Phone, Zone
from concierge.bookings import keeping, store
from concierge.bookings.api import ahead
from concierge.bookings.model import Booking, Change, Customer, NewBooking
from concierge.bookings.policies.choosing import every_two_hours
from concierge.bookings.reminders import store as reminders
from concierge.bookings.reminders.model import Reminder
from concierge.bookings.reminders.store import Stats
from concierge.bookings.shapes import Time
from concierge.bookings.times import agreed
from concierge.errors import Conflicting, Missing
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

SOURCE = "api"
STATES = {
    "planned": "delayed",
    "due": "waiting",
    "sending": "active",
    "sent": "completed",
    "failed": "failed",
    "skipped": "failed",
}


class BookingBody(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A booking to make."""

    id: Annotated[str, Meta(pattern=r"^[\w.:-]{1,200}$")] | None = None
    customer_name: Name | None = None
    customer_phone: Phone
    customer_email: Email | None = None
    language: Language | None = None
    service_name: Name
    barber_name: Name | None = None
    appointment_time: Time
    time_zone: Zone | None = None


class BookingChange(Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """What is to be different."""

    service_name: Name | UnsetType = UNSET
    barber_name: Name | UnsetType = UNSET
    appointment_time: Time | UnsetType = UNSET
    time_zone: Zone | UnsetType = UNSET


class BookingShown(Struct, frozen=True, kw_only=True, rename="camel"):
    """A booking, and how many reminders it still has ahead."""

    id: str
    service_name: str
    barber_name: str | None
    appointment_time: datetime
    time_zone: str
    status: str
    reminders: int


class Job(Struct, frozen=True, kw_only=True, rename="camel"):
    """A reminder as a queue would show it."""

    job_id: str
    state: str
    scheduled_for: datetime
    reason: str | None


@post("/bookings", opt=needs("bookings:write") | MAYBE_THERE)
async def add_booking(
    data: JSONBody[BookingBody],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[BookingShown]:
    """Book and plan: every two hours from now, strictly before the appointment. The same id again changes nothing."""
    now, tenant_id = runtime.clock(), caller.tenant_id
    async with runtime.begin() as conn:
        zone = data.time_zone or await store.zone_of(conn, tenant_id=tenant_id)
        new = NewBooking(
            customer=Customer(
                name=data.customer_name, phone=data.customer_phone, email=data.customer_email, language=data.language
            ),
            when=ahead(agreed(data.appointment_time, None, zone), now, "/appointmentTime"),
            service=data.service_name,
            provider=data.barber_name,
            policy_id=(await every_two_hours(conn, tenant_id=tenant_id, now=now)).id,
            source=SOURCE,
            external_id=data.id,
            correlation_id=correlation,
        )
        booking, fresh = await keeping.book(conn, new, tenant_id=tenant_id, now=now)
        same = (booking.service, booking.provider, booking.starts_at) == (new.service, new.provider, new.when.starts_at)
        if not fresh and not same:
            raise Conflicting("there is another booking of this id; PATCH changes it")
        return Response(await _shown(conn, booking), status_code=201 if fresh else 200)


@patch("/bookings/{id:str}", opt=needs("bookings:write"))
async def change_booking(
    id: FromPath[str],
    data: JSONBody[BookingChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> BookingShown:
    """Another time replaces every reminder that is not sent yet."""
    now, tenant_id = runtime.clock(), caller.tenant_id
    async with runtime.begin() as conn:
        old = await keeping.held(conn, await _named(conn, id, tenant_id), tenant_id=tenant_id)
        when = None
        if data.appointment_time is not UNSET or data.time_zone is not UNSET:
            at = old.wall if data.appointment_time is UNSET else data.appointment_time
            when = ahead(agreed(at, None, data.time_zone or old.zone), now, "/appointmentTime")
        change = Change(when=when, service=data.service_name or None, provider=data.barber_name or None)
        return await _shown(conn, await keeping.change(conn, old.id, change, tenant_id=tenant_id, now=now))


@delete("/bookings/{id:str}", status_code=200, opt=needs("bookings:write"))
async def cancel_booking(
    id: FromPath[str], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> BookingShown:
    """Cancelled: its reminders with it; the customer is told."""
    now, tenant_id = runtime.clock(), caller.tenant_id
    async with runtime.begin() as conn:
        booking_id = await _named(conn, id, tenant_id)
        booking = await keeping.cancel(
            conn, booking_id, tenant_id=tenant_id, reason=f"cancelled by {caller.actor}", say=True, now=now
        )
        return await _shown(conn, booking)


@get("/bookings/{id:str}/reminders", opt=needs("bookings:read"))
async def list_jobs(id: FromPath[str], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> list[Job]:
    """The reminders of the present plan, and what became of each."""
    async with runtime.connection() as conn:
        booking = await keeping.found(conn, await _named(conn, id, caller.tenant_id), tenant_id=caller.tenant_id)
        plan = await _plan(conn, booking)
    return [
        Job(
            job_id=f"{booking.external_id or booking.id}-reminder-{each.n}",
            state=STATES[each.status],
            scheduled_for=each.due_at,
            reason=each.reason,
        )
        for each in plan
        if each.status != "cancelled"
    ]


@get("/queue/stats", opt=needs("bookings:read"))
async def show_stats(caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Stats:
    """How many reminders wait, are being sent, were sent in the last day, failed in the last week, lie ahead."""
    async with runtime.connection() as conn:
        return await reminders.stats(conn, tenant_id=caller.tenant_id, now=runtime.clock())


async def _named(conn: Conn, id: str, tenant_id: UUID) -> UUID:
    """The booking of the caller's own id, or of ours. Raises Missing."""
    known = await store.known_as(conn, tenant_id=tenant_id, source=SOURCE, external_id=id)
    if known is not None:
        return known
    try:
        return UUID(id)
    except ValueError:
        raise Missing("there is no such booking") from None


async def _plan(conn: Conn, booking: Booking) -> list[Reminder]:
    return await reminders.of_booking(
        conn, booking_id=booking.id, tenant_id=booking.tenant_id, schedule_version=booking.schedule_version
    )


async def _shown(conn: Conn, booking: Booking) -> BookingShown:
    return BookingShown(
        id=booking.external_id or str(booking.id),
        service_name=booking.service,
        barber_name=booking.provider,
        appointment_time=booking.starts_at,
        time_zone=booking.zone,
        status=booking.status,
        reminders=sum(each.status in {"planned", "due"} for each in await _plan(conn, booking)),
    )


HANDLERS = (add_booking, change_booking, cancel_booking, list_jobs, show_stats)
