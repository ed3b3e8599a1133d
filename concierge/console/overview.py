"""What an operator looks at first: what comes and goes, what waits, what is in trouble, who is at work."""

from datetime import timedelta

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from concierge.admin import machine_store
from concierge.clock import system_clock
from concierge.console.day import last_day
from concierge.console.machine import SILENT
from concierge.console.model import Operator
from concierge.console.rendering import BOUND, page
from concierge.console.store import beginning
from concierge.console.store import outbox as outbox_store
from concierge.console.store import overview as store
from concierge.runtime import Runtime

MINUTE = timedelta(minutes=1)
OLDEST = 1_000  # jobs looked at


@get("/")
async def show_overview(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], said: FromQuery[str | None] = None
) -> Response[str]:
    """The figures of now, and the day before it."""
    now, tenant = runtime.clock(), operator.tenant_id
    async with runtime.connection() as conn:
        present = await store.present(conn, tenant_id=tenant, now=now, since=now - MINUTE, bound=BOUND + 1)
        troubles = await outbox_store.troubles(conn, tenant_id=tenant, bound=BOUND + 1)
        day = await last_day(conn, tenant_id=tenant, now=now)
        workers = await machine_store.workers(conn)
        begun = await beginning.done(conn, tenant_id=tenant)
        # jobs carry the machine's time, not that of the product
        queues = await store.queue_ages(conn, now=system_clock(), bound=OLDEST) if operator.platform else []
    return page(
        "overview",
        operator,
        present=present,
        troubles={each.status: each.count for each in troubles},
        bars=day.bars,
        channels=day.channels,
        models=day.models,
        alive=sum(each.silent_seconds <= SILENT for each in workers),
        workers=len(workers),
        queues=queues,
        begun=begun.received,
        said=said,
    )


HANDLERS = (show_overview,)
