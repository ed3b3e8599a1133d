"""Another try, asked for by a person or a key: the state, its event and its job in one transaction."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from concierge.admin import store
from concierge.bookings.reminders import store as reminders
from concierge.conversations import store as conversations
from concierge.conversations.model import Handle
from concierge.errors import Conflicting, Missing
from concierge.followups import store as followups
from concierge.followups.model import Execute
from concierge.outbox import fates, showing
from concierge.outbox.model import Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put

MOST = 1_000


async def retry_task(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """A new round for a failed task. Raises Missing, or Conflicting where it has not failed."""
    retried = await followups.retry(conn, id, tenant_id=tenant_id, by=by, now=now)
    if retried is None:
        raise (
            Conflicting("only a failed task whose reminder has not arrived can be retried")
            if await store.is_task(conn, id, tenant_id=tenant_id)
            else Missing("there is no such task")
        )
    if retried.reminder_id is not None:
        await fates.cancel_failed(conn, retried.reminder_id, tenant_id=tenant_id, now=now)
    await put(conn, Execute(id))
    await store.acknowledge(conn, subject_id=id, tenant_id=tenant_id, now=now)


async def retry_message(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """All attempts again for a failed or blocked message, and its follow-up or booking waits for it again.

    So for one whose fate nobody knows, once it was handed to the operators. Raises Missing, or Conflicting where it is
    neither.
    """
    conversation_id = await fates.requeue_failed(conn, id, tenant_id=tenant_id, by=by, now=now)
    if conversation_id is None:
        raise (
            Conflicting("only a failed or blocked message can be retried")
            if await store.is_message(conn, id, tenant_id=tenant_id)
            else Missing("there is no such message")
        )
    await followups.resume(conn, reminder_id=id, tenant_id=tenant_id, by=by, now=now)
    await reminders.resume(conn, outbound_message_id=id, tenant_id=tenant_id, by=by, now=now)
    await put(conn, Deliver(conversation_id))
    await store.acknowledge(conn, subject_id=id, tenant_id=tenant_id, now=now)


async def resolve_message(
    conn: Conn, id: UUID, *, tenant_id: UUID, status: Literal["sent", "failed"], by: str, now: datetime
) -> None:
    """Settle an unknown outcome by hand: it was sent, or it was not. Raises Missing, Conflicting."""
    present = await showing.found(conn, id, tenant_id=tenant_id)
    if await showing.resolve(conn, id, tenant_id=tenant_id, status=status, by=by, now=now) is None:
        raise Conflicting(f"the message is {present.status}, not unknown")
    await store.acknowledge(conn, subject_id=id, tenant_id=tenant_id, now=now)
    await put(conn, Deliver(present.conversation_id))


async def retry_conversations(conn: Conn, id: UUID | None, *, tenant_id: UUID, by: str, now: datetime) -> int:
    """Handle a parked conversation again, or (None) the oldest thousand. How many; raises Missing for a single one."""
    ids = await conversations.unpark(conn, id=id, tenant_id=tenant_id, limit=MOST)
    if id is not None and not ids:
        raise Missing("there is no such parked conversation")
    await put(conn, *(Handle(each) for each in ids))
    await store.note_retried(conn, ids=ids, tenant_id=tenant_id, detail=f"retried by {by}", now=now)
    return len(ids)
