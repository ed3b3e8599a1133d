"""Answers of real providers, recorded to a file and played again: JSON lines, one HTTP exchange each.

The client underneath is asked as ever; only its transport is another. It works for `httpx` and for the SDK's `httpx2`,
which have the same interface. Keys are not on the tape: an exchange is known by its path and body.
"""

import hashlib
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from msgspec import Struct

from concierge.tls import trusted

KEPT_HEADERS = frozenset({"content-type", "request-id", "x-request-id", "retry-after"})


class Exchange(Struct):
    """A question, by its digest, and what came back."""

    question: str
    status: int
    headers: dict[str, str]
    body: str


class Tape:
    """With `recording`, what is not on it yet is asked and added; without, it fails like a network that is down."""

    def __init__(self, path: Path, *, recording: bool) -> None:
        self.recording = recording
        self._path = path
        lines = path.read_bytes().splitlines() if path.exists() else []
        self._exchanges = {each.question: each for each in (msgspec.json.decode(line, type=Exchange) for line in lines)}

    def find(self, question: str) -> Exchange | None:
        """What came back the last time."""
        return self._exchanges.get(question)

    def keep(self, exchange: Exchange) -> None:
        """Add it to the file."""
        self._exchanges[exchange.question] = exchange
        with self._path.open("ab") as file:
            file.write(msgspec.json.encode(exchange) + b"\n")

    def client(self, http: ModuleType, **options: Any) -> Any:
        """An `AsyncClient` of `httpx` or `httpx2` that plays this tape."""
        return http.AsyncClient(transport=_transport(self, http), **options)


def _transport(tape: Tape, http: ModuleType) -> Any:
    class Taped(http.AsyncBaseTransport):  # type: ignore[name-defined, misc]
        def __init__(self) -> None:
            self.real = http.AsyncHTTPTransport(verify=trusted())

        async def handle_async_request(self, request: Any) -> Any:
            body = await request.aread()
            question = hashlib.sha256(request.url.raw_path + b"\n" + body).hexdigest()
            exchange = tape.find(question)
            if exchange is None:
                if not tape.recording:
                    raise http.ConnectError("this question is not on the tape", request=request)
                exchange = await self._asked(request, question)
            return http.Response(exchange.status, headers=exchange.headers, text=exchange.body, request=request)

        async def _asked(self, request: Any, question: str) -> Exchange:
            response = await self.real.handle_async_request(request)
            await response.aread()
            await response.aclose()
            headers = {name: value for name, value in response.headers.items() if name in KEPT_HEADERS}
            exchange = Exchange(question, response.status_code, headers, response.text)
            if response.status_code == 200:
                tape.keep(exchange)
            return exchange

        async def aclose(self) -> None:
            await self.real.aclose()

    return Taped()
