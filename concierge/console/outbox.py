"""Outbound messages: which, why not, and what to do about it."""

from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.admin.retrying import retry_message
from concierge.api.paging import Paging
from concierge.console.listing import chosen
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.console.store import outbox as store
from concierge.errors import Missing
from concierge.runtime import Runtime

STATES = ("scheduled", "queued", "held", "blocked", "sending", "sent", "delivered", "read", "failed", "unknown",
          "cancelled", "expired")  # fmt: skip


@get("/outbox")
async def show_messages(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    status: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Messages, newest first, of one state or of all."""
    status = chosen(status, STATES)
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=operator.tenant_id, status=status, **listing.asked())
    return page("outbox", operator, messages=listing.page(rows), status=status, states=STATES, said=said)


@get("/outbox/{id:uuid}")
async def show_message(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """One message: what leaves or left, every attempt, everything that happened to it."""
    async with runtime.connection() as conn:
        message = await store.find(conn, id, tenant_id=operator.tenant_id)
        if message is None:
            raise Missing("there is no such message")
        attempts = await store.attempts(conn, id, tenant_id=operator.tenant_id)
        moves = await store.moves(conn, id, tenant_id=operator.tenant_id)
    return page("outbox_message", operator, message=message, attempts=attempts, moves=moves, said=said)


@post("/outbox/{id:uuid}/retry")
async def retry(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """All attempts again."""
    async with runtime.begin() as conn:
        await retry_message(conn, id, tenant_id=acting.tenant_id, now=runtime.clock())
        await acting.note(conn, "retry", "outbound_message", id, now=runtime.clock())
    return back(f"/outbox/{id}", said="retried")


HANDLERS = (show_messages, show_message, retry)
