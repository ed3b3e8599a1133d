"""Conversations, what was said in them, and saying something."""

from typing import TypeVar
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.conversations import sending, showing
from concierge.conversations.sending import NewOutbound, Reply
from concierge.conversations.showing import Said, Shown, Status
from concierge.errors import Missing
from concierge.outbox.showing import Outbound
from concierge.runtime import Runtime

T = TypeVar("T")


@get("/conversations", opt=needs("conversations:read"))
async def list_conversations(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    status: FromQuery[Status | None] = None,
    contact_id: FromQuery[UUID | None] = None,
    channel_account_id: FromQuery[UUID | None] = None,
    archived_agent_id: FromQuery[UUID | None] = None,
) -> Page[Shown]:
    """Conversations, the one opened last first; all of them, or those in a state, of a person or of an account.

    With `archived_agent_id` those that were archived when that agent was replaced, moved or archived.
    """
    async with runtime.connection() as conn:
        rows = await showing.some(
            conn,
            tenant_id=caller.tenant_id,
            status=status,
            contact_id=contact_id,
            channel_account_id=channel_account_id,
            archived_agent_id=archived_agent_id,
            **paging.asked(),
        )
    return paging.page(rows, lambda row: (row.opened_at, row.id))


@get("/conversations/{id:uuid}", opt=needs("conversations:read"))
async def show_conversation(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Shown:
    """One conversation: who talks with whom, who answers, and until when free text is taken."""
    async with runtime.connection() as conn:
        return _there(await showing.find(conn, id, tenant_id=caller.tenant_id), "conversation")


@get("/conversations/{id:uuid}/messages", opt=needs("messages:read"))
async def list_messages(
    id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
) -> Page[Said]:
    """What was said by both sides, newest first."""
    async with runtime.connection() as conn:
        _there(await showing.find(conn, id, tenant_id=caller.tenant_id), "conversation")
        rows = await showing.said(conn, tenant_id=caller.tenant_id, conversation_id=id, **paging.asked())
    return paging.page(rows, lambda row: (row.at, row.id))


@post("/conversations/{id:uuid}/messages", opt=needs("messages:write"))
async def answer_in_conversation(
    id: FromPath[UUID],
    data: JSONBody[Reply],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Outbound:
    """A human answers, and leads the conversation until it is released or closed. It leaves by the outbox."""
    async with runtime.begin() as conn:
        return await sending.answer(
            conn,
            id,
            data,
            tenant_id=caller.tenant_id,
            by=caller.actor,
            correlation_id=correlation,
            now=runtime.clock(),
        )


@get("/messages/{id:uuid}", opt=needs("messages:read"))
async def show_message(id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Said:
    """One message, in or out."""
    async with runtime.connection() as conn:
        return _there(await showing.one(conn, id, tenant_id=caller.tenant_id), "message")


@post("/outbound-messages", opt=needs("messages:write"))
async def send_message(
    data: JSONBody[NewOutbound],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Outbound:
    """Send a message in a conversation, or to an address. It is kept and queued when this answers, and sent once."""
    async with runtime.begin() as conn:
        return await sending.send(
            conn,
            data,
            kind="message",
            tenant_id=caller.tenant_id,
            correlation_id=correlation,
            now=runtime.clock(),
        )


def _there(found: T | None, noun: str) -> T:
    if found is None:
        raise Missing(f"there is no such {noun}")
    return found


HANDLERS = (
    list_conversations,
    show_conversation,
    list_messages,
    answer_in_conversation,
    show_message,
    send_message,
)
