"""Messages out: what becomes of them, and changing one before it is sent."""

from uuid import UUID

from litestar import delete, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.outbox import showing
from concierge.outbox.scheduling import Change, cancel, edit
from concierge.outbox.showing import Attempt, Outbound, Status
from concierge.runtime import Runtime
from concierge.tenants import trail
from concierge.tenants.trail import Event


class Timeline(Struct, frozen=True):
    """Everything that happened to a message: its moves, and the calls of the provider."""

    data: list[Event]
    attempts: list[Attempt]


@get("/outbound-messages", opt=needs("messages:read"))
async def list_outbound_messages(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    status: FromQuery[Status | None] = None,
    conversation_id: FromQuery[UUID | None] = None,
) -> Page[Outbound]:
    """Messages out, newest first; all of them, or those in a state or of a conversation."""
    async with runtime.connection() as conn:
        rows = await showing.some(
            conn, tenant_id=caller.tenant_id, status=status, conversation_id=conversation_id, **paging.asked()
        )
    return paging.page(rows)


@get("/outbound-messages/{id:uuid}", opt=needs("messages:read"))
async def show_outbound_message(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Outbound:
    """One message out: its state, and why."""
    async with runtime.connection() as conn:
        return await showing.found(conn, id, tenant_id=caller.tenant_id)


@patch("/outbound-messages/{id:uuid}", opt=needs("messages:write"))
async def change_outbound_message(
    id: FromPath[UUID],
    data: JSONBody[Change],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Outbound:
    """Say something else, or at another time: possible until a worker takes it to be sent."""
    async with runtime.begin() as conn:
        await edit(conn, id, data, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return await showing.found(conn, id, tenant_id=caller.tenant_id)


@delete("/outbound-messages/{id:uuid}", opt=needs("messages:write"), status_code=200)
async def cancel_outbound_message(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Outbound:
    """Do not say it: possible until a worker takes it to be sent."""
    async with runtime.begin() as conn:
        await cancel(conn, id, tenant_id=caller.tenant_id, reason=f"cancelled by {caller.actor}", now=runtime.clock())
        return await showing.found(conn, id, tenant_id=caller.tenant_id)


@get("/outbound-messages/{id:uuid}/events", opt=needs("messages:read"))
async def show_timeline(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Timeline:
    """Everything that happened to a message, in order: why it was, or was not, sent."""
    async with runtime.connection() as conn:
        await showing.found(conn, id, tenant_id=caller.tenant_id)
        return Timeline(
            await trail.of(conn, tenant_id=caller.tenant_id, subjects=[id]),
            await showing.attempts(conn, id, tenant_id=caller.tenant_id),
        )


HANDLERS = (
    list_outbound_messages,
    show_outbound_message,
    change_outbound_message,
    cancel_outbound_message,
    show_timeline,
)
