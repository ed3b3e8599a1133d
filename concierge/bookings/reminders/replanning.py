"""A new plan in place of the old one, in the transaction of what makes it necessary."""

from datetime import datetime, timedelta

from concierge.bookings.model import Booking
from concierge.bookings.policies.model import Policy
from concierge.bookings.reminders import store
from concierge.bookings.reminders.planning import plan
from concierge.outbox.posting import withdraw
from concierge.postgres.query import Conn

JUST = timedelta(seconds=1)


async def plan_first(conn: Conn, booking: Booking, policy: Policy, *, now: datetime) -> None:
    """The plan of a new booking."""
    await _add(conn, booking, policy, after=now, now=now)


async def replan(
    conn: Conn, booking: Booking, policy: Policy, *, reason: str, keep_overdue: bool, now: datetime
) -> None:
    """The plan by what `booking` says now; the booking is held, and has its new schedule_version.

    What the old plan still had to say is withdrawn. `keep_overdue`: what was due and not sent yet stays due.
    """
    overdue = await drop_plan(conn, booking, reason=reason, now=now)
    after = overdue - JUST if keep_overdue and overdue is not None else now
    await _add(conn, booking, policy, after=after, now=now)


async def drop_plan(conn: Conn, booking: Booking, *, reason: str, now: datetime) -> datetime | None:
    """Nothing that was planned or posted about it is sent any more. The earliest reminder that was due and not said."""
    await withdraw(conn, booking.id, tenant_id=booking.tenant_id, reason=reason, now=now)
    return await store.cancel(conn, booking_id=booking.id, tenant_id=booking.tenant_id, reason=reason, now=now)


async def _add(conn: Conn, booking: Booking, policy: Policy, *, after: datetime, now: datetime) -> None:
    due_ats = plan(
        policy.rule, booked_at=booking.planned_from, starts_at=booking.starts_at, zone=booking.zone, after=after
    )
    await store.add(
        conn,
        tenant_id=booking.tenant_id,
        booking_id=booking.id,
        schedule_version=booking.schedule_version,
        due_ats=due_ats,
        now=now,
    )
