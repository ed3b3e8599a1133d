"""Patterns that are compiled late are right all the same."""

import pkgutil
import re
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

import pytest
from msgspec import Struct, structs

import concierge.llm as room
from concierge.llm.patterns import regex

LATE = type(regex(""))


def test_a_late_pattern_is_a_pattern() -> None:
    late, early = regex(r"(\d+) days?", re.IGNORECASE), re.compile(r"(\d+) days?", re.IGNORECASE)
    assert late.pattern == early.pattern
    assert late.sub(r"<\1>", "3 DAYS") == early.sub(r"<\1>", "3 DAYS") == "<3>"
    assert [match.span() for match in late.finditer("1 day, 2 days")] == [(0, 5), (7, 13)]


def test_a_wrong_pattern_says_so_when_it_is_used() -> None:
    late = regex("(")
    with pytest.raises(re.error):
        late.search("anything")


def patterns(value: object) -> Iterator[re.Pattern[str]]:
    """Those in it, however deep: in tables, and in the rules of the grammar."""
    if isinstance(value, LATE):
        yield cast("re.Pattern[str]", value)
    elif isinstance(value, Mapping):
        yield from patterns(tuple(value.values()))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from patterns(each)
    elif isinstance(value, Struct):
        yield from patterns(structs.astuple(value))


def test_every_pattern_of_the_language_compiles() -> None:
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        import_module(module.name)
    ours = [module for name, module in sys.modules.items() if name.startswith(room.__name__)]
    found = [each for module in ours for value in vars(module).values() for each in patterns(value)]
    assert len(found) > 150
    for each in found:
        each.search("")  # a wrong one is an re.error
