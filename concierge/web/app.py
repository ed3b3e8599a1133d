"""The Litestar application: webhooks, the operators' endpoints, health."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from psycopg import OperationalError

from concierge.admin import api as admin
from concierge.api.caller import Caller
from concierge.errors import Rejected
from concierge.inbox.arrival import Arrivals
from concierge.runtime import Runtime
from concierge.tenants.directory import Directory
from concierge.tenants.keys import identify
from concierge.web import health, problems, unsubscribe, v1, webhooks
from concierge.web.admission import key_of
from concierge.web.correlation import correlation_of
from concierge.webchat import api as webchat
from concierge.webchat.streams import Streams


def make_app(runtime: Runtime) -> Litestar:
    """The application over an open runtime; it starts and stops batcher and streams, the caller closes the runtime."""
    arrivals, streams = Arrivals(runtime), Streams(runtime)

    @asynccontextmanager
    async def lifespan(_app: Litestar) -> AsyncIterator[None]:
        async with arrivals, streams:
            # what lives now lives for ever: keeping it out of collections takes 15-40 ms pauses off the tail
            gc.collect()
            gc.freeze()
            gc.set_threshold(50_000, 20, 20)
            yield

    async def provide_runtime() -> Runtime:
        return runtime

    async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
        async with runtime.connection() as conn:
            return await identify(conn, key_of(dict(request.headers)), now=runtime.clock())

    async def provide_correlation(request: Request[Any, Any, Any]) -> str:
        return correlation_of(request.scope)

    return Litestar(
        route_handlers=[
            webhooks.route(webhooks.Door(runtime, arrivals, Directory(runtime))),
            health.alive,
            health.ready,
            admin.router,
            v1.make_router(runtime),
            *unsubscribe.HANDLERS,
            webchat.make_router(runtime, arrivals, streams),
        ],
        dependencies={
            "runtime": Provide(provide_runtime),
            "caller": Provide(provide_caller),
            "correlation": Provide(provide_correlation),
        },
        state=State({"streams": streams}, deep_copy=False),
        exception_handlers={
            Rejected: problems.on_rejected,
            HTTPException: problems.on_http_exception,
            OperationalError: problems.on_database_away,
            Exception: problems.on_surprise,
        },
        lifespan=[lifespan],
        openapi_config=None,  # a description of the API stands behind a key, and loads nothing from elsewhere
        logging_config=None,  # concierge.log has configured it already
        debug=False,
    )
