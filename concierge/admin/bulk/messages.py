"""Outbound messages that match: tried again, cancelled or settled, each by the verb of a single one.

What is meant was in the state, and made, before it was asked for. What has moved on by itself is passed over. They are
taken by age, one pass over the tenant's messages however many batches it takes.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import json

from concierge.admin.bulk import store
from concierge.admin.bulk.model import Batch, Running
from concierge.admin.retrying import resolve_message, retry_message
from concierge.errors import Conflicting, Missing
from concierge.outbox.scheduling import cancel
from concierge.postgres.query import Conn

SIZE = 100
Action = Literal["retry", "cancel", "resolve"]
ACTIONS: dict[str, tuple[str, ...]] = {
    "retry": ("failed", "blocked", "unknown"),
    "cancel": ("scheduled", "queued", "held", "blocked"),
    "resolve": ("unknown",),
}
"""What can be done to messages in which states."""
BEGINNING = datetime.fromisoformat("1970-01-01T00:00:00+00:00"), UUID(int=0)


async def retry_messages(conn: Conn, operation: Running, now: datetime) -> Batch:
    """All attempts again."""
    facts: dict[str, Any] = {"tenant_id": operation.tenant_id, "by": operation.asked_by, "now": now}
    return await _batch(conn, operation, lambda each: retry_message(conn, each, **facts))


async def cancel_messages(conn: Conn, operation: Running, now: datetime) -> Batch:
    """They are not said."""
    reason = f"cancelled by {operation.asked_by}"
    return await _batch(
        conn, operation, lambda each: cancel(conn, each, tenant_id=operation.tenant_id, reason=reason, now=now)
    )


async def resolve_messages(conn: Conn, operation: Running, now: datetime) -> Batch:
    """Somebody has found out what became of them."""
    facts: dict[str, Any] = {"tenant_id": operation.tenant_id, "by": operation.asked_by, "now": now}
    outcome = operation.filter["outcome"]
    return await _batch(conn, operation, lambda each: resolve_message(conn, each, status=outcome, **facts))


async def _batch(conn: Conn, operation: Running, act: Callable[[UUID], Awaitable[None]]) -> Batch:
    after_at, after_id = json.decode(operation.place, type=tuple[datetime, UUID]) if operation.place else BEGINNING
    found = await store.matching_messages(
        conn,
        tenant_id=operation.tenant_id,
        status=operation.filter["status"],
        channel=operation.filter["channel"],
        until=datetime.fromisoformat(operation.filter["until"]),
        after_at=after_at,
        after_id=after_id,
        limit=SIZE,
    )
    done = sum([await _acted(act, each.id) for each in found])
    last = json.encode((found[-1].created_at, found[-1].id)).decode() if len(found) == SIZE else None
    return Batch(done, last)


async def _acted(act: Callable[[UUID], Awaitable[None]], id: UUID) -> bool:
    """Whether it could still be acted on. A refusal comes before anything was changed."""
    try:
        await act(id)
    except (Conflicting, Missing):
        return False
    return True
