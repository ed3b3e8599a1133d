"""Postgres dies under running processes and comes back: they live on, nothing is lost, nothing is said twice."""

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from concierge.inbox.arrival import LONGEST_WAIT
from concierge.postgres.account import server_account
from concierge.postgres.data_folder import PidFile
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.migrate import migrate
from concierge.web.webhooks import ASKING
from tests.faults.processes import descendants, until
from tests.faults.site import Site, open_site

MANY = 20


class Durable:
    """A server of its own, on a disk, that can be stopped as a crash does, and started again where it was."""

    def __init__(self, postgres: EmbeddedPostgres, folder: Path) -> None:
        self.url = postgres.url
        self.account = server_account(folder)
        self.data = folder / "data"
        found = PidFile.of(self.data)
        assert found is not None
        self.pid, self.socket = found.pid, found.socket
        self.command = [postgres.bindir / "postgres", "-D", self.data, "-k", self.socket, "--listen_addresses="]
        self.again: subprocess.Popen[bytes] | None = None

    async def crash(self) -> None:
        """An immediate shutdown: no client is told, nothing is flushed."""
        os.kill(self.pid, signal.SIGQUIT)

        async def is_gone() -> bool:
            return not (self.data / "postmaster.pid").exists()

        await until(is_gone, "the end of the server")

    async def start(self) -> None:
        """The same server once more, which has to recover first."""
        self.again = subprocess.Popen(  # noqa: ASYNC220  it only starts it
            self.command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.socket, **self.account.popen
        )

        async def is_ready() -> bool:
            found = PidFile.of(self.data)
            return bool(found and found.ready)

        await until(is_ready, "the server")

    def pause(self, number: signal.Signals) -> None:
        """SIGSTOP: connections stay open, and nobody answers on them; SIGCONT: it goes on where it was."""
        for pid in (self.pid, *descendants(self.pid)):
            os.kill(pid, number)

    def stop(self) -> None:
        if self.again is not None:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(30)


@pytest.fixture(scope="module")
def migrated() -> Iterator[Path]:
    """A data folder with our schema, made once: the tests start on copies."""
    # not pytest's own folder, which for root is closed to the server's account
    place = Path(tempfile.mkdtemp(prefix="concierge-test-", dir="/var/tmp"))
    place.chmod(0o755)
    with EmbeddedPostgres(place / "postgres", durable=True) as postgres:
        asyncio.run(migrate(postgres.url, lambda _line: None))
    yield place
    shutil.rmtree(place)


@pytest.fixture
def durable(migrated: Path) -> Iterator[Durable]:
    place = Path(tempfile.mkdtemp(prefix="concierge-test-", dir="/var/tmp"))
    subprocess.run(["cp", "-a", f"{migrated}/.", place], check=True)  # owners, too
    with EmbeddedPostgres(place / "postgres", durable=True) as postgres:
        server = Durable(postgres, place / "postgres")
        try:
            yield server
        finally:
            server.stop()
    shutil.rmtree(place)


@pytest.fixture
async def site(durable: Durable, tmp_path: Path) -> AsyncIterator[Site]:
    async with open_site(durable.url, tmp_path) as opened:
        yield opened


async def test_both_processes_live_on(site: Site, durable: Durable) -> None:
    web, url = await site.start_web()
    worker = site.start("worker")
    assert (await site.deliver(url, id="wamid.0", sender="15550000000")).is_success
    await site.until_statuses("sent")

    await durable.crash()
    refused = await site.deliver(url, id="wamid.1", sender="15550000001")
    assert refused.status_code == 503
    await durable.start()

    begun = time.monotonic()

    async def is_taken() -> bool:
        return (await site.deliver(url, id="wamid.1", sender="15550000001")).is_success

    await until(is_taken, "a 200 for the message that was refused")
    taken = time.monotonic() - begun
    await site.world.runtime.pool.check()
    await site.until_statuses("sent", "sent")
    print(f"after the restart: taken within {taken:.1f} s, answered within {time.monotonic() - begun:.1f} s")

    for n in range(2, 6):
        assert (await site.deliver(url, id=f"wamid.{n}", sender=f"1555000000{n}")).is_success
    await site.until_statuses(*["sent"] * 6)
    await site.until_idle()
    assert (web.status, worker.status) == (None, None)
    assert len({each["to"] for each in site.graph.accepted}) == len(site.graph.accepted) == 6


async def test_in_the_middle_of_work(site: Site, durable: Durable) -> None:
    """Whatever was under way when it died is done once; what was being sent may end as unknown, never twice."""
    web, url = await site.start_web()
    worker = site.start("worker")
    kept = 0
    for n in range(MANY):
        if n == MANY // 2:
            await durable.crash()
            await durable.start()

        async def is_taken(n: int = n) -> bool:
            return (await site.deliver(url, id=f"wamid.{n}", sender=f"155500000{n:02}")).is_success

        await until(is_taken, f"a 200 for message {n}")
        kept += 1
    await site.world.runtime.pool.check()
    assert await site.world.one("select count(*) from inbound_message") == kept == MANY

    async def all_handled() -> bool:
        return bool(await site.world.one("select bool_and(handled_seq = last_seq) from conversation"))

    begun = time.monotonic()
    await until(all_handled, "every conversation handled")
    print(f"everything handled {time.monotonic() - begun:.1f} s after the last message")
    await site.until_idle()
    statuses = await site.statuses()
    assert len(statuses) == MANY
    assert set(statuses) <= {"sent", "sending"}
    recipients = [each["to"] for each in site.graph.accepted]
    assert len(set(recipients)) == len(recipients) >= statuses.count("sent")
    assert (web.status, worker.status) == (None, None)


async def test_alive_but_not_answering(site: Site, durable: Durable) -> None:
    """The provider hears 503 within seconds, and 200 once the server goes on; the worker does not even end."""
    web, url = await site.start_web()
    worker = site.start("worker")
    assert (await site.deliver(url, id="wamid.0", sender="15550000000")).is_success
    await site.until_statuses("sent")

    durable.pause(signal.SIGSTOP)
    try:
        begun = time.monotonic()
        refused = await asyncio.gather(*(site.deliver(url, id=f"wamid.{n}", sender=f"1555000000{n}") for n in (1, 2)))
        taken = time.monotonic() - begun
    finally:
        durable.pause(signal.SIGCONT)
    print(f"refused within {taken:.1f} s")
    assert [each.status_code for each in refused] == [503, 503]
    assert taken < LONGEST_WAIT + ASKING + 1

    # one that was refused may have been stored all the same, once Postgres came to it: this is its second delivery
    for n in (1, 2):

        async def is_taken(n: int = n) -> bool:
            return (await site.deliver(url, id=f"wamid.{n}", sender=f"1555000000{n}")).is_success

        await until(is_taken, "a 200 for the message that was refused", seconds=30)
    await site.until_statuses("sent", "sent", "sent")
    await site.until_idle()
    assert sorted(each["to"] for each in site.graph.accepted) == [f"+1555000000{n}" for n in range(3)]
    assert (web.status, worker.status) == (None, None)
