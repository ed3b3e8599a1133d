"""The Litestar application: webhooks, the operators' endpoints, health."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from litestar import Litestar, Request
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi.config import OpenAPIConfig
from litestar.plugins import PluginProtocol
from litestar.plugins.core import MsgspecDIPlugin
from psycopg import OperationalError

from concierge.admin import api as admin
from concierge.admin import notifications
from concierge.api.guarding import closed
from concierge.api.scopes import needs
from concierge.bookings import literal
from concierge.bookings.sources import api as sources
from concierge.console import routes as console
from concierge.errors import Rejected
from concierge.inbox.arrival import Arrivals
from concierge.live.tail import Tail
from concierge.operations import api as operations
from concierge.runtime import Runtime
from concierge.tenants.directory import Directory
from concierge.web import health, metrics, problems, unsubscribe, v1, webhooks, welcome
from concierge.web.changing import changing
from concierge.web.correlation import correlation_of
from concierge.web.describing import pages, reference
from concierge.web.keyed import keyed
from concierge.webchat import api as webchat
from concierge.webchat.admission import Desk
from concierge.webchat.cors import Origins
from concierge.webchat.limits import Limit, Limits
from concierge.webchat.streams import Streams


class Application(Litestar):
    """Without plugins for what is merely installed: pydantic is, for Anthropic's SDK, and takes 0.15 s and 8 MB."""

    @staticmethod
    def _get_default_plugins(plugins: list[PluginProtocol]) -> list[PluginProtocol]:
        return [*plugins, MsgspecDIPlugin()]


def make_app(runtime: Runtime) -> Litestar:
    """The application over an open runtime; it starts and stops batcher and streams, the caller closes the runtime."""
    app = build()
    furnish(app, runtime)
    return app


def furnish(app: Litestar, runtime: Runtime) -> None:
    """Give the routes what they work with; they find it in the application's state."""
    arrivals, streams, directory = Arrivals(runtime), Streams(runtime), Directory(runtime)
    app.state.runtime = runtime
    app.state.arrivals, app.state.streams, app.state.tail = arrivals, streams, Tail(runtime)
    app.state.door = webhooks.Door(runtime, arrivals, directory)
    app.state.desk = Desk(runtime, arrivals, streams, directory, Limits())
    app.state.origins = Origins(runtime)
    app.state.logins = Limit(burst=20, period=3.0)  # by address: people share one in an office


def build(config: OpenAPIConfig | None = None) -> Litestar:
    """Every route there is, over nothing yet. Takes two thirds of a second, so tests build it once.

    `config` is for making the description, which is served as it was committed.
    """
    return Application(
        route_handlers=[
            webhooks.webhook,
            health.alive,
            health.ready,
            keyed("/admin", admin.HANDLERS, changing, opt=needs("admin:*")),
            v1.router,
            v1.users,
            keyed("/api", closed((*notifications.LITERAL, *literal.HANDLERS)), changing),
            *operations.HANDLERS,
            v1.debug,
            *sources.WEBHOOKS,
            *unsubscribe.HANDLERS,
            *pages.HANDLERS,
            *reference.HANDLERS,
            keyed("/metrics", closed(metrics.HANDLERS)),
            webchat.router,
            *welcome.HANDLERS,
            console.router,
        ],
        dependencies={
            "runtime": Provide(provide_runtime),
            "correlation": Provide(provide_correlation),
            **welcome.DEPENDENCIES,
        },
        exception_handlers={
            Rejected: problems.on_rejected,
            HTTPException: problems.on_http_exception,
            OperationalError: problems.on_database_away,
            Exception: problems.on_surprise,
        },
        lifespan=[lifespan],
        openapi_config=config,
        logging_config=None,  # concierge.log has configured it already
        debug=False,
    )


@asynccontextmanager
async def lifespan(app: Litestar) -> AsyncIterator[None]:
    """Arrivals, streams and the tail of events run while the process serves."""
    async with app.state.arrivals, app.state.streams, app.state.tail:
        yield


async def provide_runtime(state: State) -> Runtime:
    """What the process has at hand."""
    runtime: Runtime = state.runtime
    return runtime


async def provide_correlation(request: Request[Any, Any, Any]) -> str:
    """The caller's correlation id, or a new one."""
    return correlation_of(request.scope)
