"""A stream: what is new in a session, as server-sent events, each once and in order.

It reads the tables from the number its client has, shows what is there, and sleeps until somebody says that there may
be more. Nothing is queued in memory: a slow reader only falls behind, in its own stream, and reads on from where it is.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from litestar.response.sse import ServerSentEventMessage
from litestar.types import Receive, Scope, Send
from psycopg import OperationalError

from concierge.api import sse
from concierge.log import logger
from concierge.webchat.limits import Limits
from concierge.webchat.model import Session
from concierge.webchat.streams import PAGE, Streams

HEARTBEAT = 15.0  # seconds without news until a comment says that the stream is alive
PAUSE = 1.0  # seconds until a stream tries the database again

log = logger(__name__)


class EventStream:
    """One stream, as the ASGI application that answers the request."""

    def __init__(self, streams: Streams, limits: Limits, session: Session, *, after: int, expires_at: datetime) -> None:
        self._streams = streams
        self._limits = limits
        self._session = session
        self._after = after
        self._expires_at = expires_at
        self._gone = False
        self._flag = asyncio.Event()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the client goes, its token expires or the process ends. Raises TooMany before it begins."""
        with self._limits.stream(self._session.id), self._streams.waking(self._session.id, self._flag):
            try:
                await sse.respond(self._messages(), receive, send, left=self._leave)
            except TimeoutError:
                log.info("a reader takes nothing", session=str(self._session.id))

    async def _messages(self) -> AsyncIterator[ServerSentEventMessage]:
        while not self._gone:
            if self._streams.ending:
                yield sse.end("restarting")
                return
            if self._streams.runtime.clock() >= self._expires_at:
                yield sse.end("expired")
                return
            self._flag.clear()  # before reading: what comes meanwhile sets it again
            try:
                events = await self._streams.read(self._session, self._after)
                asked = bool(events) and events[-1].direction == "in"
                typing = asked and await self._streams.is_being_answered(self._session)
            except OperationalError as error:
                # quietly: a thousand streams would all say the same, and the listener says it once
                log.debug("stream waits for the database", error=type(error).__name__)
                await asyncio.sleep(PAUSE)
                continue
            for event in events:
                self._after = event.seq
                yield sse.event("message", event, id=event.seq)
            if typing:
                yield sse.event("typing", {})
            if len(events) < PAGE and not await self._wait():
                yield sse.heartbeat()

    async def _wait(self) -> bool:
        """Until there may be news. False: it was quiet for a heartbeat's time, or the token's end has come."""
        left = (self._expires_at - self._streams.runtime.clock()).total_seconds()
        try:
            async with asyncio.timeout(max(min(HEARTBEAT, left), 0)):
                return await self._flag.wait()
        except TimeoutError:
            return False

    def _leave(self) -> None:
        self._gone = True
        self._flag.set()
