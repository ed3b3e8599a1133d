"""When a reminder is due: take it, look at its booking again, hand its message to the outbox, see it arrive."""

from datetime import datetime, timedelta
from uuid import UUID

from concierge.bookings.keeping import held
from concierge.bookings.model import Booking
from concierge.bookings.policies.choosing import policy_of
from concierge.bookings.policies.model import Policy
from concierge.bookings.reminders import store
from concierge.bookings.reminders.model import Remind, Reminder
from concierge.bookings.saying import UNREACHABLE, say_reminder
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime

BATCH = 500
FORGOTTEN = timedelta(minutes=5)
LATELY = timedelta(days=1)
BEGUN = "the appointment has begun"

log = logger(__name__)


async def take_due(runtime: Runtime) -> None:
    """Tick: reminders whose time has come become due, each with a job; those whose message arrived are finished."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.claim_due(conn, now=now, limit=BATCH)
        await put(conn, *(Remind(id) for id in ids))
        await store.finish(conn, now=now, limit=BATCH)


async def sweep(runtime: Runtime) -> None:
    """Tick: queue a job for reminders that are due and have no live job; finish those whose message went late."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.forgotten(conn, before=now - FORGOTTEN, limit=BATCH)
        await put(conn, *(Remind(id) for id in ids))
        await store.finish_late(conn, since=now - LATELY, now=now, limit=BATCH)


async def remind(runtime: Runtime, reminder_id: UUID) -> None:
    """Hand one reminder over, or say why not. Harmless to run twice: only one run finds it due.

    The booking is held first, as whoever changes it does: so what is said is about the booking as it is.
    """
    now = runtime.clock()
    async with runtime.begin() as conn:
        due = await store.find_due(conn, reminder_id)
        if due is None:
            return
        booking = await held(conn, due.booking_id, tenant_id=due.tenant_id)
        reminder = await store.hold(conn, reminder_id, tenant_id=due.tenant_id)
        if reminder is None:
            return
        with correlate(booking.correlation_id):
            policy = await policy_of(conn, booking.policy_id, tenant_id=booking.tenant_id, now=now)
            message_id, reason = None, await _objection(conn, booking, reminder, policy, now)
            if reason is None:
                message_id, reason = await say_reminder(conn, booking, policy, n=reminder.n, now=now)
            await store.settle(
                conn,
                reminder_id,
                tenant_id=booking.tenant_id,
                status="sending" if message_id else "skipped",
                reason=reason,
                outbound_message_id=message_id,
                now=now,
            )
            if reason == UNREACHABLE:
                await notify(conn, booking.tenant_id, "booking", booking.id, "unreachable", UNREACHABLE, now=now)
            log.info("reminded" if message_id else "not reminded", reminder=str(reminder_id), reason=reason)


async def _objection(conn: Conn, booking: Booking, reminder: Reminder, policy: Policy, now: datetime) -> str | None:
    """Why it must not be sent; None where nothing stands against it."""
    if booking.starts_at <= now:
        return BEGUN
    if policy.late is not None and now - reminder.due_at > policy.late:
        return "it is too late for it, by its policy"
    if await store.is_overtaken(
        conn,
        booking_id=booking.id,
        tenant_id=booking.tenant_id,
        schedule_version=reminder.schedule_version,
        n=reminder.n,
        now=now,
    ):
        return "a later one is due as well"
    return None


async def give_up(runtime: Runtime, reminder_id: UUID, reason: str) -> None:
    """It cannot be sent; an operator is told."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        tenant_id = await store.fail(conn, reminder_id, reason=reason, now=now)
        if tenant_id is not None:
            await notify(conn, tenant_id, "reminder", reminder_id, "failed", reason, now=now)
