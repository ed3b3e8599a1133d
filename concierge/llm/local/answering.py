"""The grammar behind the protocol of all models."""

from asyncio import to_thread
from typing import TypeVar

from msgspec import Struct

from concierge.errors import ModelRefused
from concierge.llm.local.drafts import draft
from concierge.llm.local.foreign import is_slow
from concierge.llm.local.intake import learn
from concierge.llm.local.reading import read
from concierge.llm.local.replies import reply
from concierge.llm.local.scores import score
from concierge.llm.local.summaries import summarise
from concierge.llm.model import Answer
from concierge.llm.purposes import (
    DraftPrompt,
    ExtractPrompt,
    IntakePrompt,
    Prompt,
    Purpose,
    ReplyPrompt,
    ScorePrompt,
    SummarisePrompt,
)

T = TypeVar("T")


class LocalModel:
    """Answers every purpose in its shape; the same prompt, the same answer."""

    name = "local"
    remote = False

    def serves(self, purpose: Purpose) -> str:  # noqa: ARG002  one grammar for everything
        """Itself."""
        return self.name

    async def answer(self, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """Raises ModelRefused for a shape that the prompt's purpose does not have."""
        slow = isinstance(prompt, ExtractPrompt) and any(is_slow(turn.text) for turn in prompt.turns[-prompt.unread :])
        value = await to_thread(_answer, prompt) if slow else _answer(prompt)
        if not isinstance(value, shape):
            raise ModelRefused(f"local: no {shape.__name__} for {prompt.purpose}")
        return Answer(value=value, model=self.name)

    async def close(self) -> None:
        """Nothing is held."""


def _answer(prompt: Prompt) -> Struct:
    match prompt:
        case ExtractPrompt():
            return read(prompt)
        case IntakePrompt():
            return learn(prompt)
        case DraftPrompt():
            return draft(prompt)
        case ReplyPrompt():
            return reply(prompt)
        case ScorePrompt():
            return score(prompt)
        case SummarisePrompt():
            return summarise(prompt)
