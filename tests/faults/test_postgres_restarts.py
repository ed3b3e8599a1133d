"""Postgres dies under running processes and comes back: they live on, nothing is lost, nothing is said twice."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from psycopg import AsyncConnection, OperationalError
from psycopg.pq import TransactionStatus

from concierge.postgres import silence
from concierge.postgres.account import server_account
from concierge.postgres.data_folder import PidFile
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.migrate import migrate
from concierge.postgres.pool import Pool, make_pool, transaction
from tests.faults.processes import Process, descendants, until
from tests.faults.site import Site, open_site
from tests.places import open_place
from tests.webchat import local_client
from tests.world import KEY

MANY = 20
# the web process waits so long, and not the usual seconds, for a server that is not there or does not answer; for one
# that is only slow, as on a busy machine, it waits as ever
IMPATIENT = {
    "concierge.inbox.arrival:PATIENCE": 1.0,
    "concierge.web.webhooks:ASKING": 2.0,
    "concierge.postgres.pool:LENT_WITHIN": 2.0,
    "concierge.postgres.silence:SILENT": 0.5,
}
DOORS = ("/v1/conversations", "/admin/outbox/unsent", "/metrics", "/console", "/health/ready")


class Durable:
    """A server of its own, on a disk, that can be stopped as a crash does, and started again where it was."""

    def __init__(self, postgres: EmbeddedPostgres, folder: Path) -> None:
        self.url = postgres.url
        self.account = server_account(folder)
        self.data = folder / "data"
        self.pid, self.socket = self._said().pid, self._said().socket
        self.command = [postgres.bindir / "postgres", "-D", self.data, "-k", self.socket, "--listen_addresses="]
        self.again: subprocess.Popen[bytes] | None = None

    async def crash(self) -> None:
        """An immediate shutdown: no client is told, nothing is flushed."""
        os.kill(self.pid, signal.SIGQUIT)

        async def is_gone() -> bool:
            return not (self.data / "postmaster.pid").exists()

        await until(is_gone, "the end of the server")
        if self.again is not None:
            self.again.wait(30)

    async def start(self) -> None:
        """The same server once more, which has to recover first."""
        self.again = subprocess.Popen(  # noqa: ASYNC220  it only starts it
            self.command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=self.socket, **self.account.popen
        )

        async def is_ready() -> bool:
            found = PidFile.of(self.data)
            return bool(found and found.ready)

        await until(is_ready, "the server")
        self.pid = self._said().pid

    async def take_writes(self, state: bool) -> None:
        """Whether it does; connections stay open, and hear of it soon."""
        async with await AsyncConnection.connect(self.url, autocommit=True) as conn:
            await conn.execute(f"alter system set default_transaction_read_only = {'off' if state else 'on'}".encode())
            await conn.execute("select pg_reload_conf()")

    def pause(self, number: signal.Signals) -> None:
        """SIGSTOP: connections stay open, and nobody answers on them; SIGCONT: it goes on where it was."""
        os.kill(self.pid, number)  # first, so that it starts nobody who would not be stopped
        for pid in descendants(self.pid):
            with suppress(ProcessLookupError):  # it has ended meanwhile
                os.kill(pid, number)

    def stop(self) -> None:
        if self.again is not None:
            self.again.send_signal(signal.SIGINT)
            self.again.wait(30)

    def _said(self) -> PidFile:
        found = PidFile.of(self.data)
        assert found is not None
        return found


@pytest.fixture(scope="module")
def durable() -> Iterator[Durable]:
    """With our schema. What it commits it writes, but it waits for no disk: it crashes, the machine does not."""
    with open_place() as place:
        folder = place / "postgres"
        with EmbeddedPostgres(folder, durable=False) as postgres:
            asyncio.run(migrate(postgres.url, lambda _line: None))
        with (folder / "data/postgresql.conf").open("a") as conf:
            conf.write("fsync = off\n")
        with EmbeddedPostgres(folder, durable=True) as postgres:
            server = Durable(postgres, folder)
            try:
                yield server
            finally:
                server.stop()


class Running:
    """A web and a worker process, for all tests here: they are to outlive everything."""

    def __init__(self, site: Site, web: Process, worker: Process, url: str) -> None:
        self.site = site
        self.web = web
        self.worker = worker
        self.url = url

    async def deliver(self, sender: str) -> httpx.Response:
        """The one message of this sender comes in, perhaps again."""
        return await self.site.deliver(self.url, id=f"wamid.{sender}", sender=sender)

    async def visit(self) -> list[httpx.Response]:
        """One request at each of the other doors, at once."""
        as_somebody = {"headers": {"x-api-key": KEY}, "cookies": {"concierge_console": "long ago"}}
        async with local_client(timeout=30, base_url=self.url, follow_redirects=True, **as_somebody) as client:
            return await asyncio.gather(*map(client.get, DOORS))

    async def until_taken(self, sender: str) -> None:
        """Deliver it until it is answered with 200, as Meta does."""

        async def is_taken() -> bool:
            return (await self.deliver(sender)).is_success

        await until(is_taken, f"a 200 for the message of {sender}")

    async def became(self, senders: Sequence[str]) -> list[str]:
        """The statuses of what is said to these people."""
        query = """
            select status from outbound_message o join contact_identity i on i.id = o.identity_id
            where i.value = any(%(to)s)
        """
        return [status for (status,) in await self.site.world.rows(query, to=list(senders))]

    async def until_answered(self, senders: Sequence[str]) -> None:
        """Wait until each has one answer, and all is done."""

        async def are_answered() -> bool:
            return await self.became(senders) == ["sent"] * len(senders)

        await until(are_answered, f"answers to {', '.join(senders)}")
        await self.site.until_idle()

    def told(self, senders: Sequence[str]) -> list[str]:
        """Those of these people to whom something was sent, as often as it was, in order of their numbers."""
        return sorted(to for each in self.site.graph.accepted if (to := each["to"].lstrip("+")) in senders)

    def both_live(self) -> bool:
        return (self.web.status, self.worker.status) == (None, None)


@pytest.fixture(scope="module")
async def running(durable: Durable, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    async with open_site(durable.url, tmp_path_factory.mktemp("site")) as site:
        web, url = await site.start_web(hurry=IMPATIENT)
        yield Running(site, web, site.start("worker"), url)


def people(first: int, count: int) -> list[str]:
    return [f"1555000{n:04}" for n in range(first, first + count)]


async def test_both_processes_live_on(running: Running, durable: Durable) -> None:
    senders = people(100, 6)
    await running.until_taken(senders[0])
    await running.until_answered(senders[:1])

    await durable.crash()
    assert (await running.deliver(senders[1])).status_code == 503
    await durable.start()

    begun = time.monotonic()
    await running.until_taken(senders[1])
    taken = time.monotonic() - begun
    await running.until_answered(senders[:2])
    print(f"after the restart: taken within {taken:.1f} s, answered within {time.monotonic() - begun:.1f} s")

    for sender in senders[2:]:
        assert (await running.deliver(sender)).is_success
    await running.until_answered(senders)
    assert running.both_live()
    assert running.told(senders) == senders


async def test_in_the_middle_of_work(running: Running, durable: Durable) -> None:
    """Whatever was under way when it died is done once; what was being sent may end as unknown, never twice."""
    senders, world = people(200, MANY), running.site.world
    for n, sender in enumerate(senders):
        if n == MANY // 2:
            await durable.crash()
            await durable.start()
        await running.until_taken(sender)
    kept = "select count(*) from inbound_message where provider_message_id = any(%(ids)s)"
    assert await world.one(kept, ids=[f"wamid.{each}" for each in senders]) == MANY

    async def all_handled() -> bool:
        return bool(await world.one("select bool_and(handled_seq = last_seq) from conversation"))

    begun = time.monotonic()
    await until(all_handled, "every conversation handled")
    print(f"everything handled {time.monotonic() - begun:.1f} s after the last message")
    await running.site.until_idle()
    statuses = await running.became(senders)
    assert len(statuses) == MANY
    assert set(statuses) <= {"sent", "sending"}
    told = running.told(senders)
    assert len(set(told)) == len(told) >= statuses.count("sent")
    assert running.both_live()


async def test_alive_but_not_answering(running: Running, durable: Durable) -> None:
    """Everybody hears 503 before they give up, and 200 once the server goes on; the worker does not even end."""
    senders = people(300, 3)
    await running.until_taken(senders[0])
    await running.until_answered(senders[:1])

    async def are_open() -> bool:
        return {each.status_code for each in await running.visit()} == {200}

    await until(are_open, "all doors, after the crashes before")

    durable.pause(signal.SIGSTOP)
    try:
        begun = time.monotonic()
        visited, *refused = await asyncio.gather(running.visit(), *(running.deliver(each) for each in senders[1:]))
        taken = time.monotonic() - begun
    finally:
        durable.pause(signal.SIGCONT)
    print(f"refused within {taken:.1f} s")
    assert [each.status_code for each in refused] == [503, 503]
    assert [(path, each.status_code) for path, each in zip(DOORS, visited, strict=True)] == [(p, 503) for p in DOORS]
    assert [each.json()["code"] for each in visited if "problem" in each.headers["content-type"]] == ["try-again"] * 3

    # one that was refused may have been stored all the same, once Postgres came to it: this is its second delivery
    for sender in senders[1:]:
        await running.until_taken(sender)
    await running.until_answered(senders)
    assert running.told(senders) == senders
    assert running.both_live()


async def test_alive_but_taking_no_writes(running: Running, durable: Durable) -> None:
    """It was demoted without a restart: it counts as none, and as one again as soon as it takes them."""
    senders = people(400, 2)
    await running.until_taken(senders[0])
    await running.until_answered(senders[:1])

    async def is_refused() -> bool:
        answer = await running.deliver(senders[0])
        assert answer.status_code in {200, 503}
        return answer.status_code == 503

    await durable.take_writes(False)
    try:
        await until(is_refused, "a 503, once it has heard of its new setting")
        refused, visited = await asyncio.gather(running.deliver(senders[1]), running.visit())
    finally:
        await durable.take_writes(True)
    assert {each.status_code for each in (refused, *visited)} == {503}
    for sender in senders:
        await running.until_taken(sender)
    await running.until_answered(senders)
    assert running.told(senders) == senders
    assert running.both_live()


async def test_it_stops_answering_in_the_middle_of_a_transaction(
    durable: Durable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(silence, "SILENT", 0.1)
    monkeypatch.setattr(silence, "GREETING", 0.1)
    name = "select name from tenant"

    async def change(pool: Pool) -> None:
        async with transaction(pool) as conn:
            await conn.execute("update tenant set name = 'half done'")
            durable.pause(signal.SIGSTOP)
            await conn.execute(name)

    async with make_pool(durable.url, size=1, name="amid") as pool:
        try:
            with pytest.raises(OperationalError):
                await asyncio.wait_for(change(pool), 10)
        finally:
            durable.pause(signal.SIGCONT)
        async with pool.connection() as conn:  # another one
            assert conn.info.transaction_status is TransactionStatus.IDLE
            assert ("half done",) not in await (await conn.execute(name)).fetchall()


async def test_it_stops_answering_and_whoever_waits_for_it_goes(
    durable: Durable, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who is cancelled waits for the server to take that, but no longer than for a greeting."""
    monkeypatch.setattr(silence, "GREETING", 0.1)
    asked = asyncio.Event()

    async def ask(pool: Pool) -> None:
        async with pool.connection() as conn:
            asked.set()
            await conn.execute("select pg_sleep(30)")

    async with make_pool(durable.url, size=1, name="gone") as pool:
        asking = asyncio.create_task(ask(pool))
        await asked.wait()
        durable.pause(signal.SIGSTOP)
        try:
            asking.cancel()
            ended, _ = await asyncio.wait([asking], timeout=silence.SILENT)  # what is silent is asked for after that
        finally:
            durable.pause(signal.SIGCONT)
    assert ended == {asking}
