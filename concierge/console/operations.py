"""Pages of what is done to everything that matches: counted and confirmed, then watched."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.admin.bulk import store, sweeping
from concierge.admin.bulk.beginning import MOST_COUNTED, Wish, begin
from concierge.admin.bulk.messages import ACTIONS
from concierge.api.paging import Paging
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.outbox import CHANNELS, FORMS
from concierge.console.rendering import back, page
from concierge.errors import Conflicting, Missing
from concierge.runtime import Runtime


@get("/operations")
async def show_operations(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], listing: NamedDependency[Paging]
) -> Response[str]:
    """What was asked for, the latest first."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("operations", operator, operations=listing.page(rows))


@get("/operations/new")
async def ask_operation(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    action: FromQuery[str] = "",
    status: FromQuery[str] = "",
    channel: FromQuery[str | None] = None,
) -> Response[str]:
    """How many messages would be meant, before it is begun."""
    if action not in FORMS or status not in ACTIONS[action]:
        raise Missing("there is no such action")
    channel = channel if channel in CHANNELS else None
    async with runtime.connection() as conn:
        total = await store.count_messages(
            conn, tenant_id=operator.tenant_id, status=status, channel=channel, bound=MOST_COUNTED + 1
        )
    return page("operation_new", operator, action=action, wanted=status, channel=channel, total=total)


@post("/operations")
async def begin_operation(
    request: Request[Any, Any, Any], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It begins."""
    now, form = runtime.clock(), await entered(request)
    action, status, channel = form.word("action") or "", form.word("status") or "", form.word("channel")
    if action not in FORMS or status not in ACTIONS[action]:
        raise Conflicting("messages in that state cannot be meant")
    async with runtime.begin() as conn:
        wish = Wish(action=FORMS[action], status=status, channel=channel)
        made = await begin(conn, wish, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await acting.note(conn, f"{action} all {status}", "operation", made.id, detail=channel, now=now)
    return back(f"/operations/{made.id}")


@get("/operations/{id:uuid}")
async def show_operation(
    id: FromPath[UUID], operator: NamedDependency[Operator], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """How far one has come."""
    async with runtime.connection() as conn:
        found = await sweeping.found(conn, id, tenant_id=operator.tenant_id)
    return page("operation", operator, operation=found)


@post("/operations/{id:uuid}/cancel")
async def cancel_operation(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """No further; what was done stays done."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await sweeping.cancel(conn, id, tenant_id=acting.tenant_id, now=now)
        await acting.note(conn, "cancel", "operation", id, now=now)
    return back(f"/operations/{id}", said="cancelled")


HANDLERS = (show_operations, ask_operation, begin_operation, show_operation, cancel_operation)
