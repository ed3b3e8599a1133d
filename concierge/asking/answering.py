"""Asking one model after the other until one answers."""

import time
from collections.abc import Mapping, Sequence
from typing import TypeVar

from concierge.asking import store
from concierge.asking.chains import chain, known
from concierge.asking.model import Behalf
from concierge.clock import Clock
from concierge.errors import ModelError, ModelRefused, ModelUnavailable
from concierge.llm.model import Answer, LanguageModel, Usage
from concierge.llm.prices import cost
from concierge.llm.prompts import fingerprint
from concierge.llm.purposes import Prompt
from concierge.log import logger
from concierge.postgres.pool import Pool

T = TypeVar("T")

log = logger(__name__)


async def answer(
    prompt: Prompt,
    shape: type[T],
    on: Behalf,
    *,
    models: Mapping[str, LanguageModel],
    default: Sequence[str],
    pool: Pool,
    clock: Clock,
) -> Answer[T]:
    """The first answer there is. Raises ModelRefused where every model refused for good, else ModelUnavailable."""
    errors: list[ModelError] = []
    for name in known(chain(prompt.purpose, on.models, default), models):
        try:
            return await _ask(models[name], name, prompt, shape, on, pool, clock)
        except ModelError as error:
            log.warning("no answer", provider=name, purpose=prompt.purpose, error=str(error), request=error.request_id)
            errors.append(error)
    raise _worst(errors)


async def _ask(
    model: LanguageModel, name: str, prompt: Prompt, shape: type[T], on: Behalf, pool: Pool, clock: Clock
) -> Answer[T]:
    began = time.monotonic()
    try:
        answered = await model.answer(prompt, shape)
    except ModelError as error:
        await _record(pool, clock, name, prompt, on, began, error)
        raise
    await _record(pool, clock, name, prompt, on, began, answered)
    return answered


async def _record(
    pool: Pool, clock: Clock, name: str, prompt: Prompt, on: Behalf, began: float, ended: Answer[T] | ModelError
) -> None:
    answered = ended if isinstance(ended, Answer) else None
    usage = answered.usage if answered else Usage()
    async with pool.connection() as conn:
        await store.add_call(
            conn,
            tenant_id=on.tenant_id,
            conversation_id=on.conversation_id,
            provider=name,
            model=answered.model if answered else None,
            purpose=prompt.purpose,
            prompt_version=prompt.version,
            prompt_hash=fingerprint(prompt.version),
            outcome="answered" if answered else "refused" if isinstance(ended, ModelRefused) else "unavailable",
            error=str(ended) if isinstance(ended, ModelError) else None,
            request_id=ended.request_id,
            input_tokens=usage.input,
            cached_tokens=usage.cached,
            output_tokens=usage.output,
            cost_micro_usd=cost(answered.model, usage) if answered else 0,
            latency_ms=round((time.monotonic() - began) * 1000),
            now=clock(),
        )


def _worst(errors: Sequence[ModelError]) -> ModelError:
    """What to say of a chain that gave no answer: that it may be tried again, if any of its models may."""
    return next((each for each in errors if isinstance(each, ModelUnavailable)), errors[0])
