"""The end of the event table, watched once for all streams of a process while there are any.

Events get their numbers when they are written and are seen when they are committed: number 6 may be there before 5. Who
has told 6 and goes on from there would never tell 5. So nothing is told beyond `settled`, the number up to which every
transaction that took one has ended (docs/decisions/0025-events-are-told-when-nothing-can-come-before.md).
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

from psycopg import OperationalError

from concierge.api.caller import Caller
from concierge.errors import TooMany
from concierge.live import store
from concierge.log import logger
from concierge.runtime import Runtime
from concierge.tenants import key_store, trail
from concierge.tenants.trail import Event

EVERY = 0.2  # seconds between two looks, while somebody listens
PAUSE = 1.0  # seconds until the database is asked again when it did not answer
PAGE = 100  # events read at once
READERS = 4  # pool connections that all streams together may use
MOST_STREAMS = 5  # open at once with one key, in one process
ALL_STREAMS = 500  # open at once in one process

log = logger(__name__)


class Tail:
    """What the streams of one web process share. Use as an async context manager."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.ending = False
        self.settled = 0
        self._seen: int | None = None  # the newest number at the last look
        self._waiting: tuple[int, int] | None = None  # that number settles when this transaction is the oldest
        self._listening: dict[asyncio.Event, Caller] = {}
        self._somebody = asyncio.Event()
        self._readers = asyncio.Semaphore(READERS)
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._watch(), name="tail")
        return self

    async def __aexit__(self, *_: object) -> None:
        self.end()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def end(self) -> None:
        """Let every stream come to its end."""
        self.ending = True
        for flag in self._listening:
            flag.set()

    @contextmanager
    def waking(self, caller: Caller, flag: asyncio.Event) -> Iterator[None]:
        """Inside the block, `flag` is set whenever there is something new of the caller's tenant. Raises TooMany."""
        if len(self._listening) >= ALL_STREAMS:
            raise TooMany("too many streams are open here", retry_after=5)
        if sum(each.key_id == caller.key_id for each in self._listening.values()) >= MOST_STREAMS:
            raise TooMany(f"this key has {MOST_STREAMS} streams open", retry_after=5)
        self._listening[flag] = caller
        self._somebody.set()
        try:
            yield
        finally:
            del self._listening[flag]
            if not self._listening:
                self._somebody.clear()

    async def newest(self) -> int:
        """The number of the newest event that anybody has begun to write."""
        async with self.runtime.connection() as conn:
            return (await store.horizon(conn)).last

    async def read(self, caller: Caller, after: int) -> list[Event] | None:
        """What comes after that number and is settled; None: the key opens nothing any more."""
        async with self._readers, self.runtime.connection() as conn:
            now = self.runtime.clock()
            if not await key_store.is_live(conn, caller.key_id, tenant_id=caller.tenant_id, now=now):
                return None
            return await trail.between(conn, tenant_id=caller.tenant_id, after=after, upto=self.settled, limit=PAGE)

    async def _watch(self) -> None:
        while True:
            await self._somebody.wait()
            try:
                await self._look()
            except OperationalError as error:
                log.debug("the tail of events is not seen", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
            await asyncio.sleep(EVERY)

    async def _look(self) -> None:
        """Settle what was the newest number a look ago, once every transaction that was under way since has ended."""
        before = self.settled
        async with self.runtime.connection() as conn:
            now = await store.horizon(conn)
            if self._waiting is None and self._seen is not None and self._seen > self.settled:
                self._waiting = self._seen, now.next
            self._seen = now.last
            if self._waiting is None or now.oldest < self._waiting[1]:
                return
            self.settled, self._waiting = self._waiting[0], None
            tenants = list({each.tenant_id for each in self._listening.values()})
            news = set(await store.with_news(conn, tenants=tenants, after=before, upto=self.settled))
        for flag, caller in self._listening.items():
            if caller.tenant_id in news:
                flag.set()
