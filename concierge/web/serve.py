"""uvicorn around the application: one process, a bounded drain when it is told to stop."""

import uvicorn
from litestar import Litestar

from concierge.settings import Settings

DRAIN = 15  # seconds that requests in flight get
MOST_AT_ONCE = 2_000  # connections; beyond that the answer is 503 before anything is read


def make_server(app: Litestar, settings: Settings) -> uvicorn.Server:
    """A server that is started by `await server.serve()` and stopped by `server.should_exit = True`."""
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=DRAIN,
        backlog=2048,
        limit_concurrency=MOST_AT_ONCE,
        server_header=False,
        lifespan="on",
    )
    return uvicorn.Server(config)
