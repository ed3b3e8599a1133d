"""Cases as people write them down: what is said, and what it comes to.

now 2026-11-18T10:07 America/New_York     from here on: the writer's wall clock and zone
open T1 Call Bob @ 2026-11-18T15:00 latest   a follow-up there is (also `reminded`, `every FREQ=…`); `open none`
asked Q1 Pay the plumber                  a question we asked; `asked none`
earlier concierge Reminder: Call Bob      a turn before; `earlier none`
intake name nationality                   from here on: what an agent wants to know; `score`, `extract`

> Remind me to call Bob tomorrow at 3pm   a new message; several lines are several messages
+ Call Bob @ 2026-11-19T15:00 hour        a follow-up, time, grain, `every FREQ=…`; `? week`: to be asked; `?`: none
~ move T1 @ 2026-11-18T16:00 hour         a change
= zone Europe/Berlin                      a preference, an answer of an intake, a field of a lead
list                                      they want their list
-                                         nothing

draft                                     from here on a text is wanted; also `reply`, `summarise`
title Ask Bob for the invoice             of the follow-up; also `tone`, `length`, `channel`, `language`, `wish`, …
instructions Sell bicycles.               of the business that replies; `fact` and `name` add one each, or `none`

> Bob still owes me invoice 1042          what it is written from
has 1042                                  what must hold of it: `concierge.evaluating.texts`
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct

from concierge.errors import ConciergeError
from concierge.evaluating.setting import Setting
from concierge.evaluating.texts import MARKS, wrong_check
from concierge.llm.purposes import Prompt

Kind = Literal["task", "change", "fact", "list", "text"]
_TIMED = re.compile(
    r"^(?P<what>.*?)(?: @ (?P<wall>\S+)| \? ?)(?: ?(?P<grain>second|minute|hour|day_part|day|week|weekend|month|"
    r"quarter|year|vague))?"
    r"(?: every (?P<rule>\S+))?$"
)


class Item(Struct, frozen=True):
    """One thing that is expected, or was read."""

    kind: Kind
    what: str  # a title; an act and its references; a name and its value; what holds of a text
    timed: bool = False
    wall: str | None = None  # of what is timed; None: to be asked about
    grain: str | None = None
    rule: str | None = None


class Case(Struct, frozen=True):
    """What is asked, and what the answer should hold."""

    name: str  # file and line
    prompt: Prompt
    expected: tuple[Item, ...]


class BadCase(ConciergeError):
    """A file of cases does not follow the form above."""

    permanent = True


def load(paths: Iterable[Path]) -> list[Case]:
    """Every case of the files, and of the files in the folders. Raises BadCase."""
    files = [file for path in paths for file in (sorted(path.glob("*.txt")) if path.is_dir() else [path])]
    cases = [case for file in files for case in _read(file)]
    if not cases:
        raise BadCase("there are no cases: name files, or a folder of .txt files")
    return cases


def _read(file: Path) -> Iterator[Case]:
    setting, said, expected, start = Setting(), list[str](), list[Item](), 0
    for n, line in enumerate([*file.read_text("utf-8").splitlines(), ""], 1):
        mark, _, rest = line.partition(" ")
        try:
            if mark == ">":
                if expected:
                    yield _case(f"{file.name}:{start}", setting, said, expected)
                    said, expected = [], []
                said, start = [*said, rest.replace("\\n", "\n")], start if said else n
            elif mark in {"+", "~", "=", "-", "list", *MARKS} and said:
                expected += [_item(mark, rest)] if mark != "-" else []
                if mark == "-":
                    yield _case(f"{file.name}:{start}", setting, said, [])
                    said = []
            elif said and not line.strip():
                yield _case(f"{file.name}:{start}", setting, said, expected)
                said, expected = [], []
            elif line.strip() and not line.startswith("#"):
                if said:
                    yield _case(f"{file.name}:{start}", setting, said, expected)
                    said, expected = [], []
                setting.take(mark, rest)
        except (ValueError, KeyError, TypeError) as error:
            raise BadCase(f"{file.name}:{n}: {error}") from error


def _case(name: str, setting: Setting, said: list[str], expected: list[Item]) -> Case:
    return Case(name, setting.prompt(said), tuple(expected))


def _item(mark: str, rest: str) -> Item:
    if mark == "list":
        return Item("list", "")
    if mark in MARKS:
        return _check(f"{mark} {rest}".strip())
    if mark == "=":
        return Item("fact", rest)
    match = _TIMED.match(rest)
    kind: Kind = "task" if mark == "+" else "change"
    if match is None:
        return Item(kind, rest)
    return Item(kind, match["what"], timed=True, wall=match["wall"], grain=match["grain"], rule=match["rule"])


def _check(line: str) -> Item:
    if wrong := wrong_check(line):
        raise ValueError(wrong)
    return Item("text", line)
