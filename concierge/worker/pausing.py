"""Paused queues: each worker asks only for jobs of queues that are not, as the table says, read once a second.

procrastinate's worker names its queues anew whenever it fetches a job, so what it is told here holds from its next
fetch on. A worker whose queues are all paused asks for jobs of none.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from procrastinate.worker import Worker
from psycopg import OperationalError

from concierge.log import logger
from concierge.runtime import Runtime
from concierge.worker import store

EVERY = 1.0  # seconds

log = logger(__name__)


class Pauses:
    """What the workers of one process may ask for."""

    def __init__(self, runtime: Runtime, workers: Sequence[Worker]) -> None:
        self._runtime = runtime
        self._queues = [(worker, list(worker.queues or ())) for worker in workers]
        self._paused: set[str] = set()

    @asynccontextmanager
    async def watching(self) -> AsyncIterator[None]:
        """Look before the block begins, so that a restart does not let a paused queue go, and then again and again."""
        await self._look()
        watching = asyncio.create_task(self._watch(), name="pauses")
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            try:
                await self._look()
            except OperationalError as error:  # what held last, holds until the database is back
                log.debug("pauses not read", error=type(error).__name__)

    async def _look(self) -> None:
        async with self._runtime.connection() as conn:
            paused = set(await store.paused(conn))
        if paused != self._paused:
            log.info("queues paused", queues=sorted(paused))
            self._paused = paused
        for worker, queues in self._queues:
            worker.queues = [queue for queue in queues if queue not in paused]
