"""Connections that do not wait for a server that says nothing to anybody.

A server may be stopped, or its machine out of memory, and its kernel still takes in what it is sent: no keepalive and
no deadline of the server's own ends a wait then. So whoever hears nothing for a while asks the same server anew: one
that greets is only slow with this statement, and is given time; one that does not is left, by closing our end, which is
to libpq as if it had gone. Whatever is in the way then, be it a transaction or a cancellation, ends as it always does
when a server goes, and the pool throws the connection away.
"""

import asyncio
import os
import socket
from asyncio import get_running_loop
from contextlib import suppress
from typing import Any, TypeVar

import psycopg
from psycopg import AsyncConnection
from psycopg.abc import PQGen
from psycopg.errors import CancellationTimeout

from concierge.log import logger

SILENT = 3.0  # seconds without a word until the server is asked whether it is there
GREETING = 1.5  # seconds that it has for that
NOTHING = 0  # what psycopg tells whoever waits when neither anything came nor could be sent

T = TypeVar("T")

log = logger(__name__)


class ImpatientConnection(AsyncConnection[Any]):
    """Somebody waits for what is asked here. Where the server is silent, OperationalError after SILENT and GREETING."""

    async def wait(self, gen: PQGen[T], interval: float = 0.0, timeout: float | None = None) -> T:  # noqa: ARG002, ASYNC109
        """Whatever waits for the server comes through here: a statement, a commit, the end of a cancelled one.

        psycopg looks up from its wait after each `interval`; that is the timer which finds out that nothing came.
        """
        watch = _Watch(self)
        try:
            return await super().wait(watch.over(gen), interval=SILENT, timeout=timeout)
        finally:
            watch.end()

    async def cancel_safe(self, *, timeout: float = GREETING) -> None:  # noqa: ASYNC109  as it is there
        """Have the server end what it does. One that does not take that within GREETING either is left as well.

        psycopg asks for this where whoever waits is cancelled, gives the server 5 seconds, and then waits as before.
        """
        try:
            await super().cancel_safe(timeout=min(timeout, GREETING))
        except CancellationTimeout:
            _close_our_end(self)
            raise


class _Watch:
    """Looks after one wait."""

    def __init__(self, conn: AsyncConnection[Any]) -> None:
        self._conn = conn
        self._asking: asyncio.Task[None] | None = None

    def over(self, gen: PQGen[T]) -> PQGen[T]:
        """The same steps; where psycopg has nothing to tell them, the server is asked whether it is there."""
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                if ready == NOTHING and (self._asking is None or self._asking.done()):
                    self._asking = get_running_loop().create_task(self._leave_or_wait_on())
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def end(self) -> None:
        if self._asking is not None:
            self._asking.cancel()

    async def _leave_or_wait_on(self) -> None:
        if not await _greets(self._conn):
            log.warning("database silent", seconds=SILENT + GREETING)
            _close_our_end(self._conn)


async def _greets(conn: AsyncConnection[Any]) -> bool:
    """Whether the server takes up another connection, or at least refuses it."""
    with suppress(psycopg.OperationalError):  # too many, or none at all: whoever waits will be told in time
        try:
            async with asyncio.timeout(GREETING):
                other = await AsyncConnection.connect(conn.info.dsn, password=conn.info.password)
        except TimeoutError:
            return False
        await other.close()
    return True


def _close_our_end(conn: AsyncConnection[Any]) -> None:
    """The descriptor stays libpq's own, which finds the end of the stream on it."""
    with suppress(OSError), socket.socket(fileno=os.dup(conn.fileno())) as shared:
        shared.shutdown(socket.SHUT_RDWR)
