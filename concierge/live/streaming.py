"""A stream: what happens to a tenant's things, each event once and in the order of their numbers.

Nothing is queued in memory: a slow reader falls behind in its own stream, and reads on from where it is.
"""

import asyncio
from collections.abc import AsyncIterator

from litestar.response.sse import ServerSentEventMessage
from litestar.types import Receive, Scope, Send
from psycopg import OperationalError

from concierge.api import sse
from concierge.api.caller import Caller
from concierge.live.tail import PAGE, PAUSE, Tail
from concierge.log import logger

HEARTBEAT = 10.0  # seconds without news until a comment says that the stream is alive, and the key is looked at again

log = logger(__name__)


class EventStream:
    """One stream, as the ASGI application that answers the request."""

    def __init__(self, tail: Tail, caller: Caller, *, after: int) -> None:
        self._tail = tail
        self._caller = caller
        self._after = after
        self._gone = False
        self._flag = asyncio.Event()

    async def __call__(self, _scope: Scope, receive: Receive, send: Send) -> None:
        """Answer until the client goes, its key ends or the process does. Raises TooMany before it begins."""
        with self._tail.waking(self._caller, self._flag):
            try:
                await sse.respond(self._messages(), receive, send, left=self._leave)
            except TimeoutError:
                log.info("a reader takes nothing", key_id=str(self._caller.key_id))

    async def _messages(self) -> AsyncIterator[ServerSentEventMessage]:
        while not self._gone:
            if self._tail.ending:
                yield sse.end("restarting")
                return
            self._flag.clear()  # before reading: what comes meanwhile sets it again
            try:
                events = await self._tail.read(self._caller, self._after)
            except OperationalError:
                await asyncio.sleep(PAUSE)
                continue
            if events is None:
                yield sse.end("revoked")
                return
            for each in events:
                self._after = each.id
                yield sse.event(each.type, each, id=each.id)
            if len(events) < PAGE and not await self._wait():
                yield sse.heartbeat()

    async def _wait(self) -> bool:
        """Until there may be news. False: it was quiet for a heartbeat's time."""
        try:
            async with asyncio.timeout(HEARTBEAT):
                return await self._flag.wait()
        except TimeoutError:
            return False

    def _leave(self) -> None:
        self._gone = True
        self._flag.set()
