"""From batch to batch."""

from datetime import datetime
from typing import Any
from uuid import UUID

from concierge.admin.bulk import store
from concierge.admin.bulk.model import Operation, Sweep
from concierge.admin.bulk.steps import STEPS
from concierge.errors import Conflicting, Missing
from concierge.notifications import notify
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime


async def start(
    conn: Conn, kind: str, filter: dict[str, Any], *, total: int, tenant_id: UUID, by: str, now: datetime
) -> Operation:
    """A new operation of one of STEPS and the job of its first batch; `total`: how many things match now."""
    made = await store.add(conn, tenant_id=tenant_id, kind=kind, filter=filter, total=total, by=by, now=now)
    await put(conn, Sweep(tenant_id, made.id))
    return made


async def sweep(runtime: Runtime, job: Sweep) -> None:
    """One batch, its mark, and the job of the next one: all or nothing. Nothing where it has ended."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        at_work = await store.running(conn, job.operation_id, tenant_id=job.tenant_id)
        if at_work is None:
            return
        batch = await STEPS[at_work.kind](conn, at_work, now)
        await store.mark(conn, at_work.id, tenant_id=at_work.tenant_id, done=batch.done, place=batch.place, now=now)
        if batch.place is not None:
            await put(conn, job)


async def give_up(runtime: Runtime, job: Sweep, error: BaseException) -> None:
    """A batch that fails again and again ends the operation; what earlier ones did stays."""
    now = runtime.clock()
    reason = type(error).__name__
    async with runtime.begin() as conn:
        ended = await store.end(
            conn, job.operation_id, tenant_id=job.tenant_id, status="failed", reason=reason, now=now
        )
        if ended is not None:
            words = f"An operation came to an end too early: {reason}. What it has done so far stays."
            await notify(conn, job.tenant_id, "operation", job.operation_id, "operation_failed", words, now=now)


async def cancel(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> Operation:
    """No more batches. Raises Missing, Conflicting where it has ended."""
    present = await found(conn, id, tenant_id=tenant_id)
    if await store.end(conn, id, tenant_id=tenant_id, status="cancelled", reason=None, now=now) is None:
        raise Conflicting(f"the operation is {present.status}")
    return await found(conn, id, tenant_id=tenant_id)


async def found(conn: Conn, id: UUID, *, tenant_id: UUID) -> Operation:
    """One of the tenant's. Raises Missing."""
    present = await store.find(conn, id, tenant_id=tenant_id)
    if present is None:
        raise Missing("there is no such operation")
    return present
