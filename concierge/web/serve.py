"""uvicorn around the application: one process, a bounded drain when it is told to stop."""

import socket

import uvicorn
from litestar import Litestar

from concierge.live.tail import Tail
from concierge.settings import Settings
from concierge.webchat.streams import Streams

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
        proxy_headers=settings.trusted_proxies is not None,
        forwarded_allow_ips=settings.trusted_proxies or [],
    )
    return _Server(config, app.state.streams, app.state.tail)


class _Server(uvicorn.Server):
    """Ends the streams first: they would keep the drain waiting to its end."""

    def __init__(self, config: uvicorn.Config, *open_ended: Streams | Tail) -> None:
        super().__init__(config)
        self._open_ended = open_ended

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for each in self._open_ended:
            each.end()
        await super().shutdown(sockets)
