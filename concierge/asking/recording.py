"""What is kept of a question: a row for every try, with the words only where settings ask for them."""

from typing import Any

import msgspec
from msgspec import Struct

from concierge.asking import store
from concierge.asking.model import Behalf, Means
from concierge.errors import ModelError, ModelUnavailable
from concierge.llm.model import AnyAnswer, Usage
from concierge.llm.prices import Price, cost
from concierge.llm.prompts import fingerprint
from concierge.llm.purposes import Prompt


class Try(Struct, frozen=True, kw_only=True):
    """One question to one model."""

    provider: str
    served: str  # the model that was asked
    price: Price | None
    prompt: Prompt  # without personal data
    on: Behalf


async def record(made: Try, ended: AnyAnswer | ModelError, seconds: float, means: Means) -> None:
    """Write down what came of it."""
    answered = None if isinstance(ended, ModelError) else ended
    usage = _usage(ended)
    now = means.clock()
    async with means.pool.connection() as conn:
        await store.add_call(
            conn,
            tenant_id=made.on.tenant_id,
            conversation_id=made.on.conversation_id,
            provider=made.provider,
            model=answered.model if answered else made.served,
            purpose=made.prompt.purpose,
            prompt_version=made.prompt.version,
            prompt_hash=fingerprint(made.prompt.version),
            outcome=_outcome(ended),
            error=None if answered else str(ended),
            request_id=ended.request_id,
            input_tokens=usage.input,
            cached_tokens=usage.cached,
            output_tokens=usage.output,
            cost_micro_usd=cost(made.price, usage),
            latency_ms=round(seconds * 1000),
            prompt=_kept(made.prompt, means),
            answer=_kept(answered.value, means) if answered else None,
            month=now.date().replace(day=1),
            now=now,
        )


def _outcome(ended: AnyAnswer | ModelError) -> store.Outcome:
    if not isinstance(ended, ModelError):
        return "answered"
    return "unavailable" if isinstance(ended, ModelUnavailable) else "refused"


def _usage(ended: AnyAnswer | ModelError) -> Usage:
    if not isinstance(ended, ModelError):
        return ended.usage
    read, cached, written = ended.tokens
    return Usage(input=read, cached=cached, output=written)


def _kept(value: Any, means: Means) -> Any:
    return msgspec.to_builtins(value) if means.settings.model_log_days else None
