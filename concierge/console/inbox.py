"""The inbox: every conversation, the one written in last first, and which of them want a person."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from concierge.api.paging import Paging
from concierge.channels.addressing import KINDS
from concierge.console.listing import chosen
from concierge.console.model import Operator
from concierge.console.rendering import BOUND, page
from concierge.console.store import inbox as store
from concierge.runtime import Runtime

STATES = ("handoff_requested", "human", "bot", "closed")
WANTING = ["handoff_requested", "human"]
"""Those in which the bot is silent: they are counted."""


@get("/inbox")
async def show_inbox(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    status: FromQuery[str | None] = None,
    channel: FromQuery[str | None] = None,
    cursor: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Conversations of one state or of all, of one channel or of all; `parked` are those that nobody could handle."""
    status, channel = chosen(status, (*STATES, "parked")), chosen(channel, KINDS)
    async with runtime.connection() as conn:
        counts = await store.counts(conn, tenant_id=operator.tenant_id, statuses=WANTING, bound=BOUND + 1)
        if status == "parked":
            ids = await store.parked(conn, tenant_id=operator.tenant_id, **listing.asked())
        else:
            states = [status] if status else list(STATES)
            ids = await store.newest(
                conn, tenant_id=operator.tenant_id, statuses=states, channel=channel, **listing.asked()
            )
        rows = await store.shown(conn, tenant_id=operator.tenant_id, ids=ids)
    talks = listing.page(
        rows, lambda row: ((row.parked_at if status == "parked" else None) or row.last_message_at, row.id)
    )
    return page(
        "inbox",
        operator,
        talks=talks,
        counts={each.status: each.count for each in counts},
        states=(*STATES, "parked"),
        status=status,
        channels=list(KINDS),
        channel=channel,
        earlier=cursor is not None,
        now=runtime.clock(),
        said=said,
    )


HANDLERS = (show_inbox,)
