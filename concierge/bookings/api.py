"""Bookings over HTTP."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import MAYBE_THERE, needs
from concierge.api.tags import match, tagged
from concierge.bookings import keeping, store
from concierge.bookings.model import Booking, Change, NewBooking, Status, When
from concierge.bookings.policies import api as policies
from concierge.bookings.reminders import store as reminders
from concierge.bookings.shapes import (
    BookingBody,
    BookingChange,
    BookingShown,
    ReminderShown,
    reminder_shown,
    shown,
)
from concierge.bookings.sources import api as sources
from concierge.bookings.texts import api as texts
from concierge.bookings.times import agreed
from concierge.errors import Invalid
from concierge.runtime import Runtime


@get("/bookings", opt=needs("bookings:read"))
async def list_bookings(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    status: Annotated[Status | None, QueryParameter(description="Only those in this state")] = None,
) -> Page[BookingShown]:
    """Bookings, newest first."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=caller.tenant_id, status=status, **paging.asked())
    return paging.page([shown(row) for row in rows])


@post("/bookings", opt=needs("bookings:write") | MAYBE_THERE)
async def add_booking(
    data: JSONBody[BookingBody],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[BookingShown]:
    """A booking with its reminders. The same `external_id` again is the same booking: 200 and nothing new."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        zone = data.zone or await store.zone_of(conn, tenant_id=caller.tenant_id)
        new = NewBooking(
            customer=data.customer.customer,
            when=ahead(agreed(data.starts_at, data.ends_at, zone), now, "/starts_at"),
            service=data.service,
            provider=data.provider,
            location=data.location,
            policy_id=data.policy_id,
            external_id=data.external_id,
            correlation_id=correlation,
        )
        booking, fresh = await keeping.book(conn, new, tenant_id=caller.tenant_id, now=now)
    return tagged(shown(booking), status_code=201 if fresh else 200)


@get("/bookings/{id:uuid}", opt=needs("bookings:read"))
async def show_booking(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[BookingShown]:
    """One booking."""
    async with runtime.connection() as conn:
        return tagged(shown(await keeping.found(conn, id, tenant_id=caller.tenant_id)))


@patch("/bookings/{id:uuid}", opt=needs("bookings:write"))
async def change_booking(
    request: Request[Any, Any, Any],
    id: FromPath[UUID],
    data: JSONBody[BookingChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Response[BookingShown]:
    """Another time or policy replaces every reminder that is not sent yet, in the same transaction."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        old = await keeping.held(conn, id, tenant_id=caller.tenant_id)
        match(request, shown(old))
        change = Change(
            when=wished(old, data, now),
            service=data.service or None,
            provider=data.provider or None,
            location=data.location or None,
            policy_id=data.policy_id or None,
        )
        return tagged(shown(await keeping.change(conn, id, change, tenant_id=caller.tenant_id, now=now)))


@delete("/bookings/{id:uuid}", status_code=200, opt=needs("bookings:write"))
async def cancel_booking(
    request: Request[Any, Any, Any],
    id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    tell: Annotated[bool, QueryParameter(description="Whether the customer is told")] = True,  # noqa: FBT002
) -> Response[BookingShown]:
    """Cancelled: nothing more is sent but, once, that it is cancelled. It stays readable."""
    async with runtime.begin() as conn:
        match(request, shown(await keeping.held(conn, id, tenant_id=caller.tenant_id)))
        booking = await keeping.cancel(
            conn, id, tenant_id=caller.tenant_id, reason=f"cancelled by {caller.actor}", say=tell, now=runtime.clock()
        )
    return tagged(shown(booking))


@post("/bookings/{id:uuid}/confirm", status_code=200, opt=needs("bookings:write"))
async def confirm_booking(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[BookingShown]:
    """Its customer has said that they come."""
    async with runtime.begin() as conn:
        return tagged(shown(await keeping.confirm(conn, id, tenant_id=caller.tenant_id, now=runtime.clock())))


@get("/bookings/{id:uuid}/reminders", opt=needs("bookings:read"))
async def list_reminders(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, list[ReminderShown]]:
    """Every plan the booking had, oldest first, with what became of each reminder and why."""
    async with runtime.connection() as conn:
        await keeping.found(conn, id, tenant_id=caller.tenant_id)
        rows = await reminders.of_booking(conn, booking_id=id, tenant_id=caller.tenant_id, schedule_version=None)
    return {"data": [reminder_shown(row) for row in rows]}


def ahead(when: When, now: datetime, pointer: str) -> When:
    """The time, if it lies ahead. Raises Invalid."""
    if when.starts_at <= now:
        raise Invalid([(pointer, "lies in the past")])
    return when


def wished(old: Booking, data: BookingChange, now: datetime) -> When | None:
    """The time that is asked for; None where it is to stay."""
    if data.starts_at is UNSET and data.ends_at is UNSET and data.zone is UNSET:
        return None
    same = old.starts_at if data.zone is UNSET else old.wall  # another zone alone keeps what the clock shows
    when = agreed(same if data.starts_at is UNSET else data.starts_at, data.ends_at or None, data.zone or old.zone)
    if data.ends_at is UNSET and old.ends_at is not None:  # it takes as long as before
        when = When(when.starts_at, when.wall, when.zone, when.starts_at + (old.ends_at - old.starts_at))
    return when if data.starts_at is UNSET else ahead(when, now, "/starts_at")


HANDLERS = (
    list_bookings,
    add_booking,
    show_booking,
    change_booking,
    cancel_booking,
    confirm_booking,
    list_reminders,
    *policies.HANDLERS,
    *texts.HANDLERS,
    *sources.HANDLERS,
)
