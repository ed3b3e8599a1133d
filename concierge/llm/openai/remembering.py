"""OpenAI keeping conversations, so that a reply need not be sent all that was said before."""

from typing import TypeVar

from msgspec import Struct

from concierge.errors import ModelStopped, ThreadGone
from concierge.llm.model import Answer
from concierge.llm.openai.responses import ResponsesModel
from concierge.llm.purposes import Prompt

T = TypeVar("T")


class Conversation(Struct):
    """One at OpenAI."""

    id: str


class RememberingModel(ResponsesModel):
    """A `Remembering` model: what goes in and out of a conversation stays at OpenAI until it is deleted there."""

    async def begin(self) -> str:
        """A new, empty conversation."""
        made, _ = await self._caller.post("/conversations", {}, Conversation)
        return made.id

    async def answer_in(self, thread: str, prompt: Prompt, shape: type[T]) -> Answer[T]:
        """As `answer`. OpenAI says 404 both for a conversation and for a model that is gone; the first is tried."""
        try:
            return await self._answer(prompt, shape, {"conversation": thread, "store": True})
        except ModelStopped as error:
            if " 404" in str(error) and "model_not_found" not in str(error):
                raise ThreadGone(str(error)) from None
            raise
