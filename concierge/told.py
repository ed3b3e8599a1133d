"""Told to stop: what waits meanwhile ends at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any


class ToldToStop(Exception):
    """While it waited."""


@asynccontextmanager
async def unless_told(stop: asyncio.Event) -> AsyncIterator[None]:
    """What is done in it ends when `stop` is set: a database that is away is not waited for. Raises ToldToStop."""
    told = asyncio.create_task(stop.wait(), name="told")
    try:
        async with asyncio.timeout(None) as patience:

            def end(_: asyncio.Task[Any]) -> None:
                with suppress(RuntimeError):  # all was done in that very moment
                    patience.reschedule(0)

            told.add_done_callback(end)
            yield
    except TimeoutError:
        if patience.expired():
            raise ToldToStop from None
        raise
    finally:
        told.cancel()
