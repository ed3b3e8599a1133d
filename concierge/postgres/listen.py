"""LISTEN: one connection of a process that hears what others committed, and says so when it may have missed something.

A notification is an invitation to look at the tables, never the news itself: Postgres keeps none for a listener that
is away. So after every (re)connection `missed` is called, and whoever cares looks again.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context
from typing import Any, LiteralString, TypeVar

from psycopg import AsyncConnection, OperationalError
from psycopg.abc import PQGen
from psycopg.sql import SQL, Identifier

from concierge.log import logger
from concierge.postgres.pool import connection_options

FIRST_PAUSE = 0.1  # seconds before connecting again; doubled with every failure
LONGEST_PAUSE = 5.0

T = TypeVar("T")

log = logger(__name__)


class Sleeping(AsyncConnection[Any]):
    """Sleeps until the server says something.

    psycopg's own looks up ten times a second, for a Ctrl-C that an event loop hears by itself.
    """

    async def wait(self, gen: PQGen[T], interval: float = 60.0, timeout: float | None = None) -> T:  # noqa: ASYNC109
        """Whatever waits for the server comes through here."""
        return await super().wait(gen, interval=interval, timeout=timeout)


class Listener:
    """Hears one channel from `begin()` to `close()`. `heard` gets each payload; neither callback may block."""

    def __init__(
        self, url: str, channel: LiteralString, *, heard: Callable[[str], None], missed: Callable[[], None]
    ) -> None:
        self._url = url
        self._channel = channel
        self._heard = heard
        self._missed = missed
        self._pause = FIRST_PAUSE
        self._task: asyncio.Task[None] | None = None

    def begin(self) -> None:
        """Connect and listen, unless it does already; `missed` is called once it hears."""
        if self._task is None:
            # in a context of its own: what it logs is not about the request that has it begin
            self._task = asyncio.create_task(self._run(), name=f"listen-{self._channel}", context=Context())

    async def close(self) -> None:
        """Hear nothing any more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except OperationalError as error:
                log.warning("not listening", channel=self._channel, error=type(error).__name__, again_in=self._pause)
            await asyncio.sleep(self._pause)
            self._pause = min(self._pause * 2, LONGEST_PAUSE)

    async def _listen(self) -> None:
        """Until the connection is lost. Raises OperationalError then; a silent peer is found out by keepalives."""
        options = connection_options(self._url, name="listen") | {"keepalives_idle": 10}
        conn = await Sleeping.connect(self._url, autocommit=True, **options)
        try:
            await conn.execute(SQL("listen {}").format(Identifier(self._channel)))
            self._pause = FIRST_PAUSE
            self._missed()
            async for notification in conn.notifies():
                self._heard(notification.payload)
        finally:
            await conn.close()
