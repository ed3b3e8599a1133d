"""Streams: what is new in a session, as server-sent events, each once and in order.

A stream reads the tables from the number its client has, shows what is there, and sleeps until somebody says that there
may be more. Nothing is queued in memory: a slow reader only falls behind, in its own stream, and reads on from where
it is. One LISTEN connection wakes all streams of the process.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from datetime import datetime
from typing import Self
from uuid import UUID

import msgspec
from litestar.response.sse import ServerSentEventMessage
from litestar.types import Receive, Scope, Send
from psycopg import OperationalError

from concierge.log import logger
from concierge.postgres.listen import Listener
from concierge.runtime import Runtime
from concierge.webchat import store
from concierge.webchat.limits import Limits
from concierge.webchat.model import Event, Session

HEARTBEAT = 15.0  # seconds without news until a comment says that the stream is alive
STALLED = 60.0  # seconds a reader may take until there is room for more
RETRY = 2_000  # milliseconds until a browser connects again
PAGE = 100  # events read at once
READERS = 4  # pool connections that all streams together may use: a rescan of everybody must not starve arrivals
PAUSE = 1.0  # seconds until a stream tries the database again

log = logger(__name__)


class Streams:
    """The open streams of one web process. Use as an async context manager."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.ending = False
        self._open: dict[UUID, set[asyncio.Event]] = {}
        self._readers = asyncio.Semaphore(READERS)
        self._around = AsyncExitStack()

    async def __aenter__(self) -> Self:
        url = self.runtime.settings.database_url.reveal()
        await self._around.enter_async_context(Listener(url, "webchat", heard=self._heard, missed=self._wake_all))
        return self

    async def __aexit__(self, *_: object) -> None:
        self.end()
        await self._around.aclose()

    def end(self) -> None:
        """Let every stream come to its end, and every new one at once."""
        self.ending = True
        self._wake_all()

    @contextmanager
    def woken(self, session_id: UUID) -> Iterator[asyncio.Event]:
        """A flag that is set whenever there may be something new in the session."""
        flag = asyncio.Event()
        self._open.setdefault(session_id, set()).add(flag)
        try:
            yield flag
        finally:
            self._open[session_id].discard(flag)
            if not self._open[session_id]:
                del self._open[session_id]

    async def read(self, session: Session, after: int) -> list[Event]:
        """What comes after that number. Raises OperationalError."""
        async with self._readers, self.runtime.connection() as conn:
            return await store.events_after(
                conn, session_id=session.id, tenant_id=session.tenant_id, after=after, limit=PAGE
            )

    def _heard(self, payload: str) -> None:
        with suppress(ValueError):  # anybody who may connect may notify
            for flag in self._open.get(UUID(payload), ()):
                flag.set()

    def _wake_all(self) -> None:
        for flags in self._open.values():
            for flag in flags:
                flag.set()


class EventStream:
    """One stream, as the ASGI application that answers the request."""

    def __init__(self, streams: Streams, limits: Limits, session: Session, *, after: int, expires_at: datetime) -> None:
        self._streams = streams
        self._session = session
        self._after = after
        self._expires_at = expires_at
        self._gone = False
        self._around = AsyncExitStack()
        self._around.enter_context(limits.stream(session.id))  # before the answer begins: it may be 429
        self._flag = self._around.enter_context(streams.woken(session.id))

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the client goes, its token expires or the process ends."""
        async with self._around:
            watching = asyncio.create_task(self._watch(receive))
            try:
                await self._answer(send)
            finally:
                watching.cancel()

    async def _answer(self, send: Send) -> None:
        headers = [
            (b"content-type", b"text/event-stream; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for message in self._messages():
            async with asyncio.timeout(STALLED):
                await send({"type": "http.response.body", "body": message.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _messages(self) -> AsyncIterator[ServerSentEventMessage]:
        yield ServerSentEventMessage(data=None, retry=RETRY)
        while not self._gone:
            if self._streams.ending:
                yield _end("restarting")
                return
            if self._streams.runtime.clock() >= self._expires_at:
                yield _end("expired")
                return
            self._flag.clear()  # before reading: what comes meanwhile sets it again
            try:
                events = await self._streams.read(self._session, self._after)
            except OperationalError as error:
                log.warning("stream waits for the database", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
                continue
            for event in events:
                self._after = event.seq
                yield ServerSentEventMessage(id=event.seq, event="message", data=msgspec.json.encode(event), sep="\n")
            if len(events) < PAGE and not await self._wait():
                yield ServerSentEventMessage(comment="", data=None)

    async def _wait(self) -> bool:
        """Until there may be news. False: it was quiet for a heartbeat's time, or the token's end has come."""
        left = (self._expires_at - self._streams.runtime.clock()).total_seconds()
        try:
            async with asyncio.timeout(max(min(HEARTBEAT, left), 0)):
                return await self._flag.wait()
        except TimeoutError:
            return False

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        self._flag.set()


def _end(reason: str) -> ServerSentEventMessage:
    """The last message: the widget then renews its token or connects again, from the last id it has."""
    return ServerSentEventMessage(event="end", data=msgspec.json.encode({"reason": reason}), sep="\n")
