"""What an operator looks at first: what waits, what is in trouble, who is at work."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from concierge.console.model import Operator
from concierge.console.rendering import BOUND, page
from concierge.console.store import outbox as outbox_store
from concierge.runtime import Runtime


@get("/")
async def show_overview(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], said: FromQuery[str | None] = None
) -> Response[str]:
    """The figures of now."""
    async with runtime.connection() as conn:
        troubles = await outbox_store.troubles(conn, tenant_id=operator.tenant_id, bound=BOUND + 1)
    return page("overview", operator, troubles={each.status: each.count for each in troubles}, said=said)


HANDLERS = (show_overview,)
