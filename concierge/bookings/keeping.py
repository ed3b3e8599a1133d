"""Booking, changing, cancelling: the booking, its plan and what is still to be said about it move together."""

from datetime import datetime
from uuid import UUID

import msgspec

from concierge.bookings import store
from concierge.bookings.model import Booking, Change, NewBooking, Status, When
from concierge.bookings.people.knowing import known
from concierge.bookings.policies.choosing import policy_of
from concierge.bookings.policies.model import Policy
from concierge.bookings.reminders.replanning import drop_plan, plan_first, replan
from concierge.bookings.saying import say_cancelled
from concierge.bookings.times import rules
from concierge.errors import Conflicting, Missing
from concierge.languages.dates import full
from concierge.notifications import notify, withdraw
from concierge.postgres.query import Conn
from concierge.webhooks.announcing import announce

WISH = "wish"  # a kind of notification


async def book(conn: Conn, new: NewBooking, *, tenant_id: UUID, now: datetime) -> tuple[Booking, bool]:
    """(the booking, whether it is new). The same external id of the same source is the same booking, untouched.

    Raises Missing for a policy there is none of, Malformed and Invalid for a customer who cannot be reached.
    """
    policy = await policy_of(conn, new.policy_id, tenant_id=tenant_id, now=now)
    if new.external_id is not None:
        id = await store.known_as(conn, tenant_id=tenant_id, source=new.source, external_id=new.external_id)
        if id is not None:
            return await found(conn, id, tenant_id=tenant_id), False
    contact_id = await known(conn, new.customer, channels=policy.channels, tenant_id=tenant_id, now=now)
    booking = await store.add(
        conn,
        tenant_id=tenant_id,
        contact_id=contact_id,
        policy_id=policy.id,
        policy_version=policy.version,
        source=new.source,
        external_id=new.external_id,
        service=new.service,
        provider=new.provider,
        location=new.location,
        starts_at=new.when.starts_at,
        ends_at=new.when.ends_at,
        zone=new.when.zone,
        wall=new.when.wall,
        zone_rules=rules(),
        source_at=new.source_at,
        correlation_id=new.correlation_id,
        now=now,
    )
    if booking is None:  # somebody else was first, a moment ago
        raise Conflicting("the same booking is being made; try again")
    await plan_first(conn, booking, policy, now=now)
    await _tell(conn, booking, "booked", now)
    return booking, True


async def found(conn: Conn, id: UUID, *, tenant_id: UUID) -> Booking:
    """The booking. Raises Missing."""
    booking = await store.find(conn, id, tenant_id=tenant_id)
    if booking is None:
        raise Missing("there is no such booking")
    return booking


async def held(conn: Conn, id: UUID, *, tenant_id: UUID) -> Booking:
    """The booking, which nobody else changes until the transaction ends. Raises Missing."""
    booking = await store.hold(conn, id, tenant_id=tenant_id)
    if booking is None:
        raise Missing("there is no such booking")
    return booking


async def change(conn: Conn, id: UUID, change: Change, *, tenant_id: UUID, now: datetime) -> Booking:
    """The booking as it is to be; another time or policy is another plan, and nothing of the old one is sent.

    Raises Missing, Conflicting where it is cancelled.
    """
    old = await held(conn, id, tenant_id=tenant_id)
    if old.status == "cancelled":
        raise Conflicting("the booking is cancelled; book again")
    wanted = {name: value for name, value in msgspec.structs.asdict(change).items() if value is not None}
    when: When = wanted.pop("when", old.when)
    policy = await policy_of(conn, change.policy_id or old.policy_id, tenant_id=tenant_id, now=now)
    moved = when.starts_at != old.starts_at or when.zone != old.zone
    new = msgspec.structs.replace(
        old,
        **wanted,
        starts_at=when.starts_at,
        ends_at=when.ends_at,
        zone=when.zone,
        wall=when.wall,
        wish=None if moved else old.wish,
        status="booked" if moved else old.status,  # who confirmed said so of another time
        reason="it was moved" if moved and old.status == "confirmed" else old.reason,
        version=old.version + 1,
        schedule_version=old.schedule_version + (moved or policy.id != old.policy_id),
        planned_from=now if moved else old.planned_from,
        moved_at=now,
    )
    await _keep(conn, new, policy, now=now)
    if moved:
        await withdraw(conn, tenant_id, id, WISH, now=now)
    if new.schedule_version != old.schedule_version:
        reason = "the booking was moved" if moved else "the booking has another policy"
        await replan(conn, new, policy, reason=reason, keep_overdue=not moved, now=now)
    await _tell(conn, new, "moved" if moved else "changed", now)
    return new


async def retell(conn: Conn, id: UUID, when: When, *, tenant_id: UUID, now: datetime) -> None:
    """The same wall time is another instant by the rules of today: another plan. The booking is held already."""
    old = await held(conn, id, tenant_id=tenant_id)
    new = msgspec.structs.replace(
        old, starts_at=when.starts_at, ends_at=when.ends_at, schedule_version=old.schedule_version + 1
    )
    policy = await policy_of(conn, old.policy_id, tenant_id=tenant_id, now=now)
    await _keep(conn, new, policy, now=now)
    await replan(conn, new, policy, reason="the rules of its time zone changed", keep_overdue=True, now=now)
    await _tell(conn, new, "changed", now)


async def renew(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """Its policy says something else now: another plan."""
    old = await held(conn, id, tenant_id=tenant_id)
    if old.status == "cancelled" or old.starts_at <= now:
        return
    new = msgspec.structs.replace(old, schedule_version=old.schedule_version + 1)
    policy = await policy_of(conn, old.policy_id, tenant_id=tenant_id, now=now)
    await _keep(conn, new, policy, now=now)
    await replan(conn, new, policy, reason="its policy was changed", keep_overdue=True, now=now)


async def wish(conn: Conn, booking: Booking, when: When, *, now: datetime) -> None:
    """Its customer would rather come then; an operator decides, who is told of the newest wish. The booking is held."""
    id, tenant_id = booking.id, booking.tenant_id
    await store.wish(conn, id, tenant_id=tenant_id, wish=when.wall)
    await withdraw(conn, tenant_id, id, WISH, now=now)
    text = f"its customer would rather come on {full(when.starts_at, when.zone, 'en')}"
    await notify(conn, tenant_id, "booking", id, WISH, text, now=now)


async def confirm(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> Booking:
    """Its customer comes. Raises Missing, Conflicting where it is cancelled."""
    return await _move(conn, id, "confirmed", "its customer confirmed it", tenant_id=tenant_id, now=now)


async def cancel(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    reason: str,
    say: bool,
    now: datetime,
    source_at: datetime | None = None,
) -> Booking:
    """Nobody comes: no reminder any more, and (`say`) the customer is told. A second time nothing happens.

    Raises Missing.
    """
    old = await held(conn, id, tenant_id=tenant_id)
    if old.status == "cancelled":
        return old
    await store.move(conn, id, tenant_id=tenant_id, status="cancelled", reason=reason, source_at=source_at, now=now)
    await withdraw(conn, tenant_id, id, WISH, now=now)
    booking = await found(conn, id, tenant_id=tenant_id)
    await drop_plan(conn, booking, reason="the booking was cancelled", now=now)
    await _tell(conn, booking, "cancelled", now)
    if say:
        policy = await policy_of(conn, booking.policy_id, tenant_id=tenant_id, now=now)
        await say_cancelled(conn, booking, policy, now=now)
    return booking


async def _tell(conn: Conn, booking: Booking, what: str, now: datetime) -> None:
    """Tell the tenant's own systems."""
    data = {
        "id": booking.id,
        "external_id": booking.external_id,
        "contact_id": booking.contact_id,
        "status": booking.status,
        "starts_at": booking.starts_at,
        "zone": booking.zone,
    }
    await announce(conn, booking.tenant_id, f"booking.{what}", booking.id, data, now)


async def _move(conn: Conn, id: UUID, status: Status, reason: str, *, tenant_id: UUID, now: datetime) -> Booking:
    moved = await store.move(conn, id, tenant_id=tenant_id, status=status, reason=reason, source_at=None, now=now)
    booking = await found(conn, id, tenant_id=tenant_id)
    if moved is None:
        raise Conflicting("the booking is cancelled; book again")
    await _tell(conn, booking, status, now)
    return booking


async def _keep(conn: Conn, new: Booking, policy: Policy, *, now: datetime) -> None:
    await store.change(
        conn,
        new.id,
        tenant_id=new.tenant_id,
        contact_id=new.contact_id,
        policy_id=policy.id,
        policy_version=policy.version,
        external_id=new.external_id,
        service=new.service,
        provider=new.provider,
        location=new.location,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        zone=new.zone,
        wall=new.wall,
        zone_rules=rules(),
        wish=new.wish,
        status=new.status,
        reason=new.reason,
        source_at=new.source_at,
        schedule_version=new.schedule_version,
        planned_from=new.planned_from,
        now=now,
    )
