"""Who operates the machine finds in docs/operating.md all that runs by itself and all that can be asked."""

from pathlib import Path

from concierge.postgres.ops import questions
from concierge.worker.app import EVERY_TICK
from tests.each import each

TEXT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()


@each("tick", sorted(tick.name for tick in EVERY_TICK))
def test_a_tick_is_explained(tick: str) -> None:
    assert tick in TEXT


@each("question", [question.name for question in questions()])
def test_a_question_is_listed(question: str) -> None:
    assert f"`{question}`" in TEXT
