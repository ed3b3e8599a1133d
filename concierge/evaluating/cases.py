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
"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal

from msgspec import Struct

from concierge.errors import ConciergeError
from concierge.llm.purposes import (
    ExtractPrompt,
    IntakePrompt,
    Offer,
    OpenQuestion,
    OpenTask,
    Prompt,
    Said,
    ScorePrompt,
    Wanted,
)

Kind = Literal["task", "change", "fact", "list"]
_TIMED = re.compile(
    r"^(?P<what>.*?)(?: @ (?P<wall>\S+)| \? ?)(?: ?(?P<grain>second|minute|hour|day_part|day|week|weekend|month|"
    r"quarter|year|vague))?"
    r"(?: every (?P<rule>\S+))?$"
)
_OPEN = re.compile(
    r"^(?P<ref>T\d+) (?P<title>.+?)(?: @ (?P<due>\S+))?(?: every (?P<rule>FREQ\S+))?"
    r"(?P<reminded> reminded)?(?P<latest> latest)?$"
)
OFFERS = (Offer("Family visa", ("family visa",)), Offer("Accounting", ("accounting", "bookkeeping", "vat")))


class Item(Struct, frozen=True):
    """One thing that is expected, or was read."""

    kind: Kind
    what: str  # a title; an act and its references; a name and its value
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
    setting, said, expected, start = _Setting(), list[str](), list[Item](), 0
    for n, line in enumerate([*file.read_text("utf-8").splitlines(), ""], 1):
        mark, _, rest = line.partition(" ")
        try:
            if mark == ">":
                if expected:
                    yield setting.case(f"{file.name}:{start}", said, expected)
                    said, expected = [], []
                said, start = [*said, rest.replace("\\n", "\n")], start if said else n
            elif mark in {"+", "~", "=", "-", "list"} and said:
                expected += [_item(mark, rest)] if mark != "-" else []
                if mark == "-":
                    yield setting.case(f"{file.name}:{start}", said, [])
                    said = []
            elif said and not line.strip():
                yield setting.case(f"{file.name}:{start}", said, expected)
                said, expected = [], []
            elif line.strip() and not line.startswith("#"):
                if said:
                    yield setting.case(f"{file.name}:{start}", said, expected)
                    said, expected = [], []
                setting.take(mark, rest)
        except (ValueError, KeyError, TypeError) as error:
            raise BadCase(f"{file.name}:{n}: {error}") from error


def _item(mark: str, rest: str) -> Item:
    if mark == "list":
        return Item("list", "")
    if mark == "=":
        return Item("fact", rest)
    match = _TIMED.match(rest)
    kind: Kind = "task" if mark == "+" else "change"
    if match is None:
        return Item(kind, rest)
    return Item(kind, match["what"], timed=True, wall=match["wall"], grain=match["grain"], rule=match["rule"])


class _Setting:
    """What the lines before a case say about it."""

    def __init__(self) -> None:
        self.now, self.zone = datetime(2026, 11, 18, 10, 7), "UTC"  # noqa: DTZ001  a wall time
        self.open: list[OpenTask] = []
        self.asked: list[OpenQuestion] = []
        self.earlier: list[Said] = []
        self.subject: str | None = None
        self.purpose, self.wanted = "extract", list[str]()

    def take(self, word: str, rest: str) -> None:
        """Raises ValueError for a line that says nothing."""
        match word:
            case "now":
                wall, self.zone = rest.split()
                self.now = datetime.fromisoformat(wall)
            case "open":
                self.open = [] if rest == "none" else [*self.open, _open(rest)]
            case "asked":
                ref, _, title = rest.partition(" ")
                self.asked = [] if rest == "none" else [*self.asked, OpenQuestion(ref, title)]
            case "earlier":
                who, _, text = rest.partition(" ")
                turn = Said("concierge" if who == "concierge" else "contact", text.replace("\\n", "\n"))
                self.earlier = [] if rest == "none" else [*self.earlier, turn]
            case "subject":
                self.subject = None if rest == "none" else rest
            case "extract" | "score" | "intake":
                self.purpose, self.wanted = word, rest.split()
            case _:
                raise ValueError(f"“{word}” is no word of a case")

    def case(self, name: str, said: list[str], expected: list[Item]) -> Case:
        """The question that the lines make."""
        turns = (*self.earlier, *(Said("contact", text) for text in said))
        return Case(name, self._prompt(turns, len(said)), tuple(expected))

    def _prompt(self, turns: tuple[Said, ...], unread: int) -> Prompt:
        if self.purpose == "score":
            return ScorePrompt(now=self.now, zone=self.zone, turns=turns, private=())
        if self.purpose == "intake":
            wanted = tuple(Wanted(key, key, f"What is your {key}?") for key in self.wanted)  # type: ignore[arg-type]
            asked = tuple(self.wanted[:1]) if len(turns) > unread else ()
            return IntakePrompt(wanted=wanted, asked=asked, offers=OFFERS, turns=turns, unread=unread, private=())
        return ExtractPrompt(
            now=self.now,
            zone=self.zone,
            default_draft=False,
            questions=tuple(self.asked),
            turns=turns,
            unread=unread,
            subject=self.subject,
            private=(),
            open=tuple(self.open),
        )


def _open(rest: str) -> OpenTask:
    match = _OPEN.match(rest)
    if match is None:
        raise ValueError(f"“{rest}” is no follow-up")
    return OpenTask(
        match["ref"], match["title"], match["due"], match["rule"], bool(match["reminded"]), bool(match["latest"])
    )
