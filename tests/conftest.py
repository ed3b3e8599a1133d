"""How the tests are found and handed out.

Who only hands them to pytest-xdist's workers needs no more than this file, and starts the workers a second sooner.
What every test can ask for is in tests/fixtures.py.
"""

import gc
from typing import Any

import pytest

LONGEST = ("faults", "browser", "postgres", "house", "behaviour", "contracts", "properties", "schema")
HEADERS = pytest.StashKey[list[str]]()  # which Postgres, for the person who runs the tests
GARBAGE = (50_000, 20, 20)  # what was made since, until Python looks for garbage: seldom, since a test leaves little

gc.disable()  # until all is loaded: modules and tests are no garbage


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False  # files are handed out in our order, not those of many tests first
    if not _is_left_to_workers(config):
        if hasattr(config, "workerinput"):
            from tests.turns import begin_elsewhere  # noqa: PLC0415  only workers do

            begin_elsewhere(config)
        config.pluginmanager.import_plugin("tests.fixtures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole processes first, then browsers: what takes longest must not begin last. Each worker has the same order."""
    places = {folder: n for n, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: (min(places.get(part, len(places)) for part in item.path.parts), item.path.parts))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Who hands the tests out to pytest-xdist's workers; None: whoever does it usually."""
    from tests.together import Together  # noqa: PLC0415  only where there is pytest-xdist

    return Together(config, log) if config.getoption("dist") == "loadfile" else None


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """What is loaded now stays: a quarter of a second each time it would be looked through for garbage."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """pytest has looked for garbage: neither it nor Python, on its way out, looks through all of it once more."""
    gc.freeze()


def pytest_report_header(config: pytest.Config) -> list[str]:
    return config.stash.get(HEADERS, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker's server was not there yet when the header was written."""
    if header := getattr(node, "workeroutput", {}).get("postgres"):
        node.config.stash.setdefault(HEADERS, []).append(header)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if _is_left_to_workers(config):
        for header in dict.fromkeys(config.stash.get(HEADERS, [])):
            terminalreporter.write_line(header)


def _is_left_to_workers(config: pytest.Config) -> bool:
    """Whether this process only tells pytest-xdist's workers what to run."""
    return config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")
