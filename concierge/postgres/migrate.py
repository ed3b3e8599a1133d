"""Brings a database to the schema of this version: forward only, each file once, one process at a time.

Three kinds of file run, in this order, and the table `migration` records name and hash of each:

- procrastinate's own migrations, from the installed package, as `procrastinate/…`
- `sql/migrations/NNNN_name.sql`, in a transaction each; with `-- no-transaction` as first line the file is one bare
  statement, which must bear being run twice (`create index concurrently if not exists …`)
- `sql/functions/name.sql`, as `functions/…`: `create or replace`, run again whenever the file has changed
"""

import asyncio
import hashlib
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import AsyncConnection
from psycopg.rows import tuple_row

from concierge.errors import MigrationError
from concierge.postgres.pool import PATIENT, REACHED_WITHIN, connection_options

SQL = Path(str(resources.files("concierge") / "sql"))
"""The project's own SQL, in a checkout and in an installed package alike."""

LOCK = 0x636F6E63696572  # "concier"; held while migrating
_LOCK_SECONDS = 60
_NAME = re.compile(r"\d{4}_[a-z0-9_]+\.sql")
_LEDGER = b"""
    create table if not exists migration (
        name   text primary key,
        sha256 text not null,
        at     timestamptz not null default now()
    )
"""
_RECORD = """
    insert into migration (name, sha256) values (%s, %s)
    on conflict (name) do update set sha256 = excluded.sha256, at = now()
"""


class Migration(Struct, frozen=True, kw_only=True):
    """One file that changes the schema."""

    kind: str  # procrastinate, migrations or functions
    name: str  # as in the ledger
    sql: str  # lines end with \\n

    @property
    def sha256(self) -> str:
        """What the ledger keeps, in hexadecimal."""
        return hashlib.sha256(self.sql.encode()).hexdigest()

    @property
    def in_transaction(self) -> bool:
        """Whether the file and its row in the ledger are one transaction."""
        return not self.sql.startswith("-- no-transaction\n")


async def migrate(url: str, report: Callable[[str], None], *, sql: Path = SQL) -> list[str]:
    """Apply what is missing and give its names, telling `report` a line at a time.

    `url` must lead straight to Postgres: the lock does not survive a pooler in transaction mode. Raises MigrationError
    when files and ledger disagree, naming all problems; when a file fails, naming its line; and when another process
    holds the lock for a minute.
    """
    files = _files(sql)
    async with _connection(url, report) as conn, _locked(conn, report):
        await conn.execute(_LEDGER)
        ledger = await _ledger(conn)
        if problems := _problems(files, ledger):
            raise MigrationError("\n  ".join(["files and database disagree; nothing was done:", *problems]))
        gone = [name for name in ledger if name.startswith("functions/") and name not in {file.name for file in files}]
        await conn.execute("delete from migration where name = any(%s)", [gone])
        todo = _todo(files, ledger)
        for number, file in enumerate(todo, 1):
            begun = time.monotonic()
            await _apply(conn, file)
            report(f"{number}/{len(todo)} {file.name} ({(time.monotonic() - begun) * 1000:.0f} ms)")
        return [file.name for file in todo]


async def pending(conn: AsyncConnection[Any], *, sql: Path = SQL) -> list[str]:
    """The names of the files that this version has and the database lacks; empty when it is ready."""
    return [file.name for file in _todo(_files(sql), await _ledger(conn))]


def _files(sql: Path) -> list[Migration]:
    """Every file in the order of its running; raises MigrationError on names that are wrong."""
    ours = sorted((sql / "migrations").glob("*.sql"))
    problems = [f"{path.name} is not named NNNN_name.sql" for path in ours if not _NAME.fullmatch(path.name)]
    numbers = Counter(path.name[:4] for path in ours)
    problems += [f"the number {number} is used {times} times" for number, times in numbers.items() if times > 1]
    if problems:
        raise MigrationError("\n  ".join(["sql/migrations cannot be read:", *problems]))
    return [
        *_read("procrastinate", sorted(_procrastinate().glob("*.sql")), prefix="procrastinate/"),
        *_read("migrations", ours, prefix=""),
        *_read("functions", sorted((sql / "functions").glob("*.sql")), prefix="functions/"),
    ]


def _procrastinate() -> Path:
    """Its own migrations; found without loading it, which takes as long as all else here."""
    found = find_spec("procrastinate")
    if found is None or found.origin is None:
        raise MigrationError("procrastinate is not installed")
    return Path(found.origin).parent / "sql" / "migrations"


def _read(kind: str, paths: Iterable[Path], *, prefix: str) -> Iterable[Migration]:
    for path in paths:
        yield Migration(kind=kind, name=f"{prefix}{path.name}", sql=path.read_text(encoding="utf-8-sig"))


def _todo(files: Iterable[Migration], ledger: Mapping[str, str]) -> list[Migration]:
    return [file for file in files if ledger.get(file.name) != file.sha256]


def _problems(files: list[Migration], ledger: Mapping[str, str]) -> list[str]:
    """All ways in which files and ledger disagree; functions may change and go."""
    problems = []
    for kind in ("procrastinate", "migrations"):
        known = [file for file in files if file.kind == kind]
        names = {file.name for file in known}
        applied = sorted(name for name in ledger if (name.partition("/")[0] if "/" in name else "migrations") == kind)
        problems += [f"{name} was applied, and there is no such file" for name in applied if name not in names]
        for file in known:
            if file.name in ledger and ledger[file.name] != file.sha256:
                problems.append(f"{file.name} was changed after it was applied")
            elif file.name not in ledger and applied and file.name < applied[-1]:
                problems.append(f"{file.name} is new, and sorts before {applied[-1]}, which was applied")
    return problems


async def _apply(conn: AsyncConnection[Any], file: Migration) -> None:
    """Run one file and record it."""
    record = (_RECORD, (file.name, file.sha256))
    try:
        if file.in_transaction:
            async with conn.transaction():
                await conn.execute("set local lock_timeout = '5s'")  # rather fail than make the whole service wait
                await conn.execute(file.sql.encode())
                await conn.execute(*record)
        else:
            await conn.execute(file.sql.encode())
            await conn.execute(*record)
    except psycopg.Error as error:
        raise MigrationError(_explained(file, error)) from error


def _explained(file: Migration, error: psycopg.Error) -> str:
    """The error with file and line, where Postgres says the place."""
    position = error.diag.statement_position
    line = f", line {file.sql.count(chr(10), 0, int(position) - 1) + 1}" if position else ""
    details = (error.diag.message_primary or str(error), error.diag.message_detail, error.diag.message_hint)
    return f"{file.name}{line}: {'; '.join(detail for detail in details if detail)}"


@asynccontextmanager
async def _connection(url: str, report: Callable[[str], None]) -> AsyncIterator[AsyncConnection[Any]]:
    async with await _reached(url, report) as conn:
        await conn.execute("set client_min_messages = warning")
        await conn.execute("set statement_timeout = 0")
        yield conn


async def _reached(url: str, report: Callable[[str], None]) -> AsyncConnection[Any]:
    """A connection to a server that may begin when we do. Raises MigrationError."""
    options = connection_options(url, name="migrate", longest=0)  # 0: as long as it takes
    deadline = time.monotonic() + PATIENT
    waiting = False
    while True:
        try:
            return await AsyncConnection.connect(url, autocommit=True, prepare_threshold=None, **options)
        except psycopg.OperationalError as error:
            if time.monotonic() > deadline:
                raise MigrationError(f"the database does not answer: {error}") from error
            if not waiting:
                report(f"waiting for the database: {error}")
        waiting = True
        await asyncio.sleep(REACHED_WITHIN)


@asynccontextmanager
async def _locked(conn: AsyncConnection[Any], report: Callable[[str], None]) -> AsyncIterator[None]:
    """Hold the lock. It is polled for: a waiter inside Postgres would block `create index concurrently` for ever."""
    deadline = time.monotonic() + _LOCK_SECONDS
    waiting = False
    while not await _scalar(conn, "select pg_try_advisory_lock(%s)", LOCK):
        if time.monotonic() > deadline:
            raise MigrationError(f"another process has been migrating for {_LOCK_SECONDS} s; its lock is {LOCK}")
        if not waiting:
            report("another process is migrating; waiting for it")
        waiting = True
        await asyncio.sleep(0.05)
    try:
        yield
    finally:
        if not conn.closed:
            await conn.execute("select pg_advisory_unlock(%s)", [LOCK])


async def _ledger(conn: AsyncConnection[Any]) -> dict[str, str]:
    """Name to hash of everything applied; empty in a new database."""
    if await _scalar(conn, "select to_regclass(%s) is null", "migration"):
        return {}
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute("select name, sha256 from migration")
        return dict(await cursor.fetchall())


async def _scalar(conn: AsyncConnection[Any], sql: str, argument: object) -> Any:
    async with conn.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(sql.encode(), [argument])
        row = await cursor.fetchone()
    return row and row[0]
