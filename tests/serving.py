"""Servers of tests stop when told to: uvicorn looks every tenth of a second, and waits one more before it goes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
import uvicorn


@asynccontextmanager
async def serving(server: uvicorn.Server) -> AsyncIterator[int]:
    """The port it serves; afterwards it shuts down as everywhere, but looks more often whether it is done."""
    told = asyncio.Event()

    async def wait() -> None:
        await server.on_tick(0)
        await told.wait()

    server.main_loop = wait  # type: ignore[method-assign]
    served = asyncio.create_task(server.serve())
    while not server.started and not served.done():
        await asyncio.sleep(0)
    try:
        if served.done():
            await served  # why it did not start
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        told.set()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(uvicorn.server, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": _moment}))
            await served


async def _moment(_seconds: float) -> None:
    await asyncio.sleep(0.002)
