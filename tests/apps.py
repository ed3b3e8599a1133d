"""Applications to lend: building one costs more than most tests do, and a built one serves any world after another."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from typing import Any, Self

from litestar import Litestar
from litestar.routes import BaseRoute

from concierge.runtime import Runtime
from concierge.web.app import build, furnish, lifespan

BUILT: list[Litestar] = []
IDLE: list[Litestar] = []  # those of them that nobody has at the moment


@contextmanager
def lent(runtime: Runtime) -> Iterator[Litestar]:
    """An application over this runtime, nobody else's meanwhile."""
    app = IDLE.pop() if IDLE else _built()
    furnish(app, runtime)
    try:
        yield app
    finally:
        IDLE.append(app)


class Door:
    """A world's web process, for httpx.ASGITransport; it takes an application once somebody knocks."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._open = AsyncExitStack()
        self._opening = asyncio.Lock()
        self._app: Litestar | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._open.aclose()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async with self._opening:
            if self._app is None:
                app = self._open.enter_context(lent(self._runtime))
                await self._open.enter_async_context(lifespan(app))  # Litestar's own ends only in the task it began in
                self._app = app
        await self._app(scope, receive, send)


def routes() -> Sequence[BaseRoute]:
    """Every route there is."""
    if not BUILT:
        IDLE.append(_built())
    return BUILT[0].routes


def _built() -> Litestar:
    BUILT.append(build())
    return BUILT[-1]
