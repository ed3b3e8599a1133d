"""The body of a request: whole, in time, and not too large."""

import asyncio
from typing import Any

from litestar.types import Receive

from concierge.errors import Malformed, TooLarge, TooSlow

READING = 10.0  # seconds until the whole body must be here


async def read_body(declared: str, receive: Receive, limit: int) -> bytes:
    """The request's exact bytes; `declared` is its content-length.

    Raises TooLarge as soon as it is certain, TooSlow, and Malformed where the client has gone.
    """
    if declared.isdecimal() and int(declared) > limit:
        raise TooLarge(f"the body is over {limit} bytes")
    try:
        async with asyncio.timeout(READING):
            return await _read(receive, limit)
    except TimeoutError:
        raise TooSlow from None


async def _read(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    while True:
        message: Any = await receive()
        if message["type"] == "http.disconnect":
            raise Malformed("the request ended before its body did")
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise TooLarge(f"the body is over {limit} bytes")
        chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)
