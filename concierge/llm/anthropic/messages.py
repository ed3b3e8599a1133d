"""Claude, through Anthropic's own SDK.

The SDK never retries here (left alone it can sleep for an hour inside one call): retries belong to the queue. It is
imported at the first question, in a thread, since that takes about a second.
"""

import asyncio
import hashlib
import json
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from concierge.errors import ModelRefused, ModelUnavailable
from concierge.llm.anthropic.errors import translated
from concierge.llm.model import Answer, Usage
from concierge.llm.prompts import Rendered, render
from concierge.llm.purposes import READING, Prompt, Purpose
from concierge.llm.schemas import schema_of
from concierge.llm.tape import Tape
from concierge.tls import trusted

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic
    from anthropic.types import Message

T = TypeVar("T")

_TOKEN_LIMITS = (2_048, 8_192)
"""The second is for an answer that the first cut off. The SDK refuses more than 21,333 without streaming."""


class AnthropicModel:
    """Speaks the Messages API. `small` reads, `large` writes; `timeout` is seconds for one request."""

    name = "anthropic"
    remote = True

    def __init__(
        self,
        api_key: str,
        base_url: str | None = None,
        *,
        small: str = "claude-haiku-5-5",
        large: str = "claude-sonnet-5-5",
        timeout: float = 60.0,
        tape: Tape | None = None,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._small, self._large = small, large
        self._timeout = timeout
        self._tape = tape
        self._sdk: Any = None
        self._client: AsyncAnthropic | None = None
        self._opening = asyncio.Lock()
        self._schemas: dict[type[Any], dict[str, Any]] = {}  # as the SDK makes them

    def serves(self, purpose: Purpose) -> str:
        """The small model fills in forms, the large one writes."""
        return self._small if purpose in READING else self._large

    async def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """One question; asked once more, with more room, only if the answer was cut off.

        Raises ModelUnavailable (rate, overload, network, timeout, garbled answer) or ModelRefused (refusal, bad key,
        bad request, no such model, too long twice, spend limit reached).
        """
        client = await self._connected()
        rendered, usage = render(prompt), Usage()
        for limit in _TOKEN_LIMITS:
            message = await self._ask(client, prompt, rendered, shape, limit)
            usage = _added(usage, message)
            if message.stop_reason != "max_tokens":
                return Answer(
                    value=_decoded(message, shape, _tokens(usage)),
                    model=message.model,
                    usage=usage,
                    request_id=_request_id(message),
                )
        raise ModelRefused(
            "anthropic: the answer does not fit the token limit",
            request_id=_request_id(message),
            tokens=_tokens(usage),
        )

    async def close(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.close()
            self._client = None

    async def _connected(self) -> "AsyncAnthropic":
        async with self._opening:
            if self._client is None:
                self._sdk = await asyncio.to_thread(import_module, "anthropic")
                taped = self._tape and self._tape.client(import_module("httpx2"))
                self._client = self._sdk.AsyncAnthropic(
                    http_client=taped or self._sdk.DefaultAsyncHttpxClient(verify=trusted()),
                    api_key=self._api_key,
                    base_url=self._base_url,
                    timeout=self._timeout,
                    max_retries=0,
                    open_telemetry=False,  # else environment variables could switch message bodies into traces
                )
            return self._client

    async def _ask(
        self, client: "AsyncAnthropic", prompt: Prompt, rendered: Rendered, shape: type[T], limit: int
    ) -> "Message":
        if shape not in self._schemas:
            self._schemas[shape] = self._sdk.transform_schema(schema_of(shape))
        asked: dict[str, Any] = {
            "model": self.serves(prompt.purpose),
            "max_tokens": limit,
            "system": [{"type": "text", "text": rendered.system, "cache_control": {"type": "ephemeral"}}],
            "messages": rendered.messages,
            "output_config": {
                "effort": "low",
                "format": {"type": "json_schema", "schema": self._schemas[shape]},
            },
        }
        if prompt.asker:
            asked["metadata"] = {"user_id": hashlib.sha256(prompt.asker.encode()).hexdigest()}
        try:
            async with asyncio.timeout(self._timeout):  # the SDK's is for each wait, of which there may be many
                message = await client.messages.create(**asked)
        except TimeoutError:
            raise ModelUnavailable(f"anthropic: no answer in {self._timeout:g} s") from None
        except (json.JSONDecodeError, UnicodeDecodeError):
            raise ModelUnavailable("anthropic: the answer is not JSON") from None
        except self._sdk.AnthropicError as error:
            raise translated(error) from None  # the SDK's words may quote the prompt
        if not isinstance(message, self._sdk.types.Message) or not _is_whole(message):
            raise ModelUnavailable("anthropic: the answer is not a message")
        answered: Message = message
        return answered


def _is_whole(message: "Message") -> bool:
    """The SDK takes any JSON for a message and leaves out what is missing."""
    used = getattr(message, "usage", None)
    counted = isinstance(getattr(used, "input_tokens", None), int) and isinstance(
        getattr(used, "output_tokens", None), int
    )
    return (
        counted
        and bool(getattr(message, "stop_reason", None))
        and bool(getattr(message, "model", None))
        and isinstance(getattr(message, "content", None), list)
    )


def _request_id(message: "Message") -> str | None:
    """The header `request-id` of the response; the SDK has no other name for it."""
    return message._request_id  # noqa: SLF001


def _decoded(message: "Message", shape: type[T], tokens: tuple[int, int, int]) -> T:
    """Stop reasons first: a refusal is HTTP 200 and may hold nothing at all."""
    request_id = _request_id(message)
    if message.stop_reason not in {"end_turn", "stop_sequence"}:
        raise ModelRefused(f"anthropic: stopped by {message.stop_reason}", request_id=request_id, tokens=tokens)
    text = "".join(block.text for block in message.content if block.type == "text")
    try:
        return msgspec.json.decode(text, type=shape)
    except (msgspec.DecodeError, UnicodeEncodeError):
        words = "anthropic: the answer does not have the shape asked for"
        raise ModelUnavailable(words, request_id=request_id, tokens=tokens) from None


def _tokens(usage: Usage) -> tuple[int, int, int]:
    return usage.input, usage.cached, usage.output


def _added(usage: Usage, message: "Message") -> Usage:
    """`input` counts every token read, `cached` those of them that came from the cache."""
    used = message.usage
    cached, written = used.cache_read_input_tokens or 0, used.cache_creation_input_tokens or 0
    return Usage(
        input=usage.input + used.input_tokens + cached + written,
        output=usage.output + used.output_tokens,
        cached=usage.cached + cached,
        stored=usage.stored + written,
    )
