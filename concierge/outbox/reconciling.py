"""Ticks of the outbox: waits that are over, wake-ups that were lost, outcomes that nobody knows."""

from datetime import timedelta

from concierge.notifications import notify
from concierge.outbox import fates, store
from concierge.outbox.model import POLICIES, Deliver
from concierge.postgres.queue import put
from concierge.runtime import Runtime

LEASE = timedelta(seconds=90)  # longer than any provider call may take
GRACE = timedelta(minutes=2)  # how long an unknown outcome waits for its receipt
FORGOTTEN = timedelta(minutes=5)
MOST_UNKNOWN = 1  # attempts of one message; a second one is an operator's
BATCH = 500


async def wake(runtime: Runtime) -> None:
    """Queue a delivery for every message whose wait is over."""
    async with runtime.begin() as conn:
        ids = await store.wake_due(conn, now=runtime.clock(), limit=BATCH)
        await put(conn, *(Deliver(id) for id in ids))


async def sweep(runtime: Runtime) -> None:
    """Queue a delivery for messages that are due and have no live job, whatever became of it."""
    async with runtime.begin() as conn:
        ids = await store.forgotten(conn, before=runtime.clock() - FORGOTTEN, limit=BATCH)
        await put(conn, *(Deliver(id) for id in ids))


async def reconcile(runtime: Runtime) -> None:
    """Settle what can be settled about unknown outcomes, hand the rest to an operator.

    Silence counts as "not accepted" only where it means something: the transport reports on messages, it has
    reported on others of this account meanwhile, the kind of message allows it, and it did not happen before.
    """
    now = runtime.clock()
    async with runtime.begin() as conn:
        waiting = await fates.give_up_on_lost(conn, before=now - LEASE, now=now, limit=BATCH)
        await put(conn, *(Deliver(id) for id in waiting))
        for each in await fates.silent(conn, before=now - GRACE, limit=BATCH):
            transport = runtime.transports.get(each.transport)
            reports = transport is not None and transport.receipts
            allowed = POLICIES[each.kind].resend_when_silent and each.unknowns <= MOST_UNKNOWN
            if reports and each.others_heard and allowed:
                await fates.requeue_silent(conn, each.id, tenant_id=each.tenant_id, now=now)
            else:
                await fates.escalate(conn, each.id, tenant_id=each.tenant_id, now=now)
                text = each.reason or "nobody knows whether the provider took the message"
                await notify(conn, each.tenant_id, "outbound_message", each.id, "unknown", text, now=now)
