"""Messages out: what becomes of them, and changing one before it is sent."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.values import Moment, Text
from concierge.errors import Conflicting, Missing
from concierge.outbox import showing
from concierge.outbox.model import Deliver
from concierge.outbox.showing import Attempt, Outbound, Status
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.tenants import trail
from concierge.tenants.trail import Event


class OutboundChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Other words, or another end of its time."""

    text: Text | UnsetType = UNSET
    subject: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    expires_at: Moment | UnsetType | None = UNSET


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
        return await found(conn, id, tenant_id=caller.tenant_id)


@patch("/outbound-messages/{id:uuid}", opt=needs("messages:write"))
async def change_outbound_message(
    id: FromPath[UUID],
    data: JSONBody[OutboundChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Outbound:
    """Say something else, as long as it was not tried to send. Only messages that came by this API or the console."""
    async with runtime.begin() as conn:
        await found(conn, id, tenant_id=caller.tenant_id)
        edited = await showing.edit(
            conn,
            id,
            tenant_id=caller.tenant_id,
            text=data.text or None,
            subject=data.subject or None,
            keep_expiry=data.expires_at is UNSET,
            expires_at=data.expires_at or None,
        )
        if edited is None:
            raise Conflicting("only a message of yours that waits, and was not tried yet, can be changed")
        return await found(conn, id, tenant_id=caller.tenant_id)


@delete("/outbound-messages/{id:uuid}", opt=needs("messages:write"), status_code=200)
async def cancel_outbound_message(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Outbound:
    """Do not say it: possible until it is taken from the queue to be sent."""
    async with runtime.begin() as conn:
        present = await found(conn, id, tenant_id=caller.tenant_id)
        if await showing.cancel(conn, id, tenant_id=caller.tenant_id, now=runtime.clock()) is None:
            raise Conflicting(f"the message is {present.status}")
        await put(conn, Deliver(present.conversation_id))  # what stood behind it does not wait for a sweep
        return await found(conn, id, tenant_id=caller.tenant_id)


@get("/outbound-messages/{id:uuid}/events", opt=needs("messages:read"))
async def show_timeline(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Timeline:
    """Everything that happened to a message, in order: why it was, or was not, sent."""
    async with runtime.connection() as conn:
        await found(conn, id, tenant_id=caller.tenant_id)
        return Timeline(
            await trail.of(conn, tenant_id=caller.tenant_id, subjects=[id]),
            await showing.attempts(conn, id, tenant_id=caller.tenant_id),
        )


async def found(conn: Conn, id: UUID, *, tenant_id: UUID) -> Outbound:
    """One message. Raises Missing."""
    message = await showing.find(conn, id, tenant_id=tenant_id)
    if message is None:
        raise Missing("there is no such outbound message")
    return message


HANDLERS = (
    list_outbound_messages,
    show_outbound_message,
    change_outbound_message,
    cancel_outbound_message,
    show_timeline,
)
