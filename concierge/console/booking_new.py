"""A booking made by hand: who, what, when; and what would be sent about it, before anything is kept."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from concierge.api.paging import BEGINNING
from concierge.api.values import Zone
from concierge.bookings import keeping
from concierge.bookings.api import ahead
from concierge.bookings.model import NewBooking
from concierge.bookings.policies import store as policies
from concierge.bookings.policies.model import USUAL, Rule
from concierge.bookings.reminders.planning import plan
from concierge.bookings.shapes import BookingBody
from concierge.bookings.times import agreed
from concierge.console.bookings import MOST
from concierge.console.entered import Entered, entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.console.store import bookings as store
from concierge.errors import Invalid
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]
SHOWN = 30  # reminders of the plan
FIELDS = ("name", "phone", "email", "language", "service", "provider", "location", "starts_at", "ends_at", "zone",
          "policy_id", "contact_id")  # fmt: skip


class Place(Struct, frozen=True):
    """Where the clock hangs."""

    zone: Zone


@get("/bookings/new")
async def ask_booking(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    contact: FromQuery[UUID | None] = None,
) -> Response[str]:
    """The form; for somebody who is known, or for somebody new."""
    form = Entered({"contact_id": [str(contact)]} if contact else {}, operator.zone)
    return await _shown(runtime, operator, form)


@post("/bookings/plan", status_code=200)
async def look_at_plan(
    request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """The same form, and what would be sent when; nothing is kept."""
    return await _shown(runtime, acting.operator, await entered(request, acting.operator.zone))


@post("/bookings")
async def book(
    request: AnyRequest,
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[None]:
    """It is kept, and its reminders are planned. The same form sent twice books once."""
    now, form = runtime.clock(), await entered(request, acting.operator.zone)
    known = {"contact_id": form.word("contact_id")}
    person = {name: form.word(name) for name in ("name", "phone", "email", "language")}
    customer = known if known["contact_id"] else person
    starts_at, ends_at = form.wall("starts_at"), form.wall("ends_at")
    wish = form.given(
        BookingBody,
        customer={name: value for name, value in customer.items() if value},
        service=form.word("service"),
        starts_at=starts_at and starts_at.isoformat(),
        ends_at=ends_at and ends_at.isoformat(),
        zone=form.word("zone") or acting.operator.zone,
        provider=form.word("provider"),
        location=form.word("location"),
        policy_id=form.word("policy_id"),
    )
    new = NewBooking(
        customer=wish.customer.customer,
        when=ahead(agreed(wish.starts_at, wish.ends_at, wish.zone or acting.operator.zone), now, "/starts_at"),
        service=wish.service,
        provider=wish.provider,
        location=wish.location,
        policy_id=wish.policy_id,
        source="console",
        external_id=_key(form),
        correlation_id=correlation,
    )
    async with runtime.begin() as conn:
        made, fresh = await keeping.book(conn, new, tenant_id=acting.tenant_id, now=now)
        if fresh:
            await acting.note(conn, "book", "booking", made.id, now=now)
    return back(f"/bookings/{made.id}", said="booked")


async def _shown(runtime: Runtime, operator: Operator, form: Entered) -> Response[str]:
    tenant, now = operator.tenant_id, runtime.clock()
    async with runtime.connection() as conn:
        rows = await policies.some(conn, tenant_id=tenant, before=BEGINNING[0], before_id=BEGINNING[1], limit=MOST)
        customer = await _customer(conn, form, tenant)
    rule: Rule = next(
        (each.rule for each in rows if str(each.id) == form.word("policy_id")),
        next((each.rule for each in rows if each.usual), USUAL.rule),
    )
    times, wrong = _plan(form, rule, operator.zone, now)
    return page(
        "booking_new",
        operator,
        given={name: form.word(name) or "" for name in FIELDS},
        policies=rows,
        customer=customer,
        times=times,
        wrong=wrong,
        shown=SHOWN,
        zone=form.word("zone") or operator.zone,
        once=form.word("once") or uuid4().hex,
    )


def _key(form: Entered) -> str:
    """The same form sent twice says the same; what was changed in between is another booking."""
    return sha256("\0".join(form.word(name) or "" for name in ("once", *FIELDS)).encode()).hexdigest()[:32]


async def _customer(conn: Conn, form: Entered, tenant: UUID) -> store.Customer | None:
    """Who is known already, where the form names somebody."""
    try:
        return await store.customer(conn, UUID(form.word("contact_id") or ""), tenant_id=tenant)
    except ValueError:
        return None


def _plan(form: Entered, rule: Rule, usual_zone: str, now: datetime) -> tuple[list[datetime], str | None]:
    """What would be sent when, and why nothing can be said about it yet."""
    try:
        wall = form.wall("starts_at")
        if wall is None:
            return [], "Say when it begins: the plan appears here."
        zone = form.given(Place, zone=form.word("zone") or usual_zone).zone
        when = ahead(agreed(wall, form.wall("ends_at"), zone), now, "/starts_at")
    except Invalid as error:
        return [], "; ".join(f"{pointer.strip('/')} {wrong}" for pointer, wrong in error.faults)
    return plan(rule, booked_at=now, starts_at=when.starts_at, zone=when.zone, after=now), None


HANDLERS = (ask_booking, look_at_plan, book)
