"""Outbound messages: which, why not, and what to do about it."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.admin.again import Resolution
from concierge.admin.bulk.messages import ACTIONS, Action
from concierge.admin.retrying import resolve_message, retry_message
from concierge.api.paging import Page, Paging
from concierge.console.entered import entered
from concierge.console.listing import chosen, walk
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.console.store import outbox as store
from concierge.errors import Missing
from concierge.outbox.scheduling import cancel
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

STATES = ("scheduled", "queued", "held", "blocked", "sending", "sent", "delivered", "read", "failed", "unknown",
          "cancelled", "expired")  # fmt: skip
RARE = ("scheduled", "held", "blocked", "failed", "unknown", "cancelled", "expired")
"""States with an index of their own."""
CHANNELS = ("email", "whatsapp", "instagram", "webchat")
FORMS: dict[str, Action] = {"retry": "retry", "cancel": "cancel"}
"""What is done to all that match; unknown outcomes are settled one by one, by who has looked."""


@get("/outbox")
async def show_messages(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    status: FromQuery[str | None] = None,
    channel: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Messages, newest first, of one state or of all, on one channel or on all."""
    status, channel = chosen(status, STATES), chosen(channel, CHANNELS)
    async with runtime.connection() as conn:
        messages = await _chosen(conn, listing, status, channel, tenant_id=operator.tenant_id)
    return page(
        "outbox",
        operator,
        messages=messages,
        status=status,
        states=STATES,
        channel=channel,
        channels=CHANNELS,
        actions=[each for each in FORMS if status in ACTIONS[each]],
        said=said,
    )


async def _chosen(
    conn: Conn, listing: Paging, status: str | None, channel: str | None, *, tenant_id: UUID
) -> Page[store.Line]:
    whose: dict[str, Any] = {"tenant_id": tenant_id}
    if status in RARE:
        some = partial(store.rare, conn, status=status, channel=channel, **whose)
        return await walk(
            listing, some, partial(store.end_of_rare, conn, status=status, **whose), filtered=bool(channel)
        )
    some = partial(store.some, conn, status=status, channel=channel, **whose)
    return await walk(listing, some, partial(store.end_of_walk, conn, **whose), filtered=bool(status or channel))


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
        await retry_message(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=runtime.clock())
        await acting.note(conn, "retry", "outbound_message", id, now=runtime.clock())
    return back(f"/outbox/{id}", said="retried")


@post("/outbox/{id:uuid}/cancel")
async def cancel_message(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It is not said; possible until a worker takes it to be sent."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await cancel(conn, id, tenant_id=acting.tenant_id, reason=f"cancelled by {acting.actor}", now=now)
        await acting.note(conn, "cancel", "outbound_message", id, now=now)
    return back(f"/outbox/{id}", said="cancelled")


@post("/outbox/{id:uuid}/resolve")
async def resolve(
    id: FromPath[UUID],
    request: Request[Any, Any, Any],
    acting: NamedDependency[Acting],
    runtime: NamedDependency[Runtime],
) -> Response[None]:
    """What somebody found out at the provider's: it was sent, or it was not."""
    now, form = runtime.clock(), await entered(request)
    found = form.given(Resolution, status=form.word("status"))
    async with runtime.begin() as conn:
        await resolve_message(conn, id, tenant_id=acting.tenant_id, status=found.status, by=acting.actor, now=now)
        await acting.note(conn, f"resolve as {found.status}", "outbound_message", id, now=now)
    return back(f"/outbox/{id}", said="resolved")


HANDLERS = (show_messages, show_message, retry, cancel_message, resolve)
