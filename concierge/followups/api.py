"""Follow-ups: read, made, changed and moved."""

from collections.abc import Awaitable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.caller import Caller
from concierge.api.changes import changed, named
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.tags import match, tagged
from concierge.api.values import Moment, Zone
from concierge.audit import record_change
from concierge.errors import Conflicting, Invalid, Missing
from concierge.followups import showing
from concierge.followups.model import Kind, Status
from concierge.followups.recurring import stopping
from concierge.followups.scheduling import FARTHEST
from concierge.followups.showing import FollowUp
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.tenants import trail
from concierge.tenants.trail import Trail

Title = Annotated[str, Meta(min_length=1, max_length=500, examples=["Call Bob"])]


class NewFollowUp(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to be reminded of in a conversation. `zone`: in whose wall time it is told; else the contact's."""

    conversation_id: UUID
    title: Title
    due_at: Moment
    kind: Kind = "remind"
    zone: Zone | None = None


class FollowUpChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be otherwise. A time for one that `needs_clarification` is the answer."""

    title: Title | UnsetType = UNSET
    due_at: Moment | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    zone: Zone | UnsetType = UNSET


class Snooze(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Until when it is put off."""

    until: Moment


@get("/follow-ups", opt=needs("follow-ups:read"))
async def list_follow_ups(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    status: FromQuery[Status | None] = None,
    contact_id: FromQuery[UUID | None] = None,
    conversation_id: FromQuery[UUID | None] = None,
) -> Page[FollowUp]:
    """Follow-ups, newest first; all of them, or those in a state, of a person or of a conversation."""
    async with runtime.connection() as conn:
        rows = await showing.some(
            conn,
            tenant_id=caller.tenant_id,
            status=status,
            contact_id=contact_id,
            conversation_id=conversation_id,
            **paging.asked(),
        )
    return paging.page(rows)


@post("/follow-ups", opt=needs("follow-ups:write"))
async def add_follow_up(
    data: JSONBody[NewFollowUp],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Response[FollowUp]:
    """Remind somebody of something, in a conversation that is there."""
    now = runtime.clock()
    check_time(data.due_at, now, "/due_at")
    async with runtime.begin() as conn:
        id = await showing.add(
            conn,
            tenant_id=caller.tenant_id,
            conversation_id=data.conversation_id,
            title=data.title,
            kind=data.kind,
            due_at=data.due_at,
            zone=data.zone,
            correlation_id=correlation,
            now=now,
        )
        if id is None:
            raise Invalid([("/conversation_id", "is no conversation of this tenant")])
        return tagged(await found(conn, id, caller), status_code=201)


@get("/follow-ups/{id:uuid}", opt=needs("follow-ups:read"))
async def show_follow_up(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[FollowUp]:
    """One follow-up, with what it was found in."""
    async with runtime.connection() as conn:
        return tagged(await found(conn, id, caller))


@patch("/follow-ups/{id:uuid}", opt=needs("follow-ups:write"))
async def change_follow_up(
    id: FromPath[UUID],
    data: JSONBody[FollowUpChange],
    request: Request[Any, Any, Any],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Response[FollowUp]:
    """Another title, time or kind, as long as it waits. With If-Match only if nobody has changed it meanwhile."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await showing.lock(conn, id, tenant_id=caller.tenant_id)
        present = await found(conn, id, caller)
        match(request, present)
        wanted = changed(present, data)
        if data.due_at:
            check_time(data.due_at, now, "/due_at")
        if await showing.change(conn, id, tenant_id=caller.tenant_id, now=now, **wanted) is None:
            raise Conflicting(f"the follow-up is {present.status}")
        await record_change(conn, caller.tenant_id, "task", id, named(data), by=caller.actor, now=now)
        return tagged(await found(conn, id, caller))


@delete("/follow-ups/{id:uuid}", opt=needs("follow-ups:write"), status_code=200)
async def remove_follow_up(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> FollowUp:
    """The same as cancelling it: what happened stays readable."""
    async with runtime.begin() as conn:
        cancelled = stopping.cancel(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return await _moved(conn, id, caller, cancelled)


@post("/follow-ups/{id:uuid}/snooze", opt=needs("follow-ups:write"), status_code=200)
async def snooze_follow_up(
    id: FromPath[UUID], data: JSONBody[Snooze], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> FollowUp:
    """Put it off until a time to come."""
    now = runtime.clock()
    check_time(data.until, now, "/until")
    async with runtime.begin() as conn:
        facts: dict[str, Any] = {"tenant_id": caller.tenant_id, "until": data.until, "now": now}
        if await showing.snooze_on(conn, id, **facts) is not None:
            return await found(conn, id, caller)
        return await _moved(conn, id, caller, showing.snooze(conn, id, by=caller.actor, **facts))


@post("/follow-ups/{id:uuid}/complete", opt=needs("follow-ups:write"), status_code=200)
async def complete_follow_up(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> FollowUp:
    """It is done: nobody is reminded of it."""
    async with runtime.begin() as conn:
        return await _moved(
            conn,
            id,
            caller,
            showing.complete(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock()),
        )


@post("/follow-ups/{id:uuid}/cancel", opt=needs("follow-ups:write"), status_code=200)
async def cancel_follow_up(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> FollowUp:
    """It is not wanted any more, nor any time after it; impossible once its reminder is on the way."""
    async with runtime.begin() as conn:
        cancelled = stopping.cancel(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return await _moved(conn, id, caller, cancelled)


@get("/follow-ups/{id:uuid}/events", opt=needs("follow-ups:read"))
async def show_events(id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Trail:
    """Everything that happened to a follow-up and to its reminder, in order."""
    async with runtime.connection() as conn:
        present = await found(conn, id, caller)
        subjects = [id, *([present.reminder_id] if present.reminder_id else [])]
        return Trail(await trail.of(conn, tenant_id=caller.tenant_id, subjects=subjects))


async def found(conn: Conn, id: UUID, caller: Caller) -> FollowUp:
    """One follow-up. Raises Missing."""
    follow_up = await showing.find(conn, id, tenant_id=caller.tenant_id)
    if follow_up is None:
        raise Missing("there is no such follow-up")
    return follow_up


async def _moved(conn: Conn, id: UUID, caller: Caller, move: Awaitable[UUID | None]) -> FollowUp:
    if await move is None:
        raise Conflicting(f"the follow-up is {(await found(conn, id, caller)).status}")
    return await found(conn, id, caller)


def check_time(at: datetime, now: datetime, pointer: str) -> None:
    """A time that lies ahead, and not too far. Raises Invalid."""
    if at <= now:
        raise Invalid([(pointer, "is over")])
    if at > now + FARTHEST:
        raise Invalid([(pointer, "is more than ten years from now")])


HANDLERS = (
    list_follow_ups,
    add_follow_up,
    show_follow_up,
    change_follow_up,
    remove_follow_up,
    snooze_follow_up,
    complete_follow_up,
    cancel_follow_up,
    show_events,
)
