"""Who leads a conversation: taken over, given back, closed; and another try for one that nobody could handle."""

from uuid import UUID

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.admin.retrying import retry_conversations
from concierge.console.model import Acting
from concierge.console.rendering import back
from concierge.conversations.handover import moving
from concierge.runtime import Runtime


@post("/inbox/{id:uuid}/take-over")
async def take_over(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A person leads; the bot is silent."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await moving.take_over(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await acting.note(conn, "take over", "conversation", id, now=now)
    return back(f"/inbox/{id}", said="taken")


@post("/inbox/{id:uuid}/give-back")
async def give_back(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """The bot leads again."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await moving.release(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await acting.note(conn, "give back", "conversation", id, now=now)
    return back(f"/inbox/{id}", said="given")


@post("/inbox/{id:uuid}/close")
async def close(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It is over."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await moving.close(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await acting.note(conn, "close", "conversation", id, now=now)
    return back(f"/inbox/{id}", said="closed")


@post("/inbox/{id:uuid}/retry")
async def retry(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A parked conversation is thought about again."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await retry_conversations(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await acting.note(conn, "retry", "conversation", id, now=now)
    return back(f"/inbox/{id}", said="retried")


HANDLERS = (take_over, give_back, close, retry)
