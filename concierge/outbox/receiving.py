"""Receipts: what the provider says became of a message of ours, in whatever order it says so."""

from datetime import datetime
from uuid import UUID

from concierge.channels.model import Receipt
from concierge.notifications import notify
from concierge.outbox import fates
from concierge.outbox.masking import masked
from concierge.outbox.model import Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put


async def receive(conn: Conn, receipt: Receipt, *, channel_account_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """Move the message up its ladder; a receipt for a message that is not ours changes nothing."""
    reason = masked(receipt.error or "the provider could not deliver the message")
    moved = await fates.apply_receipt(
        conn,
        channel_account_id=channel_account_id,
        outbound_id=receipt.outbound_id,
        provider_message_id=receipt.provider_message_id,
        status=receipt.status,
        reason=reason,
        now=now,
    )
    if moved is None:
        return
    if moved.was == "sending":  # if its worker died, nobody else goes on with what stands behind it
        await put(conn, Deliver(moved.conversation_id))
    if moved.status == "failed" and moved.was != "failed":
        await notify(conn, tenant_id, "outbound_message", moved.id, "failed", reason, now=now)
