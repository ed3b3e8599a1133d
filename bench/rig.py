"""What is measured: a durable Postgres of our own, our real processes over it, and pgbench beside them."""

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, LiteralString
from urllib.request import urlopen

import psycopg
from cryptography.fernet import Fernet

from concierge import settings as environment
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.migrate import migrate
from concierge.running import free_port
from concierge.tenants.seeding import seed
from concierge.wiring import wire

ACCOUNT = "106540352242922"
SECRET = "s3cret"


class Rig:
    """A migrated and seeded database, empty but for that, as production would have it."""

    def __init__(self, url: str, folder: Path, *, bindir: Path | None = None, **changes: str) -> None:
        self.url = url
        self.folder = folder
        self.bindir = bindir  # where pgbench is
        self.processes: dict[str, int] = {}  # those that run, with their ids
        self.environ = {
            "CONCIERGE_ENV": "production",
            "DATABASE_URL": url,
            "CONCIERGE_SECRET_KEYS": Fernet.generate_key().decode(),
            "ADMIN_API_KEY": "operator-key-for-benchmarks",
            "EMAIL_WEBHOOK_SECRET": SECRET,
            "WHATSAPP_APP_SECRET": SECRET,
            "WHATSAPP_PHONE_NUMBER_ID": ACCOUNT,
            "LOG_LEVEL": "warning",
            "LOG_FORMAT": "json",
            **changes,
        }
        self.settings = environment.load(self.environ)

    async def prepare(self) -> None:
        await migrate(self.url, lambda _line: None)
        runtime = wire(self.settings, name="seed")
        await runtime.pool.open()
        await seed(runtime)
        await runtime.close()

    def rows(self, sql: LiteralString, *parameters: Any) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.url, autocommit=True) as conn:
            cursor = conn.execute(sql, parameters or None)
            return cursor.fetchall() if cursor.description else []

    def one(self, sql: LiteralString, *parameters: Any) -> Any:
        return self.rows(sql, *parameters)[0][0]

    def forget(self) -> None:
        """Back to a quiet morning: 5,000 people have written once, everything is handled, statistics are fresh."""
        self.rows("truncate procrastinate_jobs, contact cascade")
        self.keep(range(5_000), run="before", text="Good morning")
        self.rows("update conversation set handled_seq = last_seq")
        self.rows("truncate procrastinate_jobs cascade")
        self.rows("vacuum analyze")
        self.rows("checkpoint")

    def keep(self, people: range, *, run: str, text: str) -> None:
        """Store a message from each, as the web process would, fifty at a time."""
        for first in people[::50]:
            self.rows(_KEEP, run, text, first, min(first + 49, people[-1]))

    @contextmanager
    def web(self) -> Iterator[int]:
        """A web process; its port."""
        port = free_port()
        with self._process("web", PORT=str(port)):
            until(lambda: _is_ready(port), "the web process")
            yield port

    @contextmanager
    def worker(self) -> Iterator[None]:
        """A worker process that has begun to look for jobs."""
        with self.workers(1):
            yield

    @contextmanager
    def workers(self, count: int) -> Iterator[None]:
        """So many of them."""
        with ExitStack() as processes:
            for _ in range(count):
                processes.enter_context(self._process("worker"))
            until(lambda: self.one("select count(*) from procrastinate_workers") >= count, "the workers")
            yield
        self.rows("delete from procrastinate_workers")

    def pgbench(self, script: str, *, clients: int, seconds: float) -> tuple[float, float]:
        """Transactions a second and their mean latency in ms."""
        path = self.folder / "script.sql"
        path.write_text(script)
        if self.bindir is None:
            raise RuntimeError("pgbench: this Postgres is not ours")
        threads = min(clients, 2)
        command = [self.bindir / "pgbench", "-n", "-M", "prepared", "-f", path]
        command += ["-c", str(clients), "-j", str(threads), "-T", str(max(1, round(seconds))), self.url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        rate = re.search(r"tps = ([\d.]+)", done.stdout)
        latency = re.search(r"latency average = ([\d.]+)", done.stdout)
        if done.returncode or rate is None or latency is None:
            raise RuntimeError(f"pgbench: {done.stdout}{done.stderr}")
        return float(rate[1]), float(latency[1])

    @contextmanager
    def _process(self, command: str, **changes: str) -> Iterator[None]:
        name = next(name for n in range(1, 100) if (name := f"{command} {n}") not in self.processes)
        with self.started(command, {**self.environ, **changes, "PATH": os.environ["PATH"]}) as pid:
            self.processes[name] = pid
            try:
                yield
            finally:
                del self.processes[name]

    @contextmanager
    def started(self, command: str, environ: Mapping[str, str]) -> Iterator[int]:
        """A process of ours, told to stop at the end; its id."""
        process = subprocess.Popen(
            [sys.executable, "-m", "concierge", command, "--with-parent"],
            env=environ,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL if not os.environ.get("BENCH_LOG") else None,
        )
        if process.stdin is not None:  # what `--with-parent` waits for
            process.stdin.write(b"\n")
            process.stdin.flush()
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(40)
            if process.stdin is not None:
                process.stdin.close()


_KEEP: LiteralString = """
    select count(*) from (
        select accept_inbound(
            now(), array_agg(a.id), array_agg('phone'::text), array_agg('1650' || lpad(n::text, 7, '0')),
            array_agg('Sheena Nelson'::text), array_agg('wamid.' || %s::text || '.' || n), array_agg('text'::text),
            array_agg(%s::text), array_agg(null::text), array_agg(null::text), array_agg(null::text), array_agg(now()),
            array_agg('{}'::bytea), array_agg('bench'::text), '{}', '{}', '{}', array_agg(null::jsonb))
        from generate_series(%s::int, %s::int) n, channel_account a where a.channel = 'whatsapp'
    ) kept
"""


@contextmanager
def open_rig(**changes: str) -> Iterator[Rig]:
    """A rig on a disk: commits are synced. `changes` are environment variables."""
    # not below the caller's folder, which for root may be closed to the server's account
    folder = Path(tempfile.mkdtemp(prefix="concierge-bench-", dir="/var/tmp" if Path("/var/tmp").is_dir() else None))
    folder.chmod(0o755)
    try:
        with EmbeddedPostgres(folder / "postgres", durable=True) as postgres:
            rig = Rig(postgres.url, folder, bindir=postgres.bindir, **changes)
            asyncio.run(rig.prepare())
            yield rig
    finally:
        shutil.rmtree(folder)


def accept(rig: Rig) -> str:
    """A pgbench script that does what one webhook does: the same function, one message of 1 KB, one commit."""
    account = rig.one("select id from channel_account where channel = 'whatsapp'")
    return rf"""
\set n random(1, 1000000000000)
\set sender random(0, 4999)
select n, status, inbound_id from accept_inbound(
    now(), array['{account}'::uuid], array['phone'], array['1650' || lpad(:sender::text, 7, '0')],
    array['Sheena Nelson'], array['wamid.HBgLMTY1MDUzOTg' || :client_id || '.' || :n], array['text'],
    array[repeat('parcel ', 70)], array[null::text], array[null::text], array[null::text], array[now()],
    array[convert_to(repeat('parcel ', 95), 'UTF8')], array['0123456789abcdef0123456789abcdef'],
    array[]::int[], array[]::text[], array[]::text[], array[null::jsonb]);
"""


def until(holds: Callable[[], bool], what: str, *, seconds: float = 60.0, pause: float = 0.02) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:g} s in vain for {what}")
        time.sleep(pause)


def _is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
