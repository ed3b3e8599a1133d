"""The end of a follow-up that comes again."""

from datetime import datetime
from uuid import UUID

from concierge.followups import showing
from concierge.followups.recurring import store
from concierge.postgres.query import Conn


async def cancel(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """An operator does not want it, nor what follows. None: it was done, or is on its way."""
    cancelled = await showing.cancel(conn, id, tenant_id=tenant_id, by=by, now=now)
    if cancelled:
        await stop(conn, id, tenant_id=tenant_id, by=by, now=now)
    return cancelled


async def stop(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """Whatever was planned after it comes no more. It is over itself, in this transaction: nobody plans after it now.

    Each is taken before the next is looked for, so none that is being planned meanwhile is overlooked.
    """
    after: UUID | None = id
    while after is not None:
        after = await store.stop_next(conn, after, tenant_id=tenant_id, by=by, now=now)
