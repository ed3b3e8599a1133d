"""What is to be said later, or has not been said yet: changed and cancelled, until a worker has claimed it.

Exact against that claim: an edit counts the message's version up under its lock, and the claim takes only the version
it has read (outbox/line). Whoever comes second finds that it is too late, or reads again.
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.changes import named
from concierge.api.values import Moment, Text
from concierge.audit import record_change
from concierge.channels.splitting import split, split_bytes
from concierge.errors import Conflicting, Invalid, Missing
from concierge.outbox import scheduled_store as store
from concierge.outbox.limits import LIMITS, NONE
from concierge.outbox.model import Deliver
from concierge.outbox.scheduled_store import Unclaimed
from concierge.postgres.query import Conn
from concierge.postgres.queue import put

TOO_LATE = "it is being sent, is over, or is one of several parts: only what no worker has claimed can be changed"


class Change(Struct, frozen=True, kw_only=True):
    """Other words, another time, another end of it; `expires_at` null: never too late."""

    text: Text | UnsetType = UNSET
    subject: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    send_at: Moment | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET


def too_long(channel: str, text: str) -> str | None:
    """Why a text cannot be said as one message, as a scheduled one must be; None: nothing is wrong."""
    limits = LIMITS.get(channel, NONE)
    parts = [text]
    if limits.characters is not None:
        parts = split(text, limits.characters)
    elif limits.bytes is not None:
        parts = split_bytes(text, limits.bytes)
    return None if len(parts) == 1 else f"is more than one message on {channel}"


async def edit(conn: Conn, id: UUID, change: Change, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """Other words, or another time, and by whom. Raises Missing, Conflicting when it is too late, Invalid."""
    message = await _hold(conn, id, tenant_id)
    if change.send_at and change.send_at <= now:
        raise Invalid([("/send_at", "must be in the future")])
    if message.by_template and (beside := [name for name in ("text", "subject") if getattr(change, name)]):
        raise Invalid([(f"/{name}", "is the template's to say") for name in beside])
    if change.text and (wrong := too_long(message.channel, change.text)):
        raise Invalid([("/text", wrong)])
    edited = await store.edit(
        conn,
        id,
        tenant_id=tenant_id,
        text=change.text or None,
        subject=change.subject or None,
        send_at=change.send_at or None,
        keep_expiry=change.expires_at is UNSET,
        expires_at=change.expires_at or None,
        now=now,
    )
    if edited is None:
        raise Conflicting(TOO_LATE)
    await record_change(conn, tenant_id, "outbound_message", id, named(change), by=by, now=now)
    await put(conn, Deliver(message.conversation_id))  # whoever had read the old words has left it lying


async def cancel(conn: Conn, id: UUID, *, tenant_id: UUID, reason: str, now: datetime) -> None:
    """It is not said. Raises Missing, Conflicting when it is too late."""
    message = await _hold(conn, id, tenant_id)
    if not await store.cancel(conn, id, tenant_id=tenant_id, reason=reason, now=now):
        raise Conflicting(TOO_LATE)
    await put(conn, Deliver(message.conversation_id))  # what stood behind it


async def _hold(conn: Conn, id: UUID, tenant_id: UUID) -> Unclaimed:
    message = await store.hold(conn, id, tenant_id=tenant_id)
    if message is None:
        raise Missing("there is no such message")
    return message
