"""Workers look for tests in turns of their own, and find the same."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.turns import looked_through

Source = pytest.Config.ArgsSource


def config(request: pytest.FixtureRequest, source: Source, **options: Any) -> Any:
    option = SimpleNamespace(**{"ignore": None, "ignore_glob": None} | options)
    return SimpleNamespace(args=["tests"], args_source=source, option=option, getini=request.config.getini)


def test_each_begins_elsewhere_with_the_same_files(request: pytest.FixtureRequest) -> None:
    wanted = config(request, Source.TESTPATHS)
    turns = [looked_through(wanted, share) for share in (0, 1 / 3, 1 / 2, 3 / 4)]
    assert len({files[0] for files in turns}) == len(turns)
    assert [sorted(files) for files in turns] == [turns[0]] * len(turns)


@pytest.mark.parametrize("option", ["ignore", "ignore_glob"])
def test_what_is_to_be_left_out_is_left_out(request: pytest.FixtureRequest, option: str) -> None:
    assert looked_through(config(request, Source.TESTPATHS, **{option: ["tests/browser"]}), 1 / 2) == ["tests"]


def test_somebody_says_where(request: pytest.FixtureRequest) -> None:
    assert looked_through(config(request, Source.ARGS), 1 / 2) == ["tests"]
