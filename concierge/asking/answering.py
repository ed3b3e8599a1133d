"""Asking one model after the other until one answers."""

import time
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

from msgspec import structs

from concierge.asking import pseudonyms, store, threads
from concierge.asking.admitting import absolve, admit, blame, is_spent
from concierge.asking.chains import chain, known
from concierge.asking.model import Behalf, Means, Standing
from concierge.asking.recording import Try, record
from concierge.errors import ModelError, ModelUnavailable
from concierge.llm.model import Answer, LanguageModel, Remembering
from concierge.llm.prices import Price, price_list
from concierge.llm.purposes import Prompt, Replied, ReplyPrompt
from concierge.llm.redaction import Vault, redacted, restored, storable
from concierge.log import logger

T = TypeVar("T")

FREE = Standing(budget=None, at_limit=None, spent=0, breakers={}, pseudonyms=[], threads={})

log = logger(__name__)


async def answer(prompt: Prompt, shape: type[T], on: Behalf, means: Means) -> Answer[T]:
    """The first answer there is. Raises ModelRefused where every model refused for good, else ModelUnavailable."""
    names = known(chain(prompt.purpose, on.models, means.chain), means.models)
    standing = await _standing(names, on, means)
    if is_spent(standing) and standing.at_limit == "local":
        names = (*names, *({"local"} & means.models.keys() - set(names)))
    errors: list[ModelError] = []
    for name in names:
        try:
            return await _ask(name, prompt, shape, on, standing, means)
        except ModelError as error:
            log.warning("no answer", provider=name, purpose=prompt.purpose, error=str(error))
            errors.append(error)
    # one that may answer later outweighs those that never will
    raise next((each for each in errors if isinstance(each, ModelUnavailable)), errors[0])


async def _standing(names: Sequence[str], on: Behalf, means: Means) -> Standing:
    """Only providers cost anything or rest: the local model is asked without a look at the database."""
    if not any(means.models[name].remote for name in names):
        return FREE
    month = means.clock().date().replace(day=1)
    async with means.pool.connection() as conn:
        return await store.standing(conn, tenant_id=on.tenant_id, conversation_id=on.conversation_id, month=month)


async def _ask(name: str, prompt: Prompt, shape: type[T], on: Behalf, standing: Standing, means: Means) -> Answer[T]:
    model = means.models[name]
    served = model.serves(prompt.purpose)
    price = _prices(tuple(means.settings.model_prices or ())).get(served)
    await admit(name, model, price, standing, on, means)
    bare, vault = await _shown(model, prompt, standing, on, means)
    made = Try(provider=name, served=served, price=price, prompt=bare, on=on)
    began = time.monotonic()
    try:
        thread, answered = await _question(model, prompt, bare, shape, standing.threads.get(name), on)
    except ModelError as error:
        await record(made, error, time.monotonic() - began, means)
        if model.remote:
            await blame(name, error, means)
        raise
    answered = structs.replace(answered, value=storable(answered.value))
    await record(made, answered, time.monotonic() - began, means)
    await absolve(name, standing.breakers.get(name), means)
    whole = _whole(answered, vault) if model.remote else answered
    if thread is not None and isinstance(whole.value, Replied):
        await threads.keep(thread, name, whole.value.text, on, means)
    return whole


async def _shown(
    model: LanguageModel, prompt: Prompt, standing: Standing, on: Behalf, means: Means
) -> tuple[Prompt, Vault]:
    """What leaves this machine, or is kept, has no personal data; a model of our own is shown everything."""
    if model.remote:
        return await pseudonyms.hide(prompt, standing.pseudonyms, on, means)
    vault = Vault(private=prompt.private, region=means.settings.phone_region)
    return (redacted(prompt, vault) if means.settings.model_log_days else prompt), vault


async def _question(
    model: LanguageModel, prompt: Prompt, bare: Prompt, shape: type[T], thread: list[str] | None, on: Behalf
) -> tuple[str | None, Answer[T]]:
    """The provider's thread, where it keeps one of the conversation, and the answer."""
    if not isinstance(model, Remembering) or on.conversation_id is None:
        return None, await model.answer(bare if model.remote else prompt, shape)
    if not isinstance(prompt, ReplyPrompt) or not isinstance(bare, ReplyPrompt):
        return None, await model.answer(bare, shape)
    return await threads.go_on(model, thread, prompt, bare, shape)


def _whole(answered: Answer[T], vault: Vault) -> Answer[T]:
    try:
        return structs.replace(answered, value=restored(answered.value, vault))
    except ModelUnavailable as error:
        error.request_id = answered.request_id
        raise


@lru_cache(maxsize=4)
def _prices(own: tuple[str, ...]) -> Mapping[str, Price]:
    return price_list(own)
