"""What the offline model makes of the hand-checked messages: the figures of docs/models.md, which must not fall.

Floors are on counts, so that a new case that fails costs nothing; raise them when the model gets better.
"""

import asyncio
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from concierge.evaluating.cases import BadCase, Item, load
from concierge.evaluating.report import Figures, figures, show
from concierge.evaluating.running import NoModel, Run, ask_all, evaluate
from concierge.evaluating.scoring import judge
from concierge.llm.local import LocalModel
from concierge.llm.purposes import Change, FoundTask, Reading, When
from tests.world import make_settings

CORPUS = Path(__file__).parents[1] / "corpus"


@pytest.fixture(scope="module")
def runs() -> list[Run]:
    return asyncio.run(ask_all(LocalModel(), load([CORPUS]), at_once=1))


@pytest.fixture(scope="module")
def total(runs: list[Run]) -> Figures:
    return figures([run.verdict for run in runs])


def test_it_is_large_and_varied(runs: list[Run], total: Figures) -> None:
    assert total.cases >= 500
    assert {run.verdict.case.prompt.purpose for run in runs} == {"extract", "score"}
    zones = {getattr(run.verdict.case.prompt, "zone", None) for run in runs}
    assert len(zones) > 6
    silent = [run for run in runs if not run.verdict.case.expected]
    assert len(silent) >= 60
    assert set(total.expected) == {"second", "minute", "hour", "day_part", "day", "recurrence"}


def test_the_figures_do_not_fall(total: Figures) -> None:
    assert total.right >= 497
    assert total.found >= 425
    assert total.invented <= 3
    assert total.answered_right >= 280
    assert total.answered - total.answered_right <= 1
    floors = {"day": 87, "day_part": 20, "hour": 79, "minute": 53, "recurrence": 39, "second": 2}
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


@pytest.mark.parametrize("text", ["", "nonsense here\n> hello\n-\n", "open T1\n", "now yesterday\n"])
def test_a_file_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "cases.txt"
    file.write_text(text)
    with pytest.raises(BadCase):
        load([file])


async def test_a_model_that_is_not_there_is_named() -> None:
    settings = make_settings("postgresql://x/y")
    with pytest.raises(NoModel, match="anthropic"):
        await evaluate(settings, "anthropic", [CORPUS], tape=None, at_once=1, console=Console())
