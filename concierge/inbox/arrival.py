"""Arrival: everything that came while the last batch was being committed is the next batch.

Nothing waits for a batch to fill, so an idle system answers as fast as one round trip, and a busy one does many
messages in the same round trip. The answer to a webhook leaves after the commit of its batch, never before; a
database that does not answer makes it a refusal within seconds, and the provider delivers again.
"""

import asyncio
from collections import deque
from typing import Self

from msgspec import Struct
from psycopg import InterfaceError, OperationalError

from concierge.errors import NotStored
from concierge.inbox.keeping import UNSTORABLE, keep
from concierge.inbox.model import Delivery
from concierge.inbox.store import Kept
from concierge.log import correlate, logger
from concierge.runtime import Runtime

MOST_DELIVERIES = 50  # in a batch
MOST_BYTES = 8_000_000  # in a batch of more than one
MOST_WAITING = 1_500  # deliveries; beyond that the provider is asked to come again
MOST_BYTES_WAITING = 64_000_000
PATIENCE = 3.0  # seconds to wait for a connection before the batch is refused
LONGEST_BATCH = 4.0  # seconds until what the database has not kept is refused
LONGEST_WAIT = 6.0  # seconds until a delivery is answered, whatever the batch it is in may be doing
AWAY = (OperationalError, InterfaceError, TimeoutError)

log = logger(__name__)


class Waiting(Struct):
    """A delivery that somebody wants an answer for."""

    delivery: Delivery
    size: int  # bytes
    future: asyncio.Future[list[Kept]]

    def refuse(self) -> None:
        """It has to come again."""
        if not self.future.done():
            self.future.set_exception(NotStored())


class Arrivals:
    """The batcher of one web process. Use as an async context manager."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._line: deque[Waiting] = deque()
        self._bytes = 0  # in the line
        self._arrived = asyncio.Event()
        self._batcher: asyncio.Task[None] | None = None
        self._stopping = False

    async def __aenter__(self) -> Self:
        self._watch()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping = True
        if self._batcher is not None:
            self._batcher.cancel()
            await asyncio.gather(self._batcher, return_exceptions=True)
        while self._line:
            self._line.popleft().refuse()

    async def accept(self, delivery: Delivery) -> list[Kept]:
        """Keep a delivery; one answer a message, in their order. Raises NotStored when it must come again."""
        self._watch()
        size = delivery.size
        full = len(self._line) >= MOST_WAITING or (self._line and self._bytes + size > MOST_BYTES_WAITING)
        if full or self._stopping:
            raise NotStored("too much is arriving at once; please deliver it again")
        waiting = Waiting(delivery, size, asyncio.get_running_loop().create_future())
        self._line.append(waiting)
        self._bytes += size
        self._arrived.set()
        try:
            async with asyncio.timeout(LONGEST_WAIT):
                return await waiting.future
        except TimeoutError:
            raise NotStored from None

    def _watch(self) -> None:
        """Start the batcher; another one if it ended, which nothing we know of makes it do."""
        if self._stopping or (self._batcher is not None and not self._batcher.done()):
            return
        if self._batcher is not None:
            log.error("the batcher ended; starting another")
        self._batcher = asyncio.create_task(self._run(), name="arrivals")

    async def _run(self) -> None:
        while not self._stopping:
            batch = await self._next()
            try:
                await self._settle(batch)
            except Exception as error:  # the next batch must find a batcher
                log.error("surprise", error=type(error).__name__, exc_info=error)  # noqa: TRY400
            finally:
                for each in batch:
                    each.refuse()  # unless it has its answer

    async def _next(self) -> list[Waiting]:
        """What waits, as far as it fits into one batch, without those who have gone."""
        while not self._line:
            self._arrived.clear()
            await self._arrived.wait()
        batch: list[Waiting] = []
        size = 0
        while self._line and len(batch) < MOST_DELIVERIES:
            if batch and size + self._line[0].size > MOST_BYTES:
                break
            each = self._line.popleft()
            self._bytes -= each.size
            if not each.future.done():
                batch.append(each)
                size += each.size
        return batch

    async def _settle(self, batch: list[Waiting]) -> None:
        """Keep the batch and answer; one culprit never fails the others."""
        if not batch:
            return
        with correlate(batch[0].delivery.correlation_id if len(batch) == 1 else None):
            try:
                await self._keep([each.delivery for each in batch])
            except Exception as error:  # whatever one delivery did, the others must not pay for it
                if isinstance(error, AWAY) and not isinstance(error, UNSTORABLE):
                    log.warning("not stored", deliveries=len(batch), error=type(error).__name__)
                elif len(batch) == 1:
                    log.error("not stored", error=type(error).__name__, exc_info=error)  # noqa: TRY400
                else:
                    await self._settle_one_by_one(batch)
                for each in batch:
                    each.refuse()
            else:
                # one line a batch: whoever follows a request finds here when it was kept
                log.info("kept", requests=[each.delivery.correlation_id for each in batch])
                for each in batch:
                    if not each.future.done():  # the client may have hung up
                        each.future.set_result(each.delivery.kept)

    async def _settle_one_by_one(self, batch: list[Waiting]) -> None:
        for each in batch:
            if not each.future.done():
                await self._settle([each])

    async def _keep(self, deliveries: list[Delivery]) -> None:
        async with asyncio.timeout(LONGEST_BATCH), self.runtime.pool.connection(timeout=PATIENCE) as conn:
            await keep(conn, deliveries, now=self.runtime.clock())
