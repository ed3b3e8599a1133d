"""The widget says what it has and what was seen: receipts, as any provider would send them."""

from concierge.channels.model import Receipt
from concierge.outbox.receiving import receive
from concierge.runtime import Runtime
from concierge.webchat import store
from concierge.webchat.model import Acknowledged, Session


async def acknowledge(runtime: Runtime, session: Session, said: Acknowledged) -> None:
    """Report our messages up to a number as delivered or read; saying it again changes nothing."""
    now = runtime.clock()
    async with runtime.connection() as conn:
        ids = await store.unacknowledged(
            conn, session_id=session.id, tenant_id=session.tenant_id, seq=said.seq, read=said.read
        )
        for id in ids:
            receipt = Receipt(
                account=session.widget,
                provider_message_id=None,
                outbound_id=id,
                status="read" if said.read else "delivered",
                at=now,
            )
            await receive(
                conn, receipt, channel_account_id=session.channel_account_id, tenant_id=session.tenant_id, now=now
            )
        # last: a crash before it repeats receipts, which climb a ladder; one after it would lose them
        await store.acknowledge(conn, session_id=session.id, tenant_id=session.tenant_id, seq=said.seq, read=said.read)
