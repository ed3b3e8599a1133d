"""Erasing a person in all rooms at once; and once more, when what was under way has ended."""

from datetime import datetime, timedelta
from uuid import UUID

from concierge.contacts import erasing_store as store
from concierge.contacts.keeping import find
from concierge.errors import Conflicting
from concierge.identities.store import exclude_arrival
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

UNDER_WAY = timedelta(minutes=15)  # longer than any job may run, its retries included
BATCH = 100


async def erase(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """Forget everything about a person: who they are, what they said, what was made of it. Harmless to repeat.

    Raises Missing; Conflicting for one that was merged, and while a message to them is on its way: what the vendor
    answers would be kept.
    """
    await exclude_arrival(conn)
    contact = await find(conn, id, tenant_id=tenant_id)
    if contact.merged_into is not None:
        raise Conflicting(f"this contact is known as {contact.merged_into} now")
    if await store.is_being_told(conn, contact_id=id, tenant_id=tenant_id):
        raise Conflicting("a message to this person is being sent; try again in a minute")
    await store.erase(conn, id, tenant_id=tenant_id, now=now)
    await store.erase_again(conn, id, tenant_id=tenant_id, at=now + UNDER_WAY)


async def erase_what_was_under_way(runtime: Runtime) -> None:
    """Tick: a model that was reading them when they were erased has answered by now."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        for each in await store.to_erase_again(conn, now=now, limit=BATCH):
            await store.erase(conn, each.id, tenant_id=each.tenant_id, now=now)
