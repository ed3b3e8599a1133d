"""How much of what is personal stays here: measured on messages written for it, and not to become less."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import Struct

from concierge.llm.detecting import detect

CORPUS = Path(__file__).with_name("personal_data.txt")
MARK = re.compile(r"\[\[([A-Z]+):(.*?)\]\]")
REGIONS = (None, "US")  # a deployment knows of one country at most; the corpus has twenty


class Message(Struct, frozen=True):
    text: str
    data: tuple[tuple[str, int, int], ...]  # kind, start, end


def messages() -> Iterator[Message]:
    for line in CORPUS.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            pieces, data, at, length = [], [], 0, 0
            for match in MARK.finditer(line):
                pieces += [line[at : match.start()], match[2]]
                length += match.start() - at
                data.append((match[1], length, length + len(match[2])))
                length += len(match[2])
                at = match.end()
            yield Message("".join([*pieces, line[at:]]), tuple(data))


def measured(region: str | None) -> tuple[Counter[str], Counter[str], list[str], list[str]]:
    """Data there are and data wholly hidden, by kind; those that leak, and what was hidden without being any."""
    there, hidden, leaks, false = Counter[str](), Counter[str](), [], []
    for message in messages():
        found = detect(message.text, private=["Zelda Fitz"], region=region)
        covered = {n for one in found for n in range(one.start, one.end)}
        for kind, start, end in message.data:
            there[kind] += 1
            letters = {n for n in range(start, end) if message.text[n].isalnum()}
            hidden[kind] += letters <= covered
            if not letters <= covered:
                leaks.append(f"{kind}: {message.text[start:end]}")
        false += [
            message.text[one.start : one.end]
            for one in found
            if not any(one.start < end and start < one.end for _, start, end in message.data)
        ]
    return there, hidden, leaks, false


FLOORS = {
    "PHONE": 38, "EMAIL": 11, "CARD": 8, "IBAN": 9, "SSN": 2, "ID": 28, "URL": 7, "IP": 3, "ADDRESS": 39, "NAME": 5,
}  # fmt: skip


@pytest.mark.parametrize("region", REGIONS)
def test_recall_does_not_fall(region: str | None) -> None:
    there, hidden, leaks, false = measured(region)
    assert sum(there.values()) >= 150
    assert {kind: hidden[kind] for kind, floor in FLOORS.items() if hidden[kind] < floor} == {}, leaks
    assert there.keys() - FLOORS.keys() == {"OTHER"}, "names nobody knows of are not looked for"
    assert len(false) <= 1, false


def test_a_long_text_is_no_trap() -> None:
    """Texts that patterns could lose themselves in; a minute would stop every conversation of the worker."""
    detect("1")  # the first compiles
    for piece in (
        "1 ",
        "A",
        "Aa ",
        "12 Aa ",
        "0 1 2 3 4 5 ",
        "Calle de ",
        "12 Baker Street, ",
        "a@",
        "1.1.",
        "Flat 2, ",
    ):
        began = time.process_time()
        detect((piece * 4_000)[:4_000])
        assert time.process_time() - began < 0.3, piece
