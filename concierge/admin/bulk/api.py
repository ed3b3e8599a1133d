"""What is asked for by a filter is answered with an operation (202), whose progress is read here."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from concierge.admin import machine_store
from concierge.admin.bulk import store
from concierge.admin.bulk.beginning import Outcome, Wish, begin
from concierge.admin.bulk.model import Operation
from concierge.admin.bulk.sweeping import cancel, found, start
from concierge.admin.machine_store import JobStatus
from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.channels.addressing import ChannelName
from concierge.errors import Invalid
from concierge.runtime import Runtime

Word = Annotated[str, Meta(min_length=1, max_length=100)]


class Chosen(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which jobs: all, or those of a queue, of a kind, or both."""

    queue: Annotated[Word, Meta(examples=["inbox"])] | None = None
    kind: Annotated[Word, Meta(examples=["inbox.handle"])] | None = None


@post("/admin/jobs/retry", opt=needs("platform:*"), status_code=202)
async def retry_jobs(
    data: JSONBody[Chosen], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Operation]:
    """Failed jobs run again, oldest first, in the background: the answer says where its progress is read."""
    return await _started(runtime, caller, "jobs.retry", data, status="failed")


@post("/admin/jobs/cancel", opt=needs("platform:*"), status_code=202)
async def cancel_jobs(
    data: JSONBody[Chosen], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Operation]:
    """Jobs that wait do not run, those of one queue or kind: the answer says where its progress is read."""
    if data.queue is None and data.kind is None:
        raise Invalid([("", "name a queue or a kind: not everything is cancelled at once")])
    return await _started(runtime, caller, "jobs.cancel", data, status="todo")


class Retried(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which messages: those in a state now, of all channels or of one."""

    status: Literal["failed", "blocked", "unknown"]
    channel: ChannelName | None = None


class Cancelled(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which messages: those in a state now, of all channels or of one."""

    status: Literal["scheduled", "queued", "held", "blocked"]
    channel: ChannelName | None = None


class Resolved(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of the unknown messages, of all channels or of one."""

    status: Outcome
    channel: ChannelName | None = None


@post("/outbound-messages/retry", opt=needs("messages:write"), status_code=202)
async def retry_outbound_messages(
    data: JSONBody[Retried], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Operation]:
    """All attempts again for every message that matches. One whose fate is unknown may have arrived: look first."""
    return await _begun(runtime, caller, Wish(action="retry", status=data.status, channel=data.channel))


@post("/outbound-messages/cancel", opt=needs("messages:write"), status_code=202)
async def cancel_outbound_messages(
    data: JSONBody[Cancelled], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Operation]:
    """Every message that matches is not said, if no worker has taken it by then."""
    return await _begun(runtime, caller, Wish(action="cancel", status=data.status, channel=data.channel))


@post("/outbound-messages/resolve", opt=needs("messages:write"), status_code=202)
async def resolve_outbound_messages(
    data: JSONBody[Resolved], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[Operation]:
    """Settle the unknown outcomes that were handed to the operators: they were sent, or they were not."""
    wish = Wish(action="resolve", status="unknown", channel=data.channel, outcome=data.status)
    return await _begun(runtime, caller, wish)


@get("/admin/operations", opt=needs("admin:*"))
async def list_operations(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Operation]:
    """What was done to everything that matched, newest first."""
    async with runtime.connection() as conn:
        return paging.page(await store.some(conn, tenant_id=caller.tenant_id, **paging.asked()))


@get("/admin/operations/{id:uuid}", opt=needs("messages:read"))
async def show_operation(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Operation:
    """How far it has come."""
    async with runtime.connection() as conn:
        return await found(conn, id, tenant_id=caller.tenant_id)


@post("/admin/operations/{id:uuid}/cancel", opt=needs("admin:*"), status_code=200)
async def cancel_operation(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Operation:
    """It stops after its present batch; what is done stays done."""
    async with runtime.begin() as conn:
        return await cancel(conn, id, tenant_id=caller.tenant_id, now=runtime.clock())


async def _started(
    runtime: Runtime, caller: Caller, kind: str, chosen: Chosen, *, status: JobStatus
) -> Response[Operation]:
    now = runtime.clock()
    async with runtime.begin() as conn:
        matching = await machine_store.count(conn, status=status, queue=chosen.queue, kind=chosen.kind)
        filter: dict[str, Any] = {"queue": chosen.queue, "kind": chosen.kind, "until": matching.newest}
        made = await start(
            conn, kind, filter, total=matching.count, tenant_id=caller.tenant_id, by=caller.actor, now=now
        )
    return _accepted(made)


async def _begun(runtime: Runtime, caller: Caller, wish: Wish) -> Response[Operation]:
    async with runtime.begin() as conn:
        now = runtime.clock()
        return _accepted(await begin(conn, wish, tenant_id=caller.tenant_id, by=caller.actor, now=now))


def _accepted(made: Operation) -> Response[Operation]:
    return Response(made, status_code=202, headers={"location": f"/v1/admin/operations/{made.id}"})


HANDLERS = (
    retry_jobs,
    cancel_jobs,
    retry_outbound_messages,
    cancel_outbound_messages,
    resolve_outbound_messages,
    list_operations,
    show_operation,
    cancel_operation,
)
