"""The one protocol all language models follow."""

from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from concierge.llm.purposes import Prompt

T = TypeVar("T")


class Usage(Struct, frozen=True):
    """Tokens that were billed."""

    input: int = 0
    output: int = 0
    cached: int = 0


class Answer(Struct, Generic[T], frozen=True, kw_only=True):
    """A decoded answer and what it cost."""

    value: T
    model: str
    usage: Usage = Usage()
    request_id: str | None = None


class LanguageModel(Protocol):
    """Answers a prompt in the shape asked for."""

    name: str

    async def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """One call, never retried here. Raises ModelUnavailable (try later) or ModelRefused (will not change)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


AnyAnswer = Answer[Any]
