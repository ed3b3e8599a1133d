"""What the offline model makes of the hand-checked messages: the figures of docs/models.md, which must not fall.

Floors are on counts, so that a new case that fails costs nothing; raise them when the model gets better.
"""

import asyncio
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from concierge.evaluating.cases import BadCase, Item, load
from concierge.evaluating.report import Figures, figures, show
from concierge.evaluating.running import NoModel, Run, ask_all, evaluate
from concierge.evaluating.scoring import judge
from concierge.llm.local import LocalModel
from concierge.llm.makers import MODELS
from concierge.llm.purposes import (
    PURPOSES,
    Change,
    Drafted,
    DraftPrompt,
    FoundTask,
    Reading,
    Replied,
    ReplyPrompt,
    Summarised,
    When,
)
from concierge.llm.tape import Tape
from tests.each import each
from tests.simulators.openai_api import KEY, openai_api
from tests.world import make_settings

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return asyncio.run(ask_all(LocalModel(), load([CORPUS]), at_once=1))


@pytest.fixture(scope="module")
def total(runs: list[Run]) -> Figures:
    return figures([run.verdict for run in runs])


def test_it_is_large_and_varied(runs: list[Run], total: Figures) -> None:
    assert total.cases >= 610
    assert set(total.by_purpose) == set(PURPOSES)
    assert all(total.by_purpose[purpose][1] >= 25 for purpose in ("draft", "reply", "summarise"))
    zones = {getattr(run.verdict.case.prompt, "zone", None) for run in runs}
    assert len(zones) > 6
    silent = [run for run in runs if not run.verdict.case.expected]
    assert len(silent) >= 60
    assert set(total.expected) == {"second", "minute", "hour", "day_part", "day", "recurrence"}


def test_the_figures_do_not_fall(total: Figures) -> None:
    right = {"extract": 510, "score": 5, "draft": 26, "reply": 16, "summarise": 13}
    assert {purpose: total.by_purpose[purpose][0] >= floor for purpose, floor in right.items()} == dict.fromkeys(
        right, True
    )
    assert total.found >= 440
    assert total.held >= 230
    assert total.made_up == 0
    assert total.invented <= 3
    assert total.answered_right >= 284
    assert total.answered - total.answered_right <= 1
    floors = {"day": 87, "day_part": 20, "hour": 83, "minute": 53, "recurrence": 39, "second": 2}
    assert {grain: total.exact[grain] >= floor for grain, floor in floors.items()} == dict.fromkeys(floors, True)


def test_what_fails_is_shown(runs: list[Run]) -> None:
    out = StringIO()
    show([run.verdict for run in runs], [run.seconds for run in runs], 1_500_000, Console(file=out, width=200))
    text = out.getvalue()
    assert "cost $1.5000" in text
    assert all(run.verdict.case.name in text for run in runs if not run.verdict.right)


def test_a_case_is_judged(tmp_path: Path) -> None:
    file = tmp_path / "cases.txt"
    file.write_text("now 2027-03-03T12:00 Europe/Berlin\n> call Bob at 3pm and cancel the rest\n"
                    "+ Call Bob @ 2027-03-03T15:00 hour\n~ cancel T1\n")  # fmt: skip
    (case,) = load([file])
    task = FoundTask("Call Bob", draft=False, when=When("2027-03-03T15:00", "hour", "3pm"), answers=None)
    assert judge(case, Reading([task], [Change("cancel", ["T1"])])).right
    late = FoundTask("Call Bob", draft=False, when=When("2027-03-04T15:00", "hour", "3pm"), answers=None)
    assert not judge(case, Reading([late], [Change("cancel", ["T1"])])).right
    verdict = judge(case, Reading([task, late], [Change("cancel", ["T2"])]))
    assert verdict.missed == (Item("change", "cancel T1"),)
    assert len(verdict.invented) == 2
    assert not judge(case, None, "no answer").right


TEXT = """now 2027-03-03T12:00 Europe/Berlin
draft
name Zelda Fitz
title Pay Zelda Fitz invoice 1042
language es
length short
> pay Zelda invoice 1042, 250 euros, by Friday
has 1042
has factura | invoice
not <NAME | refund
most 2 sentences
in es
asks none
"""
GOOD = "Hola Zelda Fitz, te escribo por la factura 1042 de 250 euros. Gracias por todo."


def test_a_text_is_judged(tmp_path: Path) -> None:
    file = tmp_path / "cases.txt"
    file.write_text(TEXT)
    (case,) = load([file])
    assert isinstance(case.prompt, DraftPrompt)
    assert (case.prompt.private, case.prompt.length, case.prompt.language) == (("Zelda Fitz",), "short", "es")
    assert judge(case, Drafted(GOOD)).right

    def wrong(text: str) -> set[str]:
        verdict = judge(case, Drafted(text))
        assert not verdict.right
        return {each.what for each in (*verdict.missed, *verdict.invented)}

    assert wrong(GOOD.replace("1042", "")) == {"has 1042"}
    assert wrong(GOOD + " ¿Qué te parece?") == {"asks none", "most 2 sentences"}
    assert wrong(GOOD.replace("250", "270")) == {"invents 270"}
    assert wrong(GOOD.replace("todo", "https://pay.example/x")) == {"invents https://pay.example/x"}
    assert wrong(GOOD.replace("Zelda Fitz", "<NAME_1>")) == {"not <NAME | refund", "leaves a blank: <NAME_1>"}
    assert wrong(GOOD.replace("todo", "[firma]")) == {"leaves a blank: [firma]"}
    assert wrong("Hello Zelda, this is about the invoice 1042 of 250 euros. Thank you.") == {"in es"}
    assert wrong("") == {"has 1042", "has factura | invoice", "in es"}


def test_an_answer_is_judged(tmp_path: Path) -> None:
    file = tmp_path / "cases.txt"
    file.write_text("reply\ninstructions Sell.\nfact Open at 9:00.\n> human please\nhuman\nmost 5 words\n> when?"
                    "\nhas 9:00\nno human\n\nsummarise\nbefore He asked.\n> bye\nleast 1 word\nsilent\n")  # fmt: skip
    human, when, recap = load([file])
    assert isinstance(human.prompt, ReplyPrompt)
    assert human.prompt.facts == ("Open at 9:00.",)
    assert judge(human, Replied("One moment.", wants_human=True)).right
    assert not judge(human, Replied("One moment.", wants_human=False)).right
    assert not judge(human, Replied("A colleague will be with you soon.", wants_human=True)).right
    assert judge(when, Replied("At 9:00.", wants_human=False)).right
    assert [each.what for each in judge(recap, Summarised("")).missed] == ["least 1 word"]


async def test_texts_of_a_provider_are_recorded_and_judged_again_without_it(tmp_path: Path) -> None:
    def answer(body: dict[str, Any]) -> dict[str, Any]:
        seen = str(body)
        assert "Zelda" not in seen
        return {"text": GOOD.replace("Zelda Fitz", "<NAME_1>")}

    file, tape = tmp_path / "cases.txt", tmp_path / "tape.jsonl"
    file.write_text(TEXT + "\nsummarise\nname Zelda Fitz\n> Zelda Fitz owes 250 euros for 1042\nhas Zelda\nin es\n")
    async with openai_api(answer) as api:
        settings = make_settings("postgresql://x/y", OPENAI_API_KEY=KEY, OPENAI_BASE_URL=api.url)
        model = MODELS["openai"](settings, Tape(tape, recording=True))
        assert model is not None
        heard = await ask_all(model, load([file]), at_once=2)
        await model.close()
    assert [run.verdict.right for run in heard] == [True, True]
    out = StringIO()
    console = Console(file=out, width=200)
    status = await evaluate(settings, "openai", [file], tape=Tape(tape, recording=False), at_once=1, console=console)
    assert (status, "2 of 2 cases right" in out.getvalue()) == (0, True)
    assert "Zelda" not in tape.read_text()


@each(
    "text",
    [
        "draft\n> x\nmost words\n",
        "draft\n> x\nasks two\n",
        "",
        "nonsense here\n> hello\n-\n",
        "open T1\n",
        "now yesterday\n",
    ],
)
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cases.txt"
    file.write_text(text)
    with pytest.raises(BadCase):
        load([file])


async def test_a_model_that_is_not_there_is_named() -> None:
    settings = make_settings("postgresql://x/y")
    with pytest.raises(NoModel, match="anthropic"):
        await evaluate(settings, "anthropic", [CORPUS], tape=None, at_once=1, console=Console())
