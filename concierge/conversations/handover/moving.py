"""Who leads: asked for, taken, given back, ended."""

from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID

from concierge.conversations.handover import store
from concierge.conversations.model import Turn
from concierge.errors import Conflicting, Missing
from concierge.notifications import notify
from concierge.outbox.model import POLICIES, Deliver
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.webhooks.announcing import announce

BOTS: list[str] = [kind for kind, policy in POLICIES.items() if policy.yields]
OPEN = ["bot", "handoff_requested", "human"]


async def request(conn: Conn, turn: Turn, *, reason: str, summary: str, now: datetime) -> bool:
    """The bot asks for a human, inside the settling of a turn. False: it does not lead any more."""
    conversation = turn.conversation
    whose: dict[str, Any] = {"tenant_id": conversation.tenant_id, "now": now}
    contact_id = await store.move(conn, conversation.id, since=["bot"], to="handoff_requested", reason=reason, **whose)
    if contact_id is None:
        return False
    await store.begin(conn, conversation_id=conversation.id, reason=reason, summary=summary, by=None, **whose)
    text = f"a human is wanted: {reason}"
    await notify(conn, conversation.tenant_id, "conversation", conversation.id, "handoff", text, now=now)
    words = {"summary": await store.told(conn, conversation_id=conversation.id, tenant_id=conversation.tenant_id)}
    await _tell(conn, "requested", conversation.id, contact_id, conversation.tenant_id, now, reason=reason, words=words)
    return True


async def take_over(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """A human leads from now on; what the bot was about to say is not said. Raises Missing, Conflicting."""
    whose: dict[str, Any] = {"tenant_id": tenant_id, "now": now}
    reason = f"taken over by {by}"
    contact_id = await store.move(conn, id, since=OPEN, to="human", reason=reason, **whose)
    if contact_id is None:
        await _refuse(conn, id, tenant_id, "is closed")
    await store.begin(conn, conversation_id=id, reason=reason, summary="", by=by, **whose)
    await store.withdraw(conn, conversation_id=id, kinds=BOTS, **whose)
    await put(conn, Deliver(id))  # what stood in line behind that goes on
    await store.acknowledge(conn, conversation_id=id, **whose)
    await _tell(conn, "taken", id, contact_id, tenant_id, now, reason=reason)


async def release(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """The bot leads again, from the next message on. Raises Missing, Conflicting."""
    since, reason = ["handoff_requested", "human"], f"given back by {by}"
    contact_id = await store.move(conn, id, tenant_id=tenant_id, since=since, to="bot", reason=reason, now=now)
    if contact_id is None:
        await _refuse(conn, id, tenant_id, "is not a human's")
    await _end(conn, id, tenant_id, now)
    await _tell(conn, "ended", id, contact_id, tenant_id, now, reason=reason)


async def close(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> None:
    """It is over; the next message opens a new one, with the bot. Raises Missing, Conflicting."""
    if not await store.move(conn, id, tenant_id=tenant_id, since=OPEN, to="closed", reason=f"closed by {by}", now=now):
        await _refuse(conn, id, tenant_id, "is closed already")
    await _end(conn, id, tenant_id, now)


async def _tell(
    conn: Conn,
    what: str,
    id: UUID,
    contact_id: UUID,
    tenant_id: UUID,
    now: datetime,
    *,
    reason: str,
    words: dict[str, str] | None = None,
) -> None:
    data = {"conversation_id": id, "contact_id": contact_id, "reason": reason}
    await announce(conn, tenant_id, f"handoff.{what}", id, data, now, words=words)


async def _end(conn: Conn, id: UUID, tenant_id: UUID, now: datetime) -> None:
    await store.end(conn, conversation_id=id, tenant_id=tenant_id, now=now)
    await store.acknowledge(conn, conversation_id=id, tenant_id=tenant_id, now=now)


async def _refuse(conn: Conn, id: UUID, tenant_id: UUID, why: str) -> NoReturn:
    if await store.status_of(conn, id, tenant_id=tenant_id) is None:
        raise Missing("there is no such conversation")
    raise Conflicting(f"the conversation {why}")
