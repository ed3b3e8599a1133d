"""Eight times the text takes about eight times as long, also where somebody wrote it to keep a worker busy.

A pattern that repeats something without end, and then fails, fails again from each of the places after it: that is
the square of the text's length, and it blocks everybody's turn. So none repeats without a bound.
"""

import re
import warnings
from collections.abc import Callable, Iterator
from time import process_time
from typing import Any

import pytest

from concierge.llm import redaction
from concierge.llm.detecting import detect, detection, papers, phones, postal
from concierge.llm.redaction import Vault

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import sre_constants
    import sre_parse


def patterns() -> Iterator[tuple[str, int]]:
    """Every pattern of the detectors, as it is compiled."""
    for module in (redaction, detection, papers, phones):
        for value in vars(module).values():
            if isinstance(getattr(value, "pattern", None), str):
                yield value.pattern, value.flags
    yield from ((each.pattern, each.flags) for each, _ in papers._FORMS)
    yield from ((each.pattern, each.flags) for each in postal._patterns())


def endless(tree: Any) -> bool:
    """Whether anything in it repeats without a bound."""
    if isinstance(tree, (list, tuple, sre_parse.SubPattern)):
        parts = list(tree)
        repeats = parts[:1] and parts[0] in (sre_constants.MAX_REPEAT, sre_constants.MIN_REPEAT)
        return bool(repeats and parts[1][1] == sre_constants.MAXREPEAT) or any(endless(each) for each in parts)
    return False


def test_no_pattern_repeats_without_end() -> None:
    found = list(patterns())
    assert len(found) > 35
    assert endless(sre_parse.parse(r"a(?:b|c\s*d)"))
    assert [pattern for pattern, flags in found if endless(sre_parse.parse(pattern, flags & ~re.DEBUG))] == []


@pytest.mark.parametrize(
    "text",
    [
        lambda n: "1/" * (n // 2),
        lambda n: "A-" * (n // 2),
        lambda n: "12 Main Street" + "\n" * n,
        lambda n: "passport number" + " " * n,
        lambda n: ("DE12" + "A1" * 21 + " ") * (n // 47),
    ],
    ids=["slashes", "dashes", "lines", "spaces", "an account that is too long"],
)
def test_eight_times_the_text_takes_about_eight_times_as_long(text: Callable[[int], str]) -> None:
    """In CPU time; before there were bounds it was 64 times and more.

    Both lengths take turns, twice at least, and the best of each counts: what else the machine does makes a run longer.
    """

    def spent(n: int) -> float:
        begun = process_time()
        detect(text(n), region="US")
        return process_time() - begun

    spent(100)  # the first compiles
    rounds = [(spent(1_000), spent(8_000))]
    while len(rounds) < 6:
        rounds.append((spent(1_000), spent(8_000)))
        short, long = map(min, zip(*rounds, strict=True))
        if long < 24 * short:
            return
    pytest.fail(f"{short:.4f} s became {long:.4f} s")


def test_what_is_near_a_chain_is_found_all_the_same() -> None:
    text = "1/1/1/1/1 (202) 555-0143 or 0/2/4/6/8/1 +49 30 901820"
    assert [text[each.start : each.end] for each in detect(text, region="US")] == ["(202) 555-0143", "+49 30 901820"]
    assert "555" not in Vault(region="US").redact(text)
