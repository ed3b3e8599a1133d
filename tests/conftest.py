"""What every test can ask for. The server is chosen once, in the controlling process; see tests/database.py."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from concierge.postgres.migrate import migrate
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from tests.database import TestServer, choose
from tests.events import ScriptedFetcher, TellingChannel
from tests.fakes import FrozenClock
from tests.pools import Pools, opened
from tests.sweeping import Sweeper
from tests.world import World, open_world

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")  # each has databases of its own
TEMPLATE = f"concierge_template_{WORKER}"
NOON = datetime(2027, 3, 3, 12, 0, tzinfo=UTC)  # a Wednesday, far from any change of clocks
SERVER = pytest.StashKey[TestServer]()

hypothesis_settings.register_profile(
    "house",
    max_examples=50,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly:
        return
    server = choose()
    config.stash[SERVER] = server
    server.create_template(TEMPLATE, lambda url: asyncio.run(migrate(url, lambda _line: None)))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole processes first: what takes longest must not begin last."""
    items.sort(key=lambda item: "faults" not in item.path.parts)


def pytest_report_header(config: pytest.Config) -> list[str]:
    return [config.stash[SERVER].header] if SERVER in config.stash else []


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER in config.stash:
        config.stash[SERVER].stop()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


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


@pytest.fixture(scope="module")
async def pools(shared_database: str) -> AsyncIterator[Pools]:
    """What a module's worlds hand to each other; while it is there, the module's tests share one event loop."""
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
