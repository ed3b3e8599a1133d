"""The figures of a run, and the table of what failed."""

from collections import Counter
from collections.abc import Sequence
from statistics import median

from msgspec import Struct
from rich.console import Console
from rich.table import Table

from concierge.evaluating.cases import Item
from concierge.evaluating.scoring import Verdict, in_time
from concierge.llm.purposes import DraftPrompt

MOST_FAILURES = 100  # shown
LONGEST = 300  # characters of a text that is shown


class Figures(Struct, frozen=True):
    """Counts over all cases. `exact` and `expected` are by the grain of a time that should be read.

    Of texts `held` counts what holds of what must (`checked`), `made_up` what they claim that nobody said.
    """

    cases: int
    right: int
    found: int
    missed: int
    invented: int
    answered: int  # times that were read, not asked about
    answered_right: int
    asked: int  # times that should have been read
    exact: dict[str, int]
    expected: dict[str, int]
    held: int
    checked: int
    made_up: int
    by_purpose: dict[str, tuple[int, int]]  # cases right, and all

    @property
    def precision(self) -> float:
        """Share of what was read that was there."""
        return self.found / max(self.found + self.invented, 1)

    @property
    def recall(self) -> float:
        """Share of what was there that was read."""
        return self.found / max(self.found + self.missed, 1)


def figures(verdicts: Sequence[Verdict]) -> Figures:
    """Add them up."""
    pairs = [pair for verdict in verdicts for pair in verdict.pairs if pair[0].timed]
    to_read = [(wanted, read) for wanted, read in pairs if wanted.wall]
    answered = [(wanted, read) for wanted, read in pairs if read.wall]
    return Figures(
        cases=len(verdicts),
        right=sum(verdict.right for verdict in verdicts),
        found=sum(wanted.kind != "text" for verdict in verdicts for wanted, _ in verdict.pairs),
        missed=sum(each.kind != "text" for verdict in verdicts for each in verdict.missed),
        invented=sum(each.kind != "text" for verdict in verdicts for each in verdict.invented),
        answered=len(answered),
        answered_right=sum(in_time(*pair) for pair in answered),
        asked=sum(not read.wall for _, read in to_read),
        exact=dict(Counter(_grain(wanted) for wanted, read in to_read if in_time(wanted, read))),
        expected=dict(Counter(_grain(wanted) for wanted, _ in to_read)),
        held=sum(wanted.kind == "text" for verdict in verdicts for wanted, _ in verdict.pairs),
        checked=sum(each.kind == "text" for verdict in verdicts for each in verdict.case.expected),
        made_up=sum(each.kind == "text" for verdict in verdicts for each in verdict.invented),
        by_purpose=_by_purpose(verdicts),
    )


def _by_purpose(verdicts: Sequence[Verdict]) -> dict[str, tuple[int, int]]:
    asked = Counter(verdict.case.prompt.purpose for verdict in verdicts)
    right = Counter(verdict.case.prompt.purpose for verdict in verdicts if verdict.right)
    return {purpose: (right[purpose], count) for purpose, count in sorted(asked.items())}


def _grain(item: Item) -> str:
    return "recurrence" if item.rule else item.grain or "any"


def show(verdicts: Sequence[Verdict], seconds: Sequence[float], micros: int, console: Console) -> None:
    """Print what a run came to. `seconds` are of each question, `micros` millionths of a dollar for all of them."""
    total = figures(verdicts)
    console.print(f"{total.right} of {total.cases} cases right")
    console.print(f"precision {total.precision:.1%}, recall {total.recall:.1%} of follow-ups, changes and facts")
    console.print(f"texts: {total.held} of {total.checked} things hold; {total.made_up} made up")
    share = total.answered_right / max(total.answered, 1)
    console.print(f"times: {share:.1%} right of {total.answered} read; {total.asked} asked about that were clear")
    ordered = sorted(seconds)
    late = ordered[int(len(ordered) * 0.95)] if ordered else 0.0
    console.print(
        f"latency: median {median(ordered or [0]) * 1000:.1f} ms, 95 % below {late * 1000:.1f} ms; "
        f"cost ${micros / 1e6:.4f}"
    )
    console.print(_purposes(total))
    console.print(_by_grain(total))
    if failed := [verdict for verdict in verdicts if not verdict.right]:
        console.print(_failures(failed[:MOST_FAILURES]))


def _purposes(total: Figures) -> Table:
    table = Table("purpose", "right", "of", title="Cases by purpose")
    for purpose, (right, count) in total.by_purpose.items():
        table.add_row(purpose, str(right), str(count))
    return table


def _by_grain(total: Figures) -> Table:
    table = Table("grain", "exact", "of", title="Times by grain")
    for grain, count in sorted(total.expected.items()):
        table.add_row(grain, str(total.exact.get(grain, 0)), str(count))
    return table


def _failures(failed: Sequence[Verdict]) -> Table:
    table = Table("case", "said", "expected", "read", title="Failures")
    for verdict in failed:
        odd = [pair for pair in verdict.pairs if not in_time(*pair)]
        prompt = verdict.case.prompt
        said = prompt.source if isinstance(prompt, DraftPrompt) else prompt.turns[-1].text
        expected = "\n".join(_shown(each) for each in (*verdict.missed, *(wanted for wanted, _ in odd)))
        read = "\n".join(
            [_shown(each) for each in (*verdict.invented, *(read for _, read in odd))]
            + [verdict.error or "", shortened(verdict.text)]
        )
        table.add_row(verdict.case.name, shortened(said), expected, read.strip())
    return table


def shortened(text: str) -> str:
    """As much of it as a table has room for."""
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _shown(item: Item) -> str:
    time = f" @ {item.wall}" if item.wall else " ?" if item.timed else ""
    return f"{item.kind} {item.what}{time} {item.grain or ''} {item.rule or ''}".strip()
