"""Who operates the machine finds in docs/operating.md all that runs by itself and all that can be asked."""

from pathlib import Path

import pytest

from concierge.postgres.ops import questions
from concierge.worker.app import TICKS, WORK
from concierge.worker.housekeeping import ticks as housekeeping

TEXT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()


@pytest.mark.parametrize("tick", sorted(each.name for each in (*TICKS, *housekeeping(WORK, TICKS))))
def test_a_tick_is_explained(tick: str) -> None:
    assert tick in TEXT


@pytest.mark.parametrize("question", [each.name for each in questions()])
def test_a_question_is_listed(question: str) -> None:
    assert f"`{question}`" in TEXT
