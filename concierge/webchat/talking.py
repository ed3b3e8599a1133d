"""Messages of a session: kept like those of every channel, listed with ours in one order."""

from msgspec.json import encode

from concierge.channels.decoding import clean
from concierge.channels.model import Address, ChannelAccount, Inbound
from concierge.errors import Malformed, Missing
from concierge.inbox.arrival import Arrivals
from concierge.inbox.model import Delivery
from concierge.runtime import Runtime
from concierge.webchat import store
from concierge.webchat.model import Kept, Page, Posted, Session


async def keep(
    runtime: Runtime, arrivals: Arrivals, account: ChannelAccount, session: Session, posted: Posted, correlation: str
) -> Kept:
    """Keep a message. Raises Malformed for one that says nothing, NotStored when it must be posted again."""
    text = clean(posted.text).strip()
    if not text:
        raise Malformed("The message says nothing.", pointer="/text")
    message = Inbound(
        account=session.widget,
        # scoped to the session: another visitor's widget may well choose the same id
        provider_message_id=f"{session.id}:{posted.client_message_id}",
        sender=Address(kind="webchat", value=session.address),
        text=text,
        sent_at=runtime.clock(),
        raw=encode(posted),
    )
    delivery = Delivery(channel="webchat", messages=[(account, message)], correlation_id=correlation)
    (kept,) = await arrivals.accept(delivery)
    if kept.inbound_id is None or kept.status == "ignored":
        raise Missing("there is no such session any more")
    async with runtime.connection() as conn:
        seq = await store.seq_of(conn, inbound_id=kept.inbound_id, tenant_id=session.tenant_id)
    if seq is None:
        raise Missing("there is no such session any more")
    return Kept(id=kept.inbound_id, client_message_id=posted.client_message_id, seq=seq, status=kept.status)


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
