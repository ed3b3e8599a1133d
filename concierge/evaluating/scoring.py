"""What a model made of a case, against what was expected. Pure."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct

from concierge.evaluating.cases import Case, Item
from concierge.evaluating.texts import holds, invented
from concierge.llm.purposes import (
    Change,
    DraftAnswer,
    Drafted,
    FoundTask,
    Learnt,
    Reading,
    Replied,
    Scored,
    Summarised,
    When,
)

_NOISE = frozenset("a an the my our your to with about for of on at in and or i me it is".split())  # noqa: SIM905
SAME = 0.5  # share of its words that a title has to have in common, to be the same thing to do


class Verdict(Struct, frozen=True):
    """How one case went. Pairs are (expected, read)."""

    case: Case
    pairs: tuple[tuple[Item, Item], ...]
    missed: tuple[Item, ...]
    invented: tuple[Item, ...]
    error: str | None = None
    text: str = ""  # that was written

    @property
    def right(self) -> bool:
        """Nothing missed, nothing invented, every time as it should be."""
        return not (self.missed or self.invented or self.error) and all(in_time(*pair) for pair in self.pairs)


def in_time(expected: Item, read: Item) -> bool:
    """Whether the time is exact, or asked about where it should be."""
    if not expected.timed:
        return not read.timed
    wall = read.wall == expected.wall and read.rule == expected.rule
    return wall and (expected.wall is None or expected.grain is None or read.grain == expected.grain)


def judge(case: Case, answer: Any, error: str | None = None) -> Verdict:
    """`answer` is of the shape that the case's prompt has; None where there was none."""
    if isinstance(answer, (Drafted, Replied, Summarised)):
        return _judge_text(case, answer)
    left = list(_items(answer))
    pairs: list[tuple[Item, Item]] = []
    missed: list[Item] = []
    for expected in case.expected:
        found = next((each for each in left if _same(expected, each)), None)
        if found is None:
            missed.append(expected)
        else:
            left.remove(found)
            pairs.append((expected, found))
    return Verdict(case, tuple(pairs), tuple(missed), tuple(left), error)


def _judge_text(case: Case, answer: Drafted | Replied | Summarised) -> Verdict:
    wants_human = isinstance(answer, Replied) and answer.wants_human
    held = [each for each in case.expected if holds(each.what, answer.text, wants_human=wants_human)]
    missed = tuple(each for each in case.expected if each not in held)
    more = tuple(Item("text", each) for each in invented(answer.text, case.prompt))
    return Verdict(case, tuple((each, each) for each in held), missed, more, text=answer.text)


def _same(expected: Item, read: Item) -> bool:
    if expected.kind != read.kind:
        return False
    if expected.kind != "task":
        return expected.what.casefold() == read.what.casefold()
    mine, theirs = _words(expected.what), _words(read.what)
    return len(mine & theirs) >= SAME * max(len(mine), 1)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold())) - _NOISE


def _items(answer: Any) -> Iterable[Item]:
    match answer:
        case Reading():
            return [
                *map(_task, answer.tasks),
                *map(_change, answer.changes),
                *map(_decided, answer.drafts),
                *_preferred(answer),
                *_listing(answer),
            ]
        case Learnt():
            return [Item("fact", f"{fact.key} {fact.value}") for fact in answer.facts]
        case Scored():
            return _lead(answer)
        case _:
            return []


def _timed(kind: Any, what: str, when: When | None) -> Item:
    if when is None:
        return Item(kind, what, timed=True)
    return Item(kind, what, timed=True, wall=when.wall, grain=when.grain, rule=when.repeats)


def _task(task: FoundTask) -> Item:
    return _timed("task", f"{task.answers} {task.title}" if task.answers else task.title, task.when)


def _change(change: Change) -> Item:
    what = " ".join([change.act, *sorted(change.refs), *([change.title] if change.title else [])])
    return _timed("change", what, change.when) if change.act in {"move", "snooze"} else Item("change", what)


def _decided(said: DraftAnswer) -> Item:
    return Item("change", " ".join([said.does, *sorted(said.refs)]))


def _preferred(reading: Reading) -> Sequence[Item]:
    if reading.preferred is None:
        return []
    chosen = {name: getattr(reading.preferred, name) for name in reading.preferred.__struct_fields__}
    return [Item("fact", f"{name} {value}") for name, value in chosen.items() if value is not None]


def _listing(reading: Reading) -> Sequence[Item]:
    return [Item("list", "")] if reading.lists else []


def _lead(scored: Scored) -> Sequence[Item]:
    said = {name: getattr(scored, name) for name in ("name", "email", "company")}
    demo = [f"demo {scored.demo.wall}"] if scored.demo and scored.demo.wall else []
    return [Item("fact", f"{name} {value}") for name, value in said.items() if value] + [Item("fact", d) for d in demo]
