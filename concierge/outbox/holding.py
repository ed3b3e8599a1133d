"""What waits and goes on: quiet hours that are over, templates that came, windows that opened, accounts that rested."""

from datetime import datetime, timedelta
from uuid import UUID

from concierge.outbox.line import store
from concierge.outbox.model import Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.tenants.store import wake_rested

BATCH = 500
FULL = timedelta(minutes=10)  # for so long a bucket has been full when it is forgotten


async def release(runtime: Runtime) -> None:
    """Queue a delivery for what was held long enough, has its template now, or waited behind what is too late."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        late = await store.expire_late(conn, now=now, limit=BATCH)
        held = await store.release_held(conn, now=now, limit=BATCH)
        templated = await store.release_templated(conn, now=now, limit=BATCH)
        await wake_rested(conn, now=now)
        await put(conn, *(Deliver(id) for id in dict.fromkeys((*late, *held, *templated))))


async def open_window(conn: Conn, *, conversation_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """The person wrote: what was blocked for want of a template is said after all, unless it is too late."""
    if await store.release_windowed(conn, conversation_id=conversation_id, tenant_id=tenant_id, now=now):
        await put(conn, Deliver(conversation_id))


async def say_scheduled(runtime: Runtime) -> None:
    """Queue what was to be said at this time."""
    async with runtime.begin() as conn:
        ids = await store.release_scheduled(conn, now=runtime.clock(), limit=BATCH)
        await put(conn, *(Deliver(id) for id in ids))


async def forget(runtime: Runtime) -> None:
    """Delete rate buckets that nobody has taken from."""
    async with runtime.connection() as conn:
        await store.forget_buckets(conn, before=runtime.clock() - FULL)
