"""An operator takes a conversation, gives it back, ends it."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.conversations.handover import moving, store
from concierge.conversations.handover.model import Handoff
from concierge.runtime import Runtime


class Led(Struct, frozen=True):
    """Who leads a conversation now: bot, handoff_requested, human or closed."""

    id: UUID
    status: str


@post("/conversations/{id:uuid}/takeover", status_code=200, opt=needs("conversations:write"))
async def take_over_conversation(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Led:
    """A human leads from now on: the bot is silent, and what it was about to say is not said."""
    async with runtime.begin() as conn:
        await moving.take_over(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
    return Led(id, "human")


@post("/conversations/{id:uuid}/release", status_code=200, opt=needs("conversations:write"))
async def release_conversation(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Led:
    """The bot leads again, from the next message on."""
    async with runtime.begin() as conn:
        await moving.release(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
    return Led(id, "bot")


@post("/conversations/{id:uuid}/close", status_code=200, opt=needs("conversations:write"))
async def close_conversation(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Led:
    """It is over. The next message opens a new one, which the bot leads."""
    async with runtime.begin() as conn:
        await moving.close(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
    return Led(id, "closed")


@get("/handoffs", opt=needs("conversations:read"))
async def list_handoffs(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Handoff]:
    """Conversations that went to a human, with what the human has to know, newest first."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=caller.tenant_id, **paging.asked())
    return paging.page(rows, lambda row: (row.requested_at, row.id))


HANDLERS = (take_over_conversation, release_conversation, close_conversation, list_handoffs)
