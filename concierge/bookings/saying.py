"""Saying something about a booking, on the best line to its customer."""

from datetime import datetime, timedelta
from uuid import UUID

from concierge.bookings.model import Booking
from concierge.bookings.people import store as people
from concierge.bookings.people.reaching import reach
from concierge.bookings.policies.model import Policy
from concierge.bookings.texts.wording import payload
from concierge.outbox.model import NewMessage
from concierge.outbox.posting import post
from concierge.postgres.query import Conn

OF_USE = timedelta(days=1)  # how long a confirmation of something past is worth saying
SILENT = "its customer asked for silence"
UNREACHABLE = "no address of its customer's on the channels of its policy"


async def say_reminder(
    conn: Conn, booking: Booking, policy: Policy, *, n: int, now: datetime
) -> tuple[UUID | None, str | None]:
    """(the message posted, None), or (None, why nobody is reminded). The booking is held."""
    person = await people.person(conn, contact_id=booking.contact_id, tenant_id=booking.tenant_id)
    if person.silent:
        return None, SILENT
    line = await reach(
        conn, booking.contact_id, policy.channels, tenant_id=booking.tenant_id, kind="booking_reminder", now=now
    )
    if line is None:
        return None, UNREACHABLE
    message = NewMessage(
        tenant_id=booking.tenant_id,
        channel_account_id=line.channel_account_id,
        conversation_id=line.conversation_id,
        identity_id=line.identity_id,
        kind="booking_reminder",
        payload=await payload(conn, "reminder", booking, person, now=now),
        correlation_id=booking.correlation_id,
        expires_at=booking.starts_at,
        about=booking.id,
    )
    return await post(conn, message, key=f"booking:{booking.id}:reminder:{booking.schedule_version}:{n}", now=now), None


async def say_cancelled(conn: Conn, booking: Booking, policy: Policy, *, now: datetime) -> None:
    """That it is cancelled; nothing where the customer cannot be reached or wants to hear nothing."""
    person = await people.person(conn, contact_id=booking.contact_id, tenant_id=booking.tenant_id)
    line = await reach(
        conn, booking.contact_id, policy.channels, tenant_id=booking.tenant_id, kind="booking_cancellation", now=now
    )
    if person.silent or line is None:
        return
    message = NewMessage(
        tenant_id=booking.tenant_id,
        channel_account_id=line.channel_account_id,
        conversation_id=line.conversation_id,
        identity_id=line.identity_id,
        kind="booking_cancellation",
        payload=await payload(conn, "cancellation", booking, person, now=now),
        correlation_id=booking.correlation_id,
        expires_at=max(booking.starts_at, now + OF_USE),
        about=booking.id,
    )
    await post(conn, message, key=f"booking:{booking.id}:cancelled", now=now)
