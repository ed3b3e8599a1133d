"""Any server with chat completions: Groq, Ollama, vLLM and others."""

import json
from typing import Any, Literal, TypeVar

import msgspec
from msgspec import Struct, field

from concierge.errors import ModelRefused, ModelUnavailable
from concierge.llm.model import Answer, Usage
from concierge.llm.openai.calling import Caller
from concierge.llm.openai.errors import Failure, told
from concierge.llm.openai.responses import TOKEN_LIMITS, Cached
from concierge.llm.prompts import render
from concierge.llm.purposes import Prompt, Purpose
from concierge.llm.schemas import strict_schema_of
from concierge.llm.tape import Tape

T = TypeVar("T")


class Message(Struct):
    """What was said; `refusal` in place of it."""

    content: str | None = None
    refusal: str | None = None


class Choice(Struct):
    """The one answer."""

    message: Message
    finish_reason: str | None = None


class Used(Struct):
    """Tokens."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    prompt_tokens_details: Cached | None = None


class Groq(Struct):
    """Groq's own id of the request."""

    id: str | None = None


class Completion(Struct):
    """What comes back."""

    choices: list[Choice] = field(default_factory=list)
    model: str = ""
    usage: Used = field(default_factory=Used)
    error: Failure | None = None
    x_groq: Groq | None = None


class ChatModel:
    """One model for every purpose. `schema` says whether the server keeps to a JSON schema or only writes JSON."""

    remote = True

    def __init__(
        self,
        name: str,
        base_url: str,
        api_key: str | None,
        *,
        model: str,
        schema: Literal["strict", "none"],
        timeout: float,
        tape: Tape | None = None,
    ) -> None:
        self.name = name
        self._model = model
        self._schema = schema
        self._caller = Caller(name, base_url, api_key, timeout, tape)

    def serves(self, purpose: Purpose) -> str:  # noqa: ARG002  one model for everything
        """The model of the settings."""
        return self._model

    async def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """As `LanguageModel.answer`."""
        usage = Usage()
        for limit in TOKEN_LIMITS:
            made, header = await self._caller.post("/chat/completions", self._asked(prompt, shape, limit), Completion)
            request_id = (made.x_groq.id if made.x_groq else None) or header
            usage = _added(usage, made.usage)
            tokens = (usage.input, usage.cached, usage.output)
            if made.error is not None or not made.choices:
                raise told(self.name, made.error or Failure(), request_id=request_id, tokens=tokens)
            choice = made.choices[0]
            if choice.finish_reason != "length":
                value = self._decoded(choice, shape, request_id, tokens)
                return Answer(value=value, model=made.model or self._model, usage=usage, request_id=request_id)
        words = f"{self.name}: the answer does not fit the token limit"
        raise ModelRefused(words, request_id=request_id, tokens=tokens)

    async def close(self) -> None:
        """Close the connections."""
        await self._caller.close()

    def _asked(self, prompt: Prompt, shape: type[T], limit: int) -> dict[str, Any]:
        rendered, schema = render(prompt), strict_schema_of(shape)
        system, form = rendered.system, {"type": "json_object"}
        if self._schema == "strict":
            strict = {"name": prompt.purpose, "schema": schema, "strict": True}
            form = {"type": "json_schema", "json_schema": strict}  # type: ignore[dict-item]
        else:
            system += f"\n\nAnswer with one JSON object that fits this JSON schema:\n{json.dumps(schema)}"
        return {
            "model": self._model,
            "messages": [{"role": "system", "content": system}, *rendered.messages],
            "max_tokens": limit,
            "response_format": form,
        }

    def _decoded(self, choice: Choice, shape: type[T], request_id: str | None, tokens: tuple[int, int, int]) -> T:
        if choice.message.refusal or choice.finish_reason not in {"stop", None}:
            why = "refused" if choice.message.refusal else f"stopped by {choice.finish_reason}"
            raise ModelRefused(f"{self.name}: {why}", request_id=request_id, tokens=tokens)
        try:
            return msgspec.json.decode(choice.message.content or "", type=shape)
        except (msgspec.DecodeError, UnicodeEncodeError):
            words = f"{self.name}: the answer does not have the shape asked for"
            raise ModelUnavailable(words, request_id=request_id, tokens=tokens) from None


def _added(usage: Usage, used: Used) -> Usage:
    cached = used.prompt_tokens_details.cached_tokens if used.prompt_tokens_details else 0
    return Usage(
        input=usage.input + used.prompt_tokens,
        output=usage.output + used.completion_tokens,
        cached=usage.cached + cached,
    )
