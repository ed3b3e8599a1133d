"""GET for what a webhook only points to: short time-outs, no redirects, and never more bytes than asked for."""

import ssl
from collections.abc import Mapping

import httpx

from concierge.errors import NotStored
from concierge.log import logger
from concierge.tls import trusted

TIMEOUT = httpx.Timeout(8, connect=4)  # seconds; providers wait 10 to 15 for our answer
MOST = 45_000_000  # bytes: the largest mail a provider takes (SES), with its base64

log = logger(__name__)


class Fetcher:
    """One pool of connections, opened by the first request."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self._client: httpx.AsyncClient | None = None

    async def get(self, url: str, *, headers: Mapping[str, str] | None = None, most: int = MOST) -> bytes:
        """The body of a 2xx answer. Raises NotStored for anything else; no error names the URL, which may be signed."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=TIMEOUT, verify=self._tls or trusted())
        content = bytearray()
        try:
            async with self._client.stream("GET", url, headers=dict(headers or {})) as answer:
                if not answer.is_success:
                    log.warning("fetching failed", host=answer.url.host, status=answer.status_code)
                    raise NotStored
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > most:
                        log.warning("fetching failed", host=answer.url.host, reason="too large")
                        raise NotStored
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            log.warning("fetching failed", error=type(error).__name__)
            raise NotStored from None
        return bytes(content)

    async def close(self) -> None:
        """Let go of connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
