"""Receipts: what the provider says became of a message of ours, in whatever order it says so."""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from concierge.channels.decoding import clean
from concierge.channels.model import Receipt
from concierge.consent import store as consent
from concierge.notifications import notify
from concierge.outbox import fates
from concierge.outbox.masking import masked
from concierge.outbox.model import Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put

_RUNG: Mapping[str, str] = {"played": "read", "deleted": "sent", "warning": "sent"}
"""Statuses beside the ladder, and what they prove: what is deleted or warned of was sent."""


async def receive(conn: Conn, receipt: Receipt, *, channel_account_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """Move the message up its ladder; a receipt for a message that is not ours changes nothing.

    One without any id is about everything that its addresses were sent until then.
    """
    status = receipt.status
    if receipt.provider_message_id is not None or receipt.outbound_id is not None:
        # `conn` commits every statement by itself; a failure and the notification of it are one thing
        async with conn.transaction() if status == "failed" else nullcontext():
            await _apply(conn, receipt, channel_account_id, tenant_id, now)
    elif receipt.addresses and status in {"delivered", "read"}:
        await fates.apply_watermark(
            conn,
            tenant_id=tenant_id,
            channel_account_id=channel_account_id,
            kinds=[each.kind for each in receipt.addresses],
            values=[each.value for each in receipt.addresses],
            status=status,
            at=receipt.at,
            now=now,
        )


async def news(conn: Conn, receipts: Sequence[tuple[UUID, Receipt]]) -> list[bool]:
    """Whether each receipt, beside the account it came by, may change anything: one look for all that are repeated."""
    known = await fates.known(
        conn,
        accounts=[account_id for account_id, _ in receipts],
        outbound_ids=[receipt.outbound_id for _, receipt in receipts],
        provider_ids=[receipt.provider_message_id for _, receipt in receipts],
        statuses=[_rung(receipt) for _, receipt in receipts],
        facts=[Jsonb(_facts(receipt)) for _, receipt in receipts],
    )
    return [n not in known for n in range(1, len(receipts) + 1)]


async def _apply(conn: Conn, receipt: Receipt, channel_account_id: UUID, tenant_id: UUID, now: datetime) -> None:
    reason = masked(receipt.error or "the provider could not deliver the message")
    moved = await fates.apply_receipt(
        conn,
        channel_account_id=channel_account_id,
        outbound_id=receipt.outbound_id,
        provider_message_id=receipt.provider_message_id,
        attempt=receipt.attempt,
        status=_rung(receipt),
        facts=_facts(receipt),
        reason=reason,
        now=now,
    )
    if moved is None:
        return
    if moved.was == "sending":  # if its worker died, nobody else goes on with what stands behind it
        await put(conn, Deliver(moved.conversation_id))
    if moved.status == "failed" and receipt.unreachable:
        await consent.suppress_identity(
            conn, tenant_id=tenant_id, identity_id=moved.identity_id, reason=reason, source="platform", now=now
        )
    if moved.status == "failed" and moved.was != "failed":
        await notify(conn, tenant_id, "outbound_message", moved.id, "failed", reason, now=now)


def _rung(receipt: Receipt) -> str:
    return _RUNG.get(receipt.status, receipt.status)


def _facts(receipt: Receipt) -> dict[str, Any]:
    beside = {receipt.status: receipt.at} if receipt.status in _RUNG else {}
    return beside | ({"pricing": clean(receipt.pricing)} if receipt.pricing else {})
