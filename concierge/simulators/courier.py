"""Webhooks on their way to us: each posted until it is answered with 200, as Meta does it, only sooner."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from concierge.simulators.graph_webhooks import Webhook

WAITS = (0.5, 1, 2, 5, 10, 20, 30, 60, 60, 60)  # seconds between two tries; Meta goes on for days
TIMEOUT = 10.0  # seconds for one answer
CONNECTIONS = 64

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Courier:
    """Posts to one http address over connections that are kept; may be used as an async context manager.

    HTTP by hand, because it stands in a benchmark's way: a tenth of what a full client costs.
    """

    def __init__(self, url: str, *, waits: Sequence[float] = WAITS) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._path = parts.hostname or "", parts.port or 80, parts.path
        self._waits = waits
        self._idle: list[Connection] = []
        self._free = asyncio.Semaphore(CONNECTIONS)
        self.tries = 0

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        for _reader, writer in self._idle:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        await asyncio.sleep(0)  # aborted transports let go of their sockets

    async def deliver(self, webhook: Webhook) -> bool:
        """Post until it is taken; False when it never was."""
        for wait in (*self._waits, None):
            if await self.post(webhook):
                return True
            if wait is not None:
                await asyncio.sleep(wait)
        return False

    async def post(self, webhook: Webhook) -> bool:
        """Post once; whether it was answered with 200."""
        self.tries += 1
        async with self._free:
            with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(TIMEOUT):
                    return await self._answered(webhook) == 200
        return False

    async def _answered(self, webhook: Webhook) -> int:
        """The status; a kept connection may have been closed meanwhile, then on a new one."""
        while self._idle:
            with suppress(OSError, asyncio.IncompleteReadError):
                return await self._exchange(self._idle.pop(), webhook)
        return await self._exchange(await asyncio.open_connection(self._host, self._port), webhook)

    async def _exchange(self, connection: Connection, webhook: Webhook) -> int:
        reader, writer = connection
        try:
            writer.write(self._request(*webhook))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            await reader.readexactly(int(head.partition(b"content-length:")[2].split(b"\r\n")[0]))
        except BaseException:
            writer.transport.abort()
            raise
        self._idle.append(connection)
        return int(head.split(b" ", 2)[1])

    def _request(self, headers: dict[str, str], body: bytes) -> bytes:
        named = {"Host": f"{self._host}:{self._port}", "Content-Length": str(len(body)), **headers}
        lines = [f"POST {self._path} HTTP/1.1", *(f"{name}: {value}" for name, value in named.items()), "", ""]
        return "\r\n".join(lines).encode("latin-1") + body
