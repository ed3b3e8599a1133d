"""Acting on everything that matches: a row that says how far it has come, carried on by jobs, a batch a transaction.

What is meant was in the state, and made, before it was asked for. A message that has moved on by itself is passed over.
A job that is lost is found by the tick; two that meet do the work once (the row is locked, the place is in it).
"""

from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from concierge.admin.retrying import retry_message
from concierge.console.store import bulk as store
from concierge.console.store.bulk import Bulk
from concierge.errors import Conflicting, Missing
from concierge.outbox.scheduling import cancel
from concierge.postgres.query import Conn
from concierge.postgres.queue import Job, put
from concierge.runtime import Runtime

AT_ONCE = 100  # messages a transaction
FORGOTTEN = timedelta(minutes=2)
MOST = 100
ACTIONS = {"retry": ("failed", "blocked", "unknown"), "cancel": ("scheduled", "queued", "held", "blocked")}
"""What can be done to messages in which states."""


class CarryOn(Job, frozen=True):
    """Act on the next messages of a bulk action."""

    kind: ClassVar[str] = "console.carry_on"
    queue: ClassVar[str] = "outbox"
    priority: ClassVar[int] = -5  # what people wait for comes first

    bulk_action_id: UUID


async def begin(
    conn: Conn,
    *,
    tenant_id: UUID,
    action: str,
    wanted: str,
    channel: str | None,
    actor: str,
    bound: int,
    now: datetime,
) -> UUID:
    """Ask for it; a job does it. Raises Conflicting where nothing matches or the action is not for that state."""
    if wanted not in ACTIONS.get(action, ()):
        raise Conflicting(f"messages in that state cannot be meant by {action}")
    total = await store.count(conn, tenant_id=tenant_id, wanted=wanted, channel=channel, bound=bound)
    if not total:
        raise Conflicting("no message matches any more")
    id = await store.add(
        conn, tenant_id=tenant_id, action=action, wanted=wanted, channel=channel, actor=actor, total=total, now=now
    )
    await put(conn, CarryOn(id))
    return id


async def carry_on(runtime: Runtime, id: UUID) -> None:
    """The next batch; another job goes on with the rest."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        bulk = await store.hold(conn, id)
        if bulk is None:
            return
        meant = await store.meant(
            conn,
            tenant_id=bulk.tenant_id,
            wanted=bulk.wanted,
            channel=bulk.channel,
            until=bulk.created_at,
            after_at=bulk.after_at,
            after_id=bulk.after_id,
            limit=AT_ONCE,
        )
        if not meant:
            await store.end(conn, id, tenant_id=bulk.tenant_id, status="done", reason=None, now=now)
            return
        done = sum([await _acted(conn, bulk, each.id, now) for each in meant])
        await store.advance(
            conn,
            id,
            tenant_id=bulk.tenant_id,
            done=done,
            refused=len(meant) - done,
            after_at=meant[-1].created_at,
            after_id=meant[-1].id,
            now=now,
        )
        await put(conn, CarryOn(id))


async def sweep(runtime: Runtime) -> None:
    """Tick: carry on with what nobody carries on with."""
    async with runtime.begin() as conn:
        ids = await store.forgotten(conn, before=runtime.clock() - FORGOTTEN, limit=MOST)
        await put(conn, *(CarryOn(id) for id in ids))


async def _acted(conn: Conn, bulk: Bulk, id: UUID, now: datetime) -> bool:
    """Whether the message could still be acted on. A refusal comes before anything was changed."""
    try:
        if bulk.action == "retry":
            await retry_message(conn, id, tenant_id=bulk.tenant_id, now=now)
        else:
            await cancel(conn, id, tenant_id=bulk.tenant_id, reason="cancelled by an operator", now=now)
    except (Conflicting, Missing):
        return False
    return True
