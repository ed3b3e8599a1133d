"""The one protocol all language models follow."""

from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from msgspec import Struct

from concierge.llm.purposes import Prompt, Purpose

T = TypeVar("T")


class Usage(Struct, frozen=True):
    """Tokens that were billed."""

    input: int = 0  # all that were read, cached ones among them
    output: int = 0
    cached: int = 0
    stored: int = 0  # of `input`, put into the vendor's cache, which may cost extra


class Answer(Struct, Generic[T], frozen=True, kw_only=True):
    """A decoded answer and what it cost."""

    value: T
    model: str
    usage: Usage = Usage()
    request_id: str | None = None


class LanguageModel(Protocol):
    """Answers a prompt in the shape asked for."""

    name: str
    remote: (
        bool  # what it is asked leaves this machine: it is shown no personal data, and may be left alone for a while
    )

    def serves(self, purpose: Purpose) -> str:
        """What the vendor calls the model that answers this purpose."""
        ...

    async def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """One question, at most asked again with more room; never retried here.

        Raises ModelUnavailable (try later), ModelRefused (will not change) or ModelStopped (nor will any other).
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@runtime_checkable
class Remembering(Protocol):
    """A model whose vendor can keep a conversation, so that it is not sent anew with every question."""

    async def begin(self) -> str:
        """A new conversation at the vendor; its id. Raises ModelError."""
        ...

    async def answer_in(self, thread: str, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """As `answer`, in the conversation. Raises ThreadGone too."""
        ...


AnyAnswer = Answer[Any]
