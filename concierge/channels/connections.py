"""Connections to vendors whom every message asks: aiohttp's below httpx's client, for a third of the CPU.

What is told apart, as httpx tells it: ConnectError, ConnectTimeout and UnsupportedProtocol prove that nothing was sent;
any other error proves nothing. A POST is sent once; a question is asked again where a kept connection turns out closed.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from urllib.request import getproxies

import aiohttp
import httpx
from yarl import URL

from concierge.tls import trusted

MOST = 100  # at once; others wait as long as the timeout says
KEPT = 5.0  # seconds that a connection is kept for the next request


class Connections(httpx.AsyncBaseTransport):
    """A transport for `httpx.AsyncClient`. Proxies come from the environment, as they do without it."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None  # begins in the loop that uses it

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body unread. Raises httpx's errors."""
        limits = request.extensions["timeout"]
        timeout = aiohttp.ClientTimeout(
            total=None, connect=limits["pool"], sock_connect=limits["connect"], sock_read=limits["read"]
        )
        with _explained():
            answer = await self._opened().request(
                request.method,
                URL(str(request.url), encoded=True),
                headers=request.headers.multi_items(),
                data=await request.aread(),
                allow_redirects=False,
                timeout=timeout,
            )
        return httpx.Response(answer.status, headers=answer.raw_headers, stream=_Body(answer), request=request)

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=trusted(), limit=MOST, keepalive_timeout=KEPT),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=bool(getproxies()),  # to look for them costs something for every request
            )
        return self._session


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _explained():
            async for chunk in self._answer.content.iter_any():
                yield chunk

    async def aclose(self) -> None:
        self._answer.release()


@contextmanager
def _explained() -> Iterator[None]:
    """Errors as httpx has them."""
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise httpx.UnsupportedProtocol(str(error)) from error
    except aiohttp.ConnectionTimeoutError as error:
        raise httpx.ConnectTimeout(str(error)) from error
    except (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError) as error:
        raise httpx.ConnectError(str(error)) from error
    except (TimeoutError, aiohttp.ServerTimeoutError) as error:
        raise httpx.ReadTimeout(str(error)) from error
    except (OSError, aiohttp.ClientError) as error:
        raise httpx.ReadError(repr(error)) from error
