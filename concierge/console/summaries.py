"""Summaries of what was said with people. One is asked for on a contact's page."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from concierge.api.paging import Paging
from concierge.console.model import Operator
from concierge.console.rendering import page
from concierge.console.store import readings as store
from concierge.runtime import Runtime


@get("/summaries")
async def show_summaries(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    cursor: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Newest first, also those that are still to be written, or could not be."""
    async with runtime.connection() as conn:
        rows = await store.summaries(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("summaries", operator, summaries=listing.page(rows), earlier=cursor is not None, said=said)


HANDLERS = (show_summaries,)
