"""One POST, with what can go wrong on the way."""

import asyncio
from collections.abc import Mapping
from types import ModuleType
from typing import Any, TypeVar

import httpx
import msgspec

from concierge.errors import ModelUnavailable
from concierge.llm.openai.errors import translated
from concierge.llm.tape import Tape
from concierge.tls import trusted

T = TypeVar("T")

LARGEST = 4_000_000  # bytes of an answer


class Caller:
    """Posts JSON to one vendor. `timeout` is seconds for one request, from its first byte to the last."""

    def __init__(self, name: str, base_url: str, api_key: str | None, timeout: float, tape: Tape | None = None) -> None:
        self.name = name
        self._base_url = base_url.rstrip("/")
        self._headers = {"authorization": f"Bearer {api_key}"} if api_key else {}
        self._timeout = timeout
        self._open = tape.client if tape else _client
        self._client: httpx.AsyncClient | None = None

    async def post(self, path: str, body: Mapping[str, Any], shape: type[T]) -> tuple[T, str | None]:
        """The decoded answer and the request id. Raises ModelError."""
        response = await self._sent(path, body)
        request_id = response.headers.get("x-request-id")
        if response.status_code != 200:
            raise translated(self.name, response.status_code, response.headers, response.content)
        if len(response.content) > LARGEST:
            raise ModelUnavailable(f"{self.name}: the answer is too large", request_id=request_id)
        try:
            return msgspec.json.decode(response.content, type=shape), request_id
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ModelUnavailable(f"{self.name}: the answer is not one", request_id=request_id) from None

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _sent(self, path: str, body: Mapping[str, Any]) -> httpx.Response:
        if self._client is None:
            self._client = self._open(httpx, timeout=self._timeout, headers=self._headers, trust_env=False)
        try:
            async with asyncio.timeout(self._timeout):
                return await self._client.post(f"{self._base_url}{path}", json=body)
        except TimeoutError:
            raise ModelUnavailable(f"{self.name}: no answer in {self._timeout:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ModelUnavailable(f"{self.name}: {type(error).__name__}") from None


def _client(_: ModuleType, **options: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(verify=trusted(), **options)
