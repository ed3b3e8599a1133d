"""What every test can ask for. Each worker process has a server of its own; see tests/database.py."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from inspect import iscoroutinefunction
from pathlib import Path
from uuid import uuid4

import msgspec
import psycopg
import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis.internal.conjecture import providers
from hypothesis.strategies import none

from concierge.console import passwords
from concierge.postgres.migrate import migrate
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from tests.conftest import HEADERS
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
SERVER = pytest.StashKey[TestServer]()

hypothesis_settings.register_profile(
    "house",
    max_examples=30,
    derandomize=True,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
hypothesis_settings.load_profile("house")
# which constants it would find in our files depends on what is loaded, and a file alone is to have the same examples
providers._get_local_constants = lambda: providers._local_constants


def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly:
        return
    log_plainly()
    server = choose()
    config.stash[SERVER] = server
    config.stash[HEADERS] = [server.header]
    server.create_template(TEMPLATE, lambda url: asyncio.run(migrate(url, lambda _line: None)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput") and SERVER in session.config.stash:
        session.config.workeroutput["postgres"] = session.config.stash[SERVER].header


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVER in config.stash:
        config.stash[SERVER].stop()


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """The loop that our processes run on."""
    return "asyncio", {"use_uvloop": sys.platform != "win32"}


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Passwords are hashed as cheaply as Argon2 can; test_the_console_is_closed.py looks at what others pay."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session", autouse=True)
def first_example() -> None:
    """Hypothesis looks for garbage everywhere before its first example: here, where there is none yet."""
    given(none())(lambda _nothing: None)()


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
