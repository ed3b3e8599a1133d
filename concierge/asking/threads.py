"""A conversation as a provider remembers it: a cache of what would otherwise be sent again.

The truth is our own transcript. A thread is gone on with only if the last answer the provider gave in it stands in our
transcript as it was given; a human who took over, an answer that was never sent, a thread that is gone: a new one.
"""

import hashlib
from typing import TypeVar

from msgspec import structs

from concierge.asking import store
from concierge.asking.model import Behalf, Means
from concierge.errors import ThreadGone
from concierge.llm.model import Answer, Remembering
from concierge.llm.purposes import ReplyPrompt

T = TypeVar("T")


async def go_on(
    model: Remembering, thread: list[str] | None, prompt: ReplyPrompt, bare: ReplyPrompt, shape: type[T]
) -> tuple[str, Answer[T]]:
    """The id of the thread that was used, and the answer. `thread` is its id and what is known of it."""
    start = continues(prompt, thread[1]) if thread else None
    if thread and start is not None:
        try:
            return thread[0], await model.answer_in(thread[0], structs.replace(bare, turns=bare.turns[start:]), shape)
        except ThreadGone:
            pass
    id = await model.begin()
    return id, await model.answer_in(id, bare, shape)


def continues(prompt: ReplyPrompt, known: str) -> int | None:
    """Where the turns begin that a thread has not seen; None where it is not a beginning of ours."""
    earlier = prompt.turns[: len(prompt.turns) - prompt.unread]
    for n in range(len(earlier), 0, -1):
        if earlier[n - 1].who == "concierge" and fingerprint(earlier[n - 1].text) == known:
            return n
    return None


def fingerprint(text: str) -> str:
    """Of an answer, by which it is found again in the transcript."""
    return hashlib.sha256(text.strip().encode()).hexdigest()


async def keep(id: str, name: str, text: str, on: Behalf, means: Means) -> None:
    """The provider knows of this answer now."""
    if on.conversation_id is None:
        return
    async with means.pool.connection() as conn:
        await store.keep_thread(
            conn,
            tenant_id=on.tenant_id,
            conversation_id=on.conversation_id,
            provider=name,
            external_id=id,
            known=fingerprint(text),
            now=means.clock(),
        )
