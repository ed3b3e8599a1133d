"""Approving a draft: before its follow-up is due it waits for that, afterwards it goes at once."""

from datetime import datetime
from uuid import UUID

from concierge.errors import Conflicting
from concierge.followups.drafting import store
from concierge.followups.drafting.model import Addressed, Draft
from concierge.followups.drafting.wanting import OVER, newest
from concierge.outbox.model import Kind, NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn

REMINDED = frozenset({"sending", "done"})


async def approve(conn: Conn, task_id: UUID, *, tenant_id: UUID, now: datetime, kind: Kind = "reminder") -> Draft:
    """The live draft may go, as such a message. Approving twice is approving once. Raises Missing, Conflicting."""
    await store.hold_task(conn, task_id=task_id, tenant_id=tenant_id)
    live = await store.addressed(conn, task_id=task_id, tenant_id=tenant_id)
    if live is None or live.task_status in OVER:
        present = await newest(conn, task_id, tenant_id=tenant_id)
        if live is None and present.status == "sent":
            return present
        raise Conflicting(f"the draft is {present.status}" if live is None else f"the follow-up is {live.task_status}")
    await store.approve(conn, live.id, tenant_id=tenant_id, now=now)
    if live.task_status in REMINDED:
        id = await post(conn, _message(live, tenant_id, kind), key=f"draft:{live.id}", now=now)
        if id is not None:
            await store.send(conn, live.id, tenant_id=tenant_id, outbound_message_id=id, now=now)
    return await newest(conn, task_id, tenant_id=tenant_id)


def _message(live: Addressed, tenant_id: UUID, kind: Kind) -> NewMessage:
    """The text alone, as it can be passed on."""
    return NewMessage(
        tenant_id=tenant_id,
        channel_account_id=live.channel_account_id,
        conversation_id=live.conversation_id,
        identity_id=live.identity_id,
        kind=kind,
        payload=Payload(text=live.text, subject=live.subject),
        correlation_id=live.correlation_id,
    )
