"""What every test can ask for. Each worker process has a server of its own; see tests/database.py."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import psycopg
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from concierge.console import passwords
from concierge.postgres.migrate import migrate
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from tests.database import TestServer, choose
from tests.events import ScriptedFetcher, TellingChannel
from tests.fakes import FrozenClock
from tests.logs import log_plainly
from tests.pools import Pools, opened
from tests.sweeping import Sweeper
from tests.world import World, open_world

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # each has databases of its own
TEMPLATE = f"concierge_template_{WORKER}"
NOON = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)  # a Wednesday, far from any change of clocks
LONGEST = ("faults", "browser", "postgres", "house", "behaviour", "contracts", "properties", "schema")
SERVER = pytest.StashKey[TestServer]()
HEADERS = pytest.StashKey[list[str]]()  # which Postgres, for the person who runs the tests

hypothesis_settings.register_profile(
    "house",
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False  # files are handed out in our order, not those of many tests first
    if config.option.collectonly or _is_left_to_workers(config):
        return
    log_plainly()
    server = choose()
    config.stash[SERVER] = server
    config.stash[HEADERS] = [server.header]
    server.create_template(TEMPLATE, lambda url: asyncio.run(migrate(url, lambda _line: None)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole processes first, then browsers: what takes longest must not begin last."""
    places = {folder: n for n, folder in enumerate(LONGEST)}
    items.sort(key=lambda item: min(places.get(part, len(places)) for part in item.path.parts))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Who hands the tests out to pytest-xdist's workers; None: whoever does it usually."""
    from tests.together import Together  # noqa: PLC0415  only where there is pytest-xdist

    return Together(config, log) if config.getoption("dist") == "loadfile" else None


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


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput") and SERVER in session.config.stash:
        session.config.workeroutput["postgres"] = session.config.stash[SERVER].header


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER in config.stash:
        config.stash[SERVER].stop()


def _is_left_to_workers(config: pytest.Config) -> bool:
    """Whether this process only tells pytest-xdist's workers what to run."""
    return config.getoption("dist", "no") != "no" and not hasattr(config, "workerinput")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed as cheaply as Argon2 can; test_the_console_is_closed.py looks at what others pay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> TestServer:
    return request.config.stash[SERVER]


@pytest.fixture(scope="session")
def shared_database(server: TestServer) -> Iterator[str]:
    """One migrated database for all tests that clean up after themselves."""
    yield server.clone(TEMPLATE, f"concierge_shared_{WORKER}")
    server.drop(f"concierge_shared_{WORKER}")


@pytest.fixture(scope="session")
def sweeper(shared_database: str) -> Iterator[Sweeper]:
    sweeper = Sweeper(shared_database)
    yield sweeper
    sweeper.close()


@pytest.fixture(scope="session")
async def pools(shared_database: str) -> AsyncIterator[Pools]:
    """What worlds hand to each other; from then on all tests share one event loop."""
    async with opened(shared_database) as pools:
        yield pools


@pytest.fixture
def db(shared_database: str, sweeper: Sweeper, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated database for tests that commit: emptied afterwards."""
    if iscoroutinefunction(request.function):
        request.getfixturevalue("pools")
    yield shared_database
    sweeper.sweep()


@pytest.fixture
def fresh_db(server: TestServer) -> Iterator[str]:
    """A migrated database of one's own: for LISTEN, several processes, kills, DDL."""
    name = f"concierge_{uuid4().hex[:12]}"
    yield server.clone(TEMPLATE, name)
    server.drop(name)


@pytest.fixture
async def conn(shared_database: str) -> AsyncIterator[Conn]:
    """A connection whose transaction is rolled back."""
    async with await psycopg.AsyncConnection.connect(shared_database) as connection:
        yield connection
        await connection.rollback()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOON)


@pytest.fixture
async def world(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    """A seeded tenant with an email and a WhatsApp account, a door to post to, a worker to run."""
    async with open_world(db, clock) as opened:
        yield opened


@pytest.fixture
async def telling(db: str, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[World]:
    """A world whose WhatsApp says what a test tells it to, with attachments (see tests/events.py)."""
    async with open_world(db, clock, arrange=hear_events, MEDIA_FOLDER=str(tmp_path / "media")) as opened:
        yield opened


def hear_events(runtime: Runtime) -> Runtime:
    """The runtime with a channel and a fetcher that tests direct."""
    return msgspec.structs.replace(
        runtime,
        channels={**runtime.channels, "whatsapp": TellingChannel()},
        fetchers={"whatsapp": ScriptedFetcher()},
    )
