"""One conversation: what both sides said, and everything that a person who answers has to know."""

from typing import Any
from uuid import UUID, uuid4

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.paging import Paging
from concierge.console.model import Operator
from concierge.console.rendering import page
from concierge.console.store import readings
from concierge.console.store import thread as store
from concierge.errors import Missing
from concierge.runtime import Runtime
from concierge.summaries import listing as summaries


@get("/inbox/{id:uuid}")
async def show_thread(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    cursor: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """The newest messages, oldest first; with a cursor, earlier ones."""
    now = runtime.clock()
    whose: dict[str, Any] = {"conversation_id": id, "tenant_id": operator.tenant_id}
    async with runtime.connection() as conn:
        talk = await store.find(conn, id, tenant_id=operator.tenant_id)
        if talk is None:
            raise Missing("there is no such conversation")
        lines = await store.said(conn, **whose, **listing.asked())
        known = await store.intake(conn, **whose)
        follow_ups = await store.follow_ups(conn, **whose)
        lead = await readings.lead_of(conn, **whose)
        summary = await summaries.newest(conn, **whose)
        closed = talk.windowed and (talk.window_until is None or talk.window_until <= now)
        account = {"channel_account_id": talk.channel_account_id, "tenant_id": operator.tenant_id}
        templates = await store.templates(conn, **account) if closed else []
    return page(
        "thread",
        operator,
        talk=talk,
        lines=listing.page(lines, lambda row: (row.at, row.id)),
        earlier=cursor is not None,
        known=known,
        follow_ups=follow_ups,
        lead=lead,
        summary=summary,
        outside=closed,
        templates=templates,
        facts={"contact_name": talk.person or "", "tenant_name": operator.tenant},
        once=uuid4().hex,
        now=now,
        said=said,
    )


HANDLERS = (show_thread,)
