"""Another try, asked for by an operator: the state, its event and its job in one transaction."""

from datetime import datetime
from uuid import UUID

from concierge.admin import store
from concierge.conversations import store as conversations
from concierge.conversations.model import Handle
from concierge.errors import Conflicting, Missing
from concierge.followups import store as followups
from concierge.followups.model import Execute
from concierge.outbox import store as outbox
from concierge.outbox.model import Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put


async def retry_task(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """A new round for a failed task. Raises Missing, or Conflicting where it has not failed."""
    if await followups.retry(conn, id, tenant_id=tenant_id, now=now) is None:
        raise (
            Conflicting("only a failed task can be retried")
            if await store.is_task(conn, id, tenant_id=tenant_id)
            else Missing("there is no such task")
        )
    await put(conn, Execute(id))
    await store.acknowledge(conn, subject_id=id, tenant_id=tenant_id, now=now)


async def retry_message(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """All attempts again for a failed or blocked message, and its follow-up waits for it again.

    So for one whose fate nobody knows, once it was handed to the operators. Raises Missing, or Conflicting where it is
    neither.
    """
    conversation_id = await outbox.requeue_failed(conn, id, tenant_id=tenant_id, now=now)
    if conversation_id is None:
        raise (
            Conflicting("only a failed or blocked message can be retried")
            if await store.is_message(conn, id, tenant_id=tenant_id)
            else Missing("there is no such message")
        )
    await followups.resume(conn, reminder_id=id, tenant_id=tenant_id, now=now)
    await put(conn, Deliver(conversation_id))
    await store.acknowledge(conn, subject_id=id, tenant_id=tenant_id, now=now)


async def retry_conversation(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """Handle a parked conversation again. Raises Missing."""
    if await conversations.unpark(conn, id, tenant_id=tenant_id) is None:
        raise Missing("there is no such parked conversation")
    await put(conn, Handle(id))
    await store.acknowledge(conn, subject_id=id, tenant_id=tenant_id, now=now)
