"""Where each of pytest-xdist's workers begins to load.

All of them load the same. In a new clone nothing of it is compiled, and who loads in the same order compiles the same
at the same time, each for itself. So each begins elsewhere, and finds compiled what another has met before.
"""

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import pytest

Each = TypeVar("Each")

LIBRARIES = (
    "litestar",
    "procrastinate",
    "phonenumbers",
    "hypothesis",
    "psycopg_pool",
    "jinja2",
    "httpx",
    "playwright.async_api",
    "rich.traceback",
    "cryptography.x509",
    "aiohttp",
    "icalendar",
    "structlog",
)


def begin_elsewhere(config: pytest.Config) -> None:
    """Load what is large, and look for the tests, in an order of this worker's own; conftest.py sorts what is found."""
    given = getattr(config, "workerinput", {"workerid": "gw0", "workercount": 1})
    share = int(given["workerid"].removeprefix("gw")) % given["workercount"] / given["workercount"]
    for name in _turned(LIBRARIES, share):
        import_module(name)
    config.args = looked_through(config, share)


def looked_through(config: pytest.Config, share: float) -> list[str]:
    """Where tests are looked for: in the files in turn where all are wanted, else where somebody said."""
    said = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
    if said or config.option.ignore or config.option.ignore_glob:  # a file that is named is not ignored
        return config.args
    return _turned(_files(config.args, config.getini("python_files")), share)


def _files(folders: Sequence[str], patterns: Sequence[str]) -> list[str]:
    """All files of tests, as pytest finds them there."""
    return sorted({str(path) for folder in folders for pattern in patterns for path in Path(folder).rglob(pattern)})


def _turned(all: Sequence[Each], share: float) -> list[Each]:
    """Beginning after this share of them."""
    first = round(len(all) * share)
    return [*all[first:], *all[:first]]
