"""Ticks for what waits for a time: quiet hours that are over, messages that are too late, accounts that have rested."""

from datetime import timedelta

from concierge.outbox.line import store
from concierge.outbox.model import Deliver
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.tenants.store import wake_rested

BATCH = 500
FULL = timedelta(minutes=10)  # for so long a bucket has been full when it is forgotten


async def release(runtime: Runtime) -> None:
    """Queue a delivery for what was held long enough, and for what waited behind something that is too late now."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        late = await store.expire_late(conn, now=now, limit=BATCH)
        held = await store.release_held(conn, now=now, limit=BATCH)
        await wake_rested(conn, now=now)
        await put(conn, *(Deliver(id) for id in (*late, *held)))


async def forget(runtime: Runtime) -> None:
    """Delete rate buckets that nobody has taken from."""
    async with runtime.connection() as conn:
        await store.forget_buckets(conn, before=runtime.clock() - FULL)
