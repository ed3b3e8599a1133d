"""Server-sent events: an answer that does not end, one message after the other as they come."""

import asyncio
from collections.abc import AsyncIterator, Callable

import msgspec
from litestar.response.sse import ServerSentEventMessage
from litestar.types import Receive, Send

STALLED = 60.0  # seconds a reader may take until there is room for more
RETRY = 2_000  # milliseconds until a client connects again

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


async def respond(
    messages: AsyncIterator[ServerSentEventMessage], receive: Receive, send: Send, *, left: Callable[[], None]
) -> None:
    """Answer with `messages` to their end; `left` is called when the client has gone.

    Raises TimeoutError where a reader takes nothing: the server then closes what is unfinished.
    """
    watching = asyncio.create_task(_watch(receive, left))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await _say(send, ServerSentEventMessage(data=None, retry=RETRY))
        async for message in messages:
            await _say(send, message)
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        watching.cancel()


def event(name: str, said: object, id: int | None = None) -> ServerSentEventMessage:
    """One event, its data as JSON."""
    return ServerSentEventMessage(id=id, event=name, data=msgspec.json.encode(said), sep="\n")


def heartbeat() -> ServerSentEventMessage:
    """A comment, which says that the stream is alive."""
    return ServerSentEventMessage(comment="", data=None)


def end(reason: str) -> ServerSentEventMessage:
    """The last event: the client connects again, from the last id it has, if the reason lets it."""
    return event("end", {"reason": reason})


async def _say(send: Send, message: ServerSentEventMessage) -> None:
    async with asyncio.timeout(STALLED):
        await send({"type": "http.response.body", "body": message.encode(), "more_body": True})


async def _watch(receive: Receive, left: Callable[[], None]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    left()
