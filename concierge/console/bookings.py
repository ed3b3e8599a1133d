"""Bookings: who comes; one with every plan it had and why something was not sent; moved, confirmed, cancelled."""

from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.paging import BEGINNING, Paging
from concierge.bookings import keeping
from concierge.bookings.api import wished
from concierge.bookings.model import Change
from concierge.bookings.policies import store as policies
from concierge.bookings.shapes import BookingChange
from concierge.console.entered import entered
from concierge.console.listing import chosen, walk
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.console.store import bookings as store
from concierge.runtime import Runtime
from concierge.tenants import trail

AnyRequest = Request[Any, Any, Any]
STATES = ("ahead", "booked", "confirmed", "cancelled")
FIRST = datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0)
MOST = 100  # policies to choose from


@get("/bookings")
async def show_bookings(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    status: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Those ahead, the next first; or those of one state or all, the newest first."""
    status = chosen(status, STATES)
    async with runtime.connection() as conn:
        if status == "ahead":
            after, after_id = FIRST if listing.place == BEGINNING else listing.place
            rows = await store.ahead(
                conn,
                tenant_id=operator.tenant_id,
                now=runtime.clock(),
                after=after,
                after_id=after_id,
                limit=listing.limit + 1,
            )
            shown = listing.page(rows, lambda line: (line.starts_at, line.id))
        else:
            shown = await walk(
                listing,
                partial(store.some, conn, tenant_id=operator.tenant_id, status=status),
                partial(store.end_of_walk, conn, tenant_id=operator.tenant_id),
                filtered=status is not None,
            )
    return page("bookings", operator, lines=shown, status=status, states=STATES, said=said)


@get("/bookings/{id:uuid}")
async def show_booking(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """One, with every plan it had."""
    tenant = operator.tenant_id
    async with runtime.connection() as conn:
        booking = await keeping.found(conn, id, tenant_id=tenant)
        customer = await store.customer(conn, booking.contact_id, tenant_id=tenant)
        plans = await store.plans(conn, booking_id=id, tenant_id=tenant)
        known = await policies.some(conn, tenant_id=tenant, before=BEGINNING[0], before_id=BEGINNING[1], limit=MOST)
        events = await trail.of(conn, tenant_id=tenant, subjects=[id])
    return page(
        "booking",
        operator,
        booking=booking,
        customer=customer,
        plans=plans,
        policies=known,
        events=events,
        said=said,
    )


@post("/bookings/{id:uuid}/change")
async def change(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Another time on the clock of the place, another service or policy."""
    now, form = runtime.clock(), await entered(request)
    async with runtime.begin() as conn:
        old = await keeping.held(conn, id, tenant_id=acting.tenant_id)
        wall = form.wall("wall")
        moved = wall is not None and wall != old.wall.replace(second=0, microsecond=0)
        wish = form.given(
            BookingChange,
            starts_at=wall.isoformat() if wall and moved else None,
            zone=zone if (zone := form.word("zone")) != old.zone else None,
            service=form.word("service"),
            provider=form.word("provider"),
            location=form.word("location"),
            policy_id=form.word("policy_id"),
        )
        new = Change(
            when=wished(old, wish, now),
            service=wish.service or None,
            provider=wish.provider or None,
            location=wish.location or None,
            policy_id=wish.policy_id or None,
        )
        await keeping.change(conn, id, new, tenant_id=acting.tenant_id, now=now)
        await acting.note(conn, "change", "booking", id, now=now)
    return back(f"/bookings/{id}", said="saved")


@post("/bookings/{id:uuid}/confirm")
async def confirm(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Its customer comes."""
    async with runtime.begin() as conn:
        await keeping.confirm(conn, id, tenant_id=acting.tenant_id, now=runtime.clock())
        await acting.note(conn, "confirm", "booking", id, now=runtime.clock())
    return back(f"/bookings/{id}", said="saved")


@post("/bookings/{id:uuid}/cancel")
async def cancel(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Nobody comes; the customer is told, if the box is ticked."""
    now, form = runtime.clock(), await entered(request)
    async with runtime.begin() as conn:
        await keeping.cancel(
            conn,
            id,
            tenant_id=acting.tenant_id,
            reason=f"cancelled by {acting.actor}",
            say=form.ticked("tell"),
            now=now,
        )
        await acting.note(conn, "cancel", "booking", id, now=now)
    return back(f"/bookings/{id}", said="cancelled")


HANDLERS = (show_bookings, show_booking, change, confirm, cancel)
