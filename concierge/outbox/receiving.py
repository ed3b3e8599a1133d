"""Receipts: what the provider says became of a message of ours, in whatever order it says so."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from concierge.channels.model import Receipt
from concierge.notifications import notify
from concierge.outbox import store
from concierge.postgres.query import Conn

_RUNG: Mapping[str, str] = {"played": "read", "deleted": "sent", "warning": "sent"}
"""Statuses beside the ladder, and what they prove: what is deleted or warned of was sent."""


async def receive(conn: Conn, receipt: Receipt, *, channel_account_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """Move the message up its ladder; a receipt for a message that is not ours changes nothing."""
    failed = await store.apply_receipt(
        conn,
        channel_account_id=channel_account_id,
        outbound_id=receipt.outbound_id,
        provider_message_id=receipt.provider_message_id,
        status=_RUNG.get(receipt.status, receipt.status),
        facts=_facts(receipt),
        error=receipt.error,
        now=now,
    )
    if failed is not None:
        text = receipt.error or "the provider could not deliver the message"
        await notify(conn, tenant_id, "outbound_message", failed, "failed", text, now=now)


def _facts(receipt: Receipt) -> dict[str, Any]:
    beside = {receipt.status: receipt.at} if receipt.status in _RUNG else {}
    return beside | ({"pricing": receipt.pricing} if receipt.pricing else {})
