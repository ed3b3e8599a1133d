"""Outgoing webhooks: endpoints, what each was told, and telling it again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.paging import Paging
from concierge.console.entered import entered
from concierge.console.listing import chosen
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.errors import Conflicting, Missing
from concierge.runtime import Runtime
from concierge.webhooks.api import NewEndpoint, refuse
from concierge.webhooks.endpoints import store
from concierge.webhooks.endpoints.managing import create, find, rotate
from concierge.webhooks.model import FAMILIES

AnyRequest = Request[Any, Any, Any]
STATES = ("pending", "delivered", "failed")
EVER = datetime(2000, 1, 1, tzinfo=UTC)


@get("/webhooks")
async def show_endpoints(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Every endpoint."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("webhooks", operator, endpoints=listing.page(rows), families=FAMILIES, said=said)


@get("/webhooks/{id:uuid}")
async def show_endpoint(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    status: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """One, and the log of what it was told."""
    status = chosen(status, STATES)
    async with runtime.connection() as conn:
        endpoint = await find(conn, id, tenant_id=operator.tenant_id)
        rows = await store.log(conn, endpoint_id=id, tenant_id=operator.tenant_id, status=status, **listing.asked())
    return page("webhook", operator, endpoint=endpoint, log=listing.page(rows), status=status, states=STATES, said=said)


@post("/webhooks", status_code=200)
async def add_endpoint(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """A new one; its secret is readable in this answer and never again."""
    now, form = runtime.clock(), await entered(request)
    wish = form.given(
        NewEndpoint,
        url=form.word("url"),
        event_types=form.lines("event_types"),
        description=form.word("description"),
        include_text=form.ticked("include_text"),
    )
    refuse(runtime.settings, wish.url, wish.event_types)
    async with runtime.begin() as conn:
        made = await create(
            conn,
            runtime.settings,
            tenant_id=admin.tenant_id,
            url=wish.url,
            description=wish.description,
            event_types=wish.event_types,
            include_text=wish.include_text,
            now=now,
        )
        await admin.note(conn, "add", "webhook_endpoint", made.id, now=now)
    return page(
        "secret", admin.operator, what="The secret of the webhook", secret=made.secret, place=f"/webhooks/{made.id}"
    )


@post("/webhooks/{id:uuid}/rotate", status_code=200)
async def rotate_secret(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """A new secret; the old one signs, too, for a day."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        made = await rotate(conn, runtime.settings, id, tenant_id=admin.tenant_id, now=now)
        if made is None:
            raise Missing("there is no such endpoint")
        await admin.note(conn, "rotate", "webhook_endpoint", id, now=now)
    return page("secret", admin.operator, what="The secret of the webhook", secret=made.secret, place=f"/webhooks/{id}")


@post("/webhooks/{id:uuid}/status")
async def turn_endpoint(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """On or off."""
    now, form = runtime.clock(), await entered(request)
    status = "active" if form.word("status") == "active" else "disabled"
    async with runtime.begin() as conn:
        changed = await store.change(
            conn,
            id,
            tenant_id=admin.tenant_id,
            url=None,
            description=None,
            event_types=None,
            include_text=None,
            status=status,
            by=admin.actor,
            now=now,
        )
        if changed is None:
            raise Missing("there is no such endpoint")
        await admin.note(conn, f"make {status}", "webhook_endpoint", id, now=now)
    return back(f"/webhooks/{id}", said="saved")


@post("/webhooks/{id:uuid}/replay")
async def replay(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Tell it again: one delivery, or all that failed."""
    now, form = runtime.clock(), await entered(request)
    delivery = UUID(word) if (word := form.word("delivery")) else None
    async with runtime.begin() as conn:
        again = await store.replay(
            conn,
            endpoint_id=id,
            tenant_id=acting.tenant_id,
            id=delivery,
            since=None if delivery else EVER,
            now=now,
        )
        if not again:
            raise Conflicting("nothing is there to be told again: the endpoint is disabled, or it is on its way")
        await acting.note(conn, "replay", "webhook_endpoint", id, detail=f"{len(again)} deliveries", now=now)
    return back(f"/webhooks/{id}", said="retried")


HANDLERS = (show_endpoints, show_endpoint, add_endpoint, rotate_secret, turn_endpoint, replay)
