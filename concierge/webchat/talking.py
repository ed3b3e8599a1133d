"""Messages of a session: kept like those of every channel, listed with ours in one order."""

from typing import Any
from uuid import UUID

from msgspec.json import encode

from concierge.channels.decoding import clean
from concierge.channels.model import Address, Inbound
from concierge.errors import Malformed, Missing
from concierge.inbox.model import Delivery
from concierge.runtime import Runtime
from concierge.webchat import store
from concierge.webchat.admission import Desk, Visitor
from concierge.webchat.model import Kept, Page, Posted, Session
from concierge.webchat.uploading import attachment


async def keep_text(desk: Desk, visitor: Visitor, posted: Posted, correlation: str) -> Kept:
    """Keep a message. Raises Malformed for one that says nothing, NotStored when it must be posted again."""
    text = clean(posted.text).strip()
    if not text:
        raise Malformed("The message says nothing.", pointer="/text")
    message = _message(desk, visitor, posted.client_message_id, text=text, raw=encode(posted))
    return await _keep(desk, visitor, message, posted.client_message_id, correlation)


async def keep_file(
    desk: Desk, visitor: Visitor, content: bytes, *, id: UUID, name: str, said: str | None, correlation: str
) -> Kept:
    """Keep a file as a message. Raises as `attachment` does, NotStored when it must be posted again."""
    file = attachment(desk.runtime.settings, content, name=name, said=said)
    message = _message(desk, visitor, id, kind=file.kind, text=f"📎 {file.filename}", attachments=(file,), raw=content)
    return await _keep(desk, visitor, message, id, correlation)


def _message(desk: Desk, visitor: Visitor, id: UUID, **content: Any) -> Inbound:
    session = visitor.session
    return Inbound(
        account=session.widget,
        # scoped to the session: another visitor's widget may well choose the same id
        provider_message_id=f"{session.id}:{id}",
        sender=Address(kind="webchat", value=session.address),
        sent_at=desk.runtime.clock(),
        **content,
    )


async def _keep(desk: Desk, visitor: Visitor, message: Inbound, id: UUID, correlation: str) -> Kept:
    delivery = Delivery(channel="webchat", messages=[(visitor.account, message)], correlation_id=correlation)
    (kept,) = await desk.arrivals.accept(delivery)
    if kept.inbound_id is None or kept.status == "ignored":
        raise Missing("there is no such session any more")
    async with desk.runtime.connection() as conn:
        seq = await store.seq_of(conn, inbound_id=kept.inbound_id, tenant_id=visitor.session.tenant_id)
    if seq is None:
        raise Missing("there is no such session any more")
    return Kept(id=kept.inbound_id, client_message_id=id, seq=seq, status=kept.status)


async def listed(runtime: Runtime, session: Session, *, after: int, limit: int) -> Page:
    """A page of what was said, and how far the session has come."""
    async with runtime.connection() as conn:
        events = await store.events_after(
            conn, session_id=session.id, tenant_id=session.tenant_id, after=after, limit=limit + 1
        )
    return Page(
        data=events[:limit],
        has_more=len(events) > limit,
        last_seq=max(session.last_seq, *(event.seq for event in events), 0),
        delivered_seq=session.delivered_seq,
        read_seq=session.read_seq,
    )
