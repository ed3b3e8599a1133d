"""OpenAI through its Responses API. Nothing is stored there unless conversations are asked for."""

import hashlib
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, field

from concierge.errors import ModelRefused, ModelUnavailable
from concierge.llm.model import Answer, Usage
from concierge.llm.openai.calling import Caller
from concierge.llm.openai.errors import Failure, told
from concierge.llm.prompts import render
from concierge.llm.purposes import READING, Prompt, Purpose, ReplyPrompt
from concierge.llm.schemas import strict_schema_of
from concierge.llm.tape import Tape

T = TypeVar("T")

TOKEN_LIMITS = (2_048, 8_192)
"""The second is for an answer that the first cut off."""


class Content(Struct):
    """A piece of an answer."""

    type: str
    text: str = ""


class Item(Struct):
    """One of the things that were put out; only messages have content."""

    type: str
    content: list[Content] = field(default_factory=list)


class Cached(Struct):
    """Details of the tokens that were read."""

    cached_tokens: int = 0


class Used(Struct):
    """Tokens."""

    input_tokens: int
    output_tokens: int
    input_tokens_details: Cached = field(default_factory=Cached)


class Incomplete(Struct):
    """Why an answer is not whole."""

    reason: str | None = None


class Response(Struct):
    """What comes back. Only `completed` is an answer."""

    status: str
    model: str
    output: list[Item]
    usage: Used | None = None
    error: Failure | None = None
    incomplete_details: Incomplete | None = None


class ResponsesModel:
    """`small` reads, `large` writes; `timeout` is seconds for one request."""

    name = "openai"
    remote = True

    def __init__(
        self, api_key: str, base_url: str, *, small: str, large: str, timeout: float, tape: Tape | None = None
    ) -> None:
        self._small, self._large = small, large
        self._caller = Caller(self.name, base_url, api_key, timeout, tape)
        self._gone: set[str] = set()  # stored prompts that OpenAI has no longer, as far as this process knows

    def serves(self, purpose: Purpose) -> str:
        """The small model fills in forms, the large one writes."""
        return self._small if purpose in READING else self._large

    async def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """As `LanguageModel.answer`. A stored prompt that is not there any more is asked without."""
        return await self._answer(prompt, shape, {"store": False})

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()

    async def _answer(self, prompt: Prompt, shape: type[T], more: dict[str, Any]) -> Answer[T]:
        usage = Usage()
        for limit in TOKEN_LIMITS:
            response, request_id = await self._ask(prompt, shape, limit, more)
            usage = _added(usage, response.usage)
            if response.status != "incomplete" or _reason(response) != "max_output_tokens":
                value = _decoded(response, shape, request_id, usage)
                return Answer(value=value, model=response.model, usage=usage, request_id=request_id)
        raise ModelRefused(
            "openai: the answer does not fit the token limit", request_id=request_id, tokens=_tokens(usage)
        )

    async def _ask(
        self, prompt: Prompt, shape: type[T], limit: int, more: dict[str, Any]
    ) -> tuple[Response, str | None]:
        rendered = render(prompt)
        asked: dict[str, Any] = {
            "model": self.serves(prompt.purpose),
            "instructions": rendered.system,
            "input": rendered.messages,
            "max_output_tokens": limit,
            "prompt_cache_key": prompt.version,
            "text": {
                "format": {
                    "type": "json_schema",
                    "name": prompt.purpose,
                    "schema": strict_schema_of(shape),
                    "strict": True,
                }
            },
            **more,
        }
        if prompt.asker:
            asked["safety_identifier"] = hashlib.sha256(prompt.asker.encode()).hexdigest()
        stored = prompt.stored_prompt if isinstance(prompt, ReplyPrompt) else None
        if stored is None or stored in self._gone:
            return await self._caller.post("/responses", asked, Response)
        try:
            return await self._caller.post("/responses", {**asked, "prompt": {"id": stored}}, Response)
        except ModelRefused:
            answered = await self._caller.post("/responses", asked, Response)
            self._gone.add(stored)  # the same question is taken without it
            return answered


def _reason(response: Response) -> str | None:
    return response.incomplete_details.reason if response.incomplete_details else None


def _decoded(response: Response, shape: type[T], request_id: str | None, usage: Usage) -> T:
    """The state first: HTTP 200 also comes with answers that failed, were cut off or filtered."""
    tokens = _tokens(usage)
    if response.status == "failed":
        raise told("openai", response.error or Failure(), request_id=request_id, tokens=tokens)
    if response.status != "completed":
        raise ModelRefused(f"openai: {response.status} {_reason(response) or ''}".strip(), request_id=request_id)
    pieces = [piece for item in response.output if item.type == "message" for piece in item.content]
    if any(piece.type == "refusal" for piece in pieces):
        raise ModelRefused("openai: refused", request_id=request_id, tokens=tokens)
    text = "".join(piece.text for piece in pieces if piece.type == "output_text")
    try:
        return msgspec.json.decode(text, type=shape)
    except (msgspec.DecodeError, UnicodeEncodeError):
        words = "openai: the answer does not have the shape asked for"
        raise ModelUnavailable(words, request_id=request_id, tokens=tokens) from None


def _added(usage: Usage, used: Used | None) -> Usage:
    if used is None:
        return usage
    return Usage(
        input=usage.input + used.input_tokens,
        output=usage.output + used.output_tokens,
        cached=usage.cached + used.input_tokens_details.cached_tokens,
    )


def _tokens(usage: Usage) -> tuple[int, int, int]:
    return usage.input, usage.cached, usage.output
