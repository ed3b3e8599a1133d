"""Asking a model every case, as the product would: personal data replaced on the way out and put back."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from rich.console import Console

from concierge.errors import ConciergeError, ModelError
from concierge.evaluating.cases import Case, load
from concierge.evaluating.report import show
from concierge.evaluating.scoring import Verdict, judge
from concierge.llm.makers import MODELS
from concierge.llm.model import LanguageModel, Usage
from concierge.llm.prices import cost, price_list
from concierge.llm.purposes import (
    Drafted,
    DraftPrompt,
    IntakePrompt,
    Learnt,
    Prompt,
    Reading,
    Replied,
    ReplyPrompt,
    Scored,
    ScorePrompt,
    Summarised,
    SummarisePrompt,
)
from concierge.llm.redaction import Vault, redacted, restored
from concierge.llm.tape import Tape
from concierge.settings import Settings

SHAPES: Mapping[type[Prompt], Any] = {
    ScorePrompt: Scored,
    IntakePrompt: Learnt,
    DraftPrompt: Drafted,
    ReplyPrompt: Replied,
    SummarisePrompt: Summarised,
}


class Run(Struct, frozen=True):
    """A verdict, and what it took."""

    verdict: Verdict
    seconds: float
    usage: Usage
    served: str


class NoModel(ConciergeError):
    """The model is not there, or its settings are missing."""

    permanent = True


async def evaluate(
    settings: Settings, name: str, paths: Sequence[Path], *, tape: Tape | None, at_once: int, console: Console
) -> int:
    """Ask, judge and print. 0 if every question was answered, rightly or not. Raises NoModel, BadCase."""
    model = MODELS[name](settings, tape) if name in MODELS else None
    if model is None:
        raise NoModel(f"there is no model “{name}”, or its settings are missing; known: {', '.join(MODELS)}")
    try:
        runs = await ask_all(model, load(paths), at_once=at_once)
    finally:
        await model.close()
    prices = price_list(tuple(settings.model_prices or ()))
    spent = sum(cost(prices.get(run.served), run.usage) for run in runs)
    show([run.verdict for run in runs], [run.seconds for run in runs], spent, console)
    return int(any(run.verdict.error for run in runs))


async def ask_all(model: LanguageModel, cases: Sequence[Case], *, at_once: int) -> list[Run]:
    """Every case, some at once, in their order."""
    slots = asyncio.Semaphore(at_once)

    async def one(case: Case) -> Run:
        async with slots:
            return await _ask(model, case)

    return list(await asyncio.gather(*(one(case) for case in cases)))


async def _ask(model: LanguageModel, case: Case) -> Run:
    shape = SHAPES.get(type(case.prompt), Reading)
    served, vault = model.serves(case.prompt.purpose), Vault(private=case.prompt.private)
    began = time.perf_counter()
    try:
        answer = await model.answer(redacted(case.prompt, vault) if model.remote else case.prompt, shape)
        value = restored(answer.value, vault) if model.remote else answer.value
    except ModelError as error:
        return Run(judge(case, None, str(error)), time.perf_counter() - began, Usage(), served)
    return Run(judge(case, value), time.perf_counter() - began, answer.usage, served)
