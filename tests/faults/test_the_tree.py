"""`concierge run`: one command starts everything, and nothing of it outlives the command, however that ends."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.data_folder import PidFile
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.running import free_port, standing_on
from concierge.settings import load
from concierge.tree import ProcessTree
from tests.faults.processes import Process, alive, descendants, spent, until
from tests.places import open_place
from tests.webchat import local_client

if not Path("/proc").is_dir():
    pytest.skip("looks for processes in /proc", allow_module_level=True)

NEEDED = {
    "CONCIERGE_ENV": "development",
    "DATABASE_URL": "postgresql://nobody@localhost/none",
    "CONCIERGE_SECRET_KEYS": Fernet.generate_key().decode(),
}


class Tree:
    """`concierge run` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.runs: list[Process] = []

    async def start(self) -> tuple[Process, float]:
        """Start it; the process, and the seconds until it said that it is ready."""
        begun = time.monotonic()
        log = self.folder / f"run-{len(self.runs)}.log"
        run = Process(["run"], {"PORT": str(self.port), "LOG_LEVEL": "warning"}, log, folder=self.folder)
        self.runs.append(run)

        async def is_ready() -> bool:
            assert run.status is None, log.read_text()
            return "is ready at" in log.read_text()

        await until(is_ready, "the banner", seconds=30)
        return run, time.monotonic() - begun

    async def email(self, id: str) -> str:
        """Deliver a message; what became of it."""
        payload = {
            "messageId": id,
            "from": "alice@example.com",
            "to": "concierge@example.com",
            "subject": "Follow up",
            "timestamp": "2027-01-15T10:00:00Z",
            "textBody": "Remind me tomorrow at 9am to call the dentist",
        }
        async with local_client() as client:
            answer = await client.post(f"http://127.0.0.1:{self.port}/webhook/email", json=payload)
        return str(answer.json()["status"])

    def kill_postgres(self) -> None:
        """`kill -9` of the one that started all its processes."""
        said = PidFile.of((self.folder / ".concierge" / "postgres").resolve() / "data")
        assert said is not None
        os.kill(said.pid, signal.SIGKILL)


@pytest.fixture
async def tree() -> AsyncIterator[Tree]:
    with open_place() as place:
        opened = Tree(place)
        try:
            yield opened
        finally:
            for run in opened.runs:
                left = descendants(run.pid)
                run.kill()
                await until_dead(left)
                print(f"--- {run.log.name}\n{re.sub('x-api-key: .*', '', run.log.read_text())}")


async def until_dead(pids: set[int]) -> None:
    async def are_dead() -> bool:
        return not alive(pids)

    await until(are_dead, f"the end of {len(pids)} processes")


async def test_nothing_outlives_the_command(tree: Tree) -> None:
    run, first = await tree.start()
    assert await tree.email("msg-1") == "accepted"
    family = descendants(run.pid)
    assert len(alive(family)) > 3  # web, worker, Postgres and its own

    run.kill()
    await until_dead(family)

    run, second = await tree.start()
    cost = spent({run.pid} | descendants(run.pid))
    print(f"ready after {first:.1f} s from nothing, {second:.1f} s the second time, of which {cost:.1f} s of work")
    assert cost < 10  # half of it on a quiet machine, where the goal is 3 s by the clock
    assert await tree.email("msg-1") == "duplicate"
    assert await tree.email("msg-2") == "accepted"

    tree.kill_postgres()

    async def is_noticed() -> bool:  # its processes may answer until they notice
        return "Postgres ended; starting it again" in run.log.read_text()

    async def is_back() -> bool:
        return await tree.email("msg-2") == "duplicate"

    await until(is_noticed, "the end of Postgres")
    await until(is_back, "Postgres")
    family = descendants(run.pid)

    run.tell(signal.SIGINT)
    assert await run.ended() == 0
    await until_dead(family)


async def test_a_postgres_that_cannot_be_started_again_ends_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    tree, forever = ProcessTree(load(NEEDED), {}, []), asyncio.Event()

    class Broken(EmbeddedPostgres):
        def __init__(self) -> None:
            self.ended, theirs = os.pipe()
            os.close(theirs)

        def start_again(self) -> None:
            os.close(self.ended)
            raise EmbeddedPostgresError("the disk is full")

    async def prepare() -> str:
        await forever.wait()
        return "ready"

    assert await asyncio.wait_for(standing_on(Broken(), tree, prepare), 10) == 1
    assert "the disk is full" in capsys.readouterr().err


async def test_ctrl_c_does_not_wait_for_a_database_that_is_slow() -> None:
    tree, ended = ProcessTree(load(NEEDED), {}, []), list[str]()

    async def prepare() -> str:
        asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("in order")
        return "ready"

    assert await asyncio.wait_for(tree.run(prepare), 10) == 0
    assert ended == ["in order"]
    assert not tree.prepared.is_set()
