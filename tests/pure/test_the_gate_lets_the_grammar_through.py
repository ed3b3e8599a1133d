"""What the offline model reads of the corpus stands before the gate that all models' times must pass."""

from pathlib import Path

from concierge.evaluating.cases import load
from concierge.llm.local import supports
from concierge.llm.local.reading import read
from concierge.llm.purposes import ExtractPrompt

CORPUS = Path(__file__).parents[1] / "corpus"


def test_every_time_it_reads_is_borne_out() -> None:
    refused, checked = [], 0
    for case in load([CORPUS / name for name in ("times.txt", "turns.txt", "zones.txt", "recurring.txt")]):
        prompt = case.prompt
        if not isinstance(prompt, ExtractPrompt):
            continue
        for task in read(prompt).tasks:
            if task.when is None or task.when.wall is None:
                continue
            checked += 1
            if not supports(task.when, now=prompt.now, zone=prompt.zone, text=prompt.turns[-1].text):
                refused.append((prompt.turns[-1].text, task.when))
    assert checked > 200
    assert refused == []
