"""A small HTTP/1.1 server on loopback, for simulators that must also misbehave: answer late, or drop the connection."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

from msgspec import Struct, field


class Request(Struct, kw_only=True):
    """What a client sent; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


class Answer(Struct):
    """What it gets back."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Awaitable[Answer | None]]
Conversation = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def json_answer(value: object, status: int = 200, **headers: str) -> Answer:
    """The value as JSON."""
    return Answer(status, json.dumps(value).encode(), {"content-type": "application/json", **headers})


@asynccontextmanager
async def serving(handler: Handler, *, port: int = 0) -> AsyncIterator[str]:
    """Serve HTTP on a port, a free one unless named, and give the base URL.

    A handler that returns None resets the connection.
    """

    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while (answer := await handler(await _read(reader))) is not None:
            writer.write(_written(answer))
            await writer.drain()

    async with listening(conversation, port=port) as taken:
        yield f"http://127.0.0.1:{taken}"


@asynccontextmanager
async def listening(conversation: Conversation, *, port: int = 0) -> AsyncIterator[int]:
    """Listen on a port of loopback, a free one unless named, and give it.

    A connection is reset when its conversation ends, and all are at the end.
    """
    open_ones: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = cast("asyncio.Task[None]", asyncio.current_task())
        open_ones.add(task)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await conversation(reader, writer)
        writer.transport.abort()
        open_ones.discard(task)

    server = await asyncio.start_server(connected, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)
        await server.wait_closed()
        await asyncio.sleep(0)  # aborted transports let go of their sockets


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, path, _ = head[0].split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method=method, path=path, headers=headers, body=body)


def _written(answer: Answer) -> bytes:
    headers = {"content-length": str(len(answer.body)), **answer.headers}
    lines = [f"HTTP/1.1 {answer.status} Simulated", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body
