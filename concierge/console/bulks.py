"""Pages of actions on many messages: counted and confirmed, then watched."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.paging import Paging
from concierge.console import bulk
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.outbox import CHANNELS
from concierge.console.rendering import BOUND, back, page
from concierge.console.store import bulk as store
from concierge.errors import Conflicting, Missing
from concierge.runtime import Runtime


@get("/bulk")
async def show_bulks(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], listing: NamedDependency[Paging]
) -> Response[str]:
    """What was asked for, the latest first."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("bulks", operator, bulks=listing.page(rows))


@get("/bulk/new")
async def ask_bulk(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    action: FromQuery[str] = "",
    status: FromQuery[str] = "",
    channel: FromQuery[str | None] = None,
) -> Response[str]:
    """How many would be meant, before it is begun."""
    if status not in bulk.ACTIONS.get(action, ()):
        raise Missing("there is no such action")
    channel = channel if channel in CHANNELS else None
    async with runtime.connection() as conn:
        total = await store.count(conn, tenant_id=operator.tenant_id, wanted=status, channel=channel, bound=BOUND + 1)
    return page("bulk_new", operator, action=action, wanted=status, channel=channel, total=total)


@post("/bulk")
async def begin_bulk(
    request: Request[Any, Any, Any], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It begins."""
    now, form = runtime.clock(), await entered(request)
    action, wanted, channel = form.word("action") or "", form.word("status") or "", form.word("channel")
    async with runtime.begin() as conn:
        id = await bulk.begin(
            conn,
            tenant_id=acting.tenant_id,
            action=action,
            wanted=wanted,
            channel=channel,
            actor=f"operator:{acting.operator.login}",
            bound=BOUND + 1,
            now=now,
        )
        await acting.note(conn, f"{action} all {wanted}", "bulk_action", id, detail=channel, now=now)
    return back(f"/bulk/{id}")


@get("/bulk/{id:uuid}")
async def show_bulk(
    id: FromPath[UUID], operator: NamedDependency[Operator], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """How far one has come."""
    async with runtime.connection() as conn:
        found = await store.find(conn, id, tenant_id=operator.tenant_id)
    if found is None:
        raise Missing("there is no such action on many messages")
    return page("bulk", operator, bulk=found, bound=BOUND)


@post("/bulk/{id:uuid}/stop")
async def stop_bulk(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """No further; what was done stays done."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        if (
            await store.end(conn, id, tenant_id=acting.tenant_id, status="stopped", reason="by an operator", now=now)
            is None
        ):
            raise Conflicting("it is over, or there is no such one")
        await acting.note(conn, "stop", "bulk_action", id, now=now)
    return back(f"/bulk/{id}")


HANDLERS = (show_bulks, ask_bulk, begin_bulk, show_bulk, stop_bulk)
