"""Patterns that are compiled late are right all the same."""

import pkgutil
import re
import sys
from importlib import import_module

import pytest

import concierge.llm as room
from concierge.llm.patterns import regex


def test_a_late_pattern_is_a_pattern() -> None:
    late, early = regex(r"(\d+) days?", re.IGNORECASE), re.compile(r"(\d+) days?", re.IGNORECASE)
    assert late.pattern == early.pattern
    assert late.sub(r"<\1>", "3 DAYS") == early.sub(r"<\1>", "3 DAYS") == "<3>"
    assert [match.span() for match in late.finditer("1 day, 2 days")] == [(0, 5), (7, 13)]


def test_a_wrong_pattern_says_so_when_it_is_used() -> None:
    late = regex("(")
    with pytest.raises(re.error):
        late.search("anything")


def test_every_pattern_of_the_language_compiles() -> None:
    for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
        import_module(module.name)
    kind = type(regex(""))
    found = [
        each
        for name, module in sys.modules.items()
        if name.startswith(room.__name__)
        for value in vars(module).values()
        for each in (value if isinstance(value, tuple | list) else [value])
        if isinstance(each, kind)
    ]
    assert len(found) > 80
    for each in found:
        assert each.match is not None
