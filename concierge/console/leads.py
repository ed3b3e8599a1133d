"""Leads: what was read out of conversations that went quiet."""

from litestar import Response, get
from litestar.di import NamedDependency

from concierge.api.paging import Paging
from concierge.console.model import Operator
from concierge.console.rendering import page
from concierge.console.store import readings as store
from concierge.runtime import Runtime


@get("/leads")
async def show_leads(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], listing: NamedDependency[Paging]
) -> Response[str]:
    """Newest first."""
    async with runtime.connection() as conn:
        rows = await store.leads(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("leads", operator, leads=listing.page(rows))


HANDLERS = (show_leads,)
