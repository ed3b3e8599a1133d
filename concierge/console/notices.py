"""Notifications: what a person should look at, put off or done with."""

from datetime import timedelta
from uuid import UUID

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.admin import notification_store as store
from concierge.api.paging import Paging
from concierge.console.listing import chosen
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.errors import Missing
from concierge.runtime import Runtime

STATES = ("open", "snoozed", "acknowledged")
SNOOZE = timedelta(hours=4)
PLACES = {"outbound_message": "/outbox/", "task": "/follow-ups/", "conversation": "/inbox/", "booking": "/bookings/"}
"""Where the thing is that a notification is about; others have no page of their own."""


@get("/notifications")
async def show_notifications(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    status: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Those of one state, newest first; the open ones unless asked otherwise."""
    status = chosen(status, STATES) or "open"
    async with runtime.connection() as conn:
        rows = await store.some(
            conn, tenant_id=operator.tenant_id, status=status, now=runtime.clock(), **listing.asked()
        )
    shown = listing.page(rows)
    return page("notifications", operator, notices=shown, status=status, states=STATES, places=PLACES, said=said)


@post("/notifications/{id:uuid}/snooze")
async def snooze(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Not for some hours."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        if await store.snooze(conn, id, tenant_id=acting.tenant_id, until=now + SNOOZE) is None:
            raise Missing("there is no such notification")
        await acting.note(conn, "snooze", "notification", id, now=now)
    return back("/notifications", said="done")


@post("/notifications/{id:uuid}/acknowledge")
async def acknowledge(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Seen to."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        if await store.acknowledge(conn, id, tenant_id=acting.tenant_id, now=now) is None:
            raise Missing("there is no such notification")
        await acting.note(conn, "acknowledge", "notification", id, now=now)
    return back("/notifications", said="done")


HANDLERS = (show_notifications, snooze, acknowledge)
