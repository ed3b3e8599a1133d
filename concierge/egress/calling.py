"""One call to an address that somebody else chose.

The connection is made by a network backend of our own below httpcore's pool, because only there the address that was
judged is the address that is connected to: a name that leads elsewhere at the second look-up (DNS rebinding) gains
nothing. TLS still proves the host by its name. No proxy, no cookie; a redirect of a POST is an answer, one of a GET is
followed a few times and judged as the first address was.
"""

import asyncio
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urljoin

import httpcore
from msgspec import Struct

from concierge.egress.addresses import Network, is_public, is_within
from concierge.errors import Unreachable
from concierge.tls import trusted

CONNECT = 5.0  # seconds for one connection, look-up included
WHOLE = 15.0  # seconds for one call
MOST = 100  # connections at once
READING = 30.0  # seconds for what is read whole
HOPS = 4  # one GET and three redirects
REDIRECTS = frozenset({301, 302, 303, 307, 308})
READ = 65_536  # bytes of an answer that are read, and thrown away, so that the connection can be used again


class Answered(Struct, frozen=True):
    """What the other side said."""

    status: int
    retry_after: float | None  # seconds


class Egress:
    """Connections to addresses that somebody else chose. `allowed`: networks that may be reached beside public ones.

    https may lead to both, http to `allowed` only.
    """

    def __init__(self, allowed: Sequence[Network] = ()) -> None:
        self.allowed = tuple(allowed)
        self._pools: dict[bytes, httpcore.AsyncConnectionPool] = {}

    async def post(self, url: str, *, body: bytes, headers: Mapping[str, str]) -> Answered:
        """POST `body`. Raises Unreachable when there is no answer, or the URL leads where it must not."""
        with _explained(WHOLE):
            async with asyncio.timeout(WHOLE):
                return await self._post(httpcore.URL(url), body, headers)

    async def read(self, url: str, *, limit: int) -> bytes:
        """GET what is there, at most `limit` bytes.

        Raises Unreachable where nobody has it, it is larger, or the URL leads where it must not.
        """
        with _explained(READING):
            async with asyncio.timeout(READING):
                for _ in range(HOPS):
                    found = await self._get(httpcore.URL(url), limit)
                    if isinstance(found, bytes):
                        return found
                    url = urljoin(url, found)
        raise Unreachable("the URL leads from one place to the next")

    async def _get(self, url: httpcore.URL, limit: int) -> bytes | str:
        """What is there, or where it is instead."""
        async with self._pool(url.scheme).stream("GET", url, headers=[("host", _host(url))]) as answer:
            where = {name.lower(): value for name, value in answer.headers}.get(b"location")
            if answer.status in REDIRECTS and where is not None:
                return where.decode("ascii")
            if answer.status != 200:
                raise Unreachable(f"the answer was {answer.status}")
            content = bytearray()
            async for chunk in answer.aiter_stream():
                content += chunk
                if len(content) > limit:
                    raise Unreachable(f"there are more than {limit} bytes")
            return bytes(content)

    async def _post(self, url: httpcore.URL, body: bytes, headers: Mapping[str, str]) -> Answered:
        given = [("host", _host(url)), ("content-length", str(len(body))), *headers.items()]
        pool = self._pool(url.scheme)
        async with pool.stream("POST", url, headers=given, content=body) as answer:
            read = 0
            async for chunk in answer.aiter_stream():
                read += len(chunk)
                if read > READ:
                    break
            told = {name.lower(): value for name, value in answer.headers}.get(b"retry-after", b"")
            return Answered(answer.status, float(told) if told.isdigit() else None)

    def _pool(self, scheme: bytes) -> httpcore.AsyncConnectionPool:
        if scheme not in self._pools:
            self._pools[scheme] = httpcore.AsyncConnectionPool(
                ssl_context=trusted() if scheme == b"https" else None,  # its own it would read for each connection
                max_connections=MOST,
                max_keepalive_connections=20,
                keepalive_expiry=30,
                network_backend=_Guarded(self.allowed, public=scheme == b"https"),
            )
        return self._pools[scheme]

    async def close(self) -> None:
        """Let go of connections."""
        for pool in self._pools.values():
            await pool.aclose()
        self._pools.clear()


@contextmanager
def _explained(seconds: float) -> Iterator[None]:
    """Whatever keeps us from an answer is Unreachable, in words without an address."""
    try:
        yield
    except TimeoutError:
        raise Unreachable(f"no answer within {seconds:.0f} seconds") from None
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
        raise Unreachable(f"no connection: {type(error).__name__}") from None
    except (httpcore.UnsupportedProtocol, ValueError):
        raise Unreachable("the URL cannot be used") from None


class _Guarded(httpcore.AsyncNetworkBackend):
    """Looks a name up, judges every address, connects to those that were judged."""

    def __init__(self, allowed: Sequence[Network], *, public: bool) -> None:
        self.allowed = allowed
        self.public = public
        self._below = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109  httpcore's signature; ours holds for all addresses
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection. Raises Unreachable where one of the addresses is not to be reached by strangers."""
        async with asyncio.timeout(CONNECT):
            addresses = await self._resolved(host, port)
            if not all(self._may_reach(each) for each in addresses):
                raise Unreachable("the URL leads to an address that is not public")
            failure: Exception = Unreachable("the host has no address")
            for each in addresses[:4]:
                try:
                    return await self._below.connect_tcp(
                        each, port, local_address=local_address, socket_options=socket_options
                    )
                except httpcore.ConnectError as error:
                    failure = error
            raise failure

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._below.sleep(seconds)

    async def _resolved(self, host: str, port: int) -> list[str]:
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise Unreachable("the host is unknown") from None
        return list(dict.fromkeys(str(address[0]).partition("%")[0] for *_, address in found))

    def _may_reach(self, address: str) -> bool:
        return is_within(address, self.allowed) or (self.public and is_public(address))


def _host(url: httpcore.URL) -> str:
    default = {b"http": 80, b"https": 443}.get(url.scheme)
    host = url.host.decode("ascii")
    name = f"[{host}]" if ":" in host else host
    return name if url.port in (None, default) else f"{name}:{url.port}"
