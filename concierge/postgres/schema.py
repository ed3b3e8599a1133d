"""`sql/schema.sql`: the whole schema, to be read in one place; made from the migrations and kept equal by a test."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from concierge.errors import EmbeddedPostgresError
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.migrate import SQL, migrate

_HEADER = (
    "-- The schema after all migrations, without procrastinate's own. Made by `make schema`; change a migration.\n"
)
_ENTRY = re.compile(r"^--\n-- Name: (?P<name>.+?); Type: (?P<type>.+?); Schema: .*\n--\n", re.MULTILINE)
_THEIRS = re.compile(r"(?:COLUMN |TABLE |FUNCTION )?(?:idx_)?procrastinate_")
_NOISE = ("SET default_table", "\\unrestrict ", "-- PostgreSQL database dump")


def generate(sql: Path = SQL) -> str:
    """The schema that the migrations make on a new embedded server. Raises EmbeddedPostgresError, MigrationError."""
    with EmbeddedPostgres(None, durable=False) as server:
        asyncio.run(migrate(server.url, lambda _line: None, sql=sql))
        return dump(server.url, server.bindir)


def dump(url: str, bindir: Path) -> str:
    """The schema of a database, without what differs between machines and without procrastinate's own objects."""
    command = [str(bindir / "pg_dump"), "--schema-only", "--no-owner", "--no-privileges", "--dbname", url]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise EmbeddedPostgresError(f"pg_dump failed: {done.stderr.strip()}")
    return _HEADER + "".join(f"\n\n-- {title}\n\n{body}\n" for title, body in _ours(done.stdout))


def _ours(dumped: str) -> Iterator[tuple[str, str]]:
    """Title and text of every entry that is the project's."""
    entries = list(_ENTRY.finditer(dumped))
    for entry, following in zip(entries, [*entries[1:], None], strict=True):
        text = dumped[entry.end() : following.start() if following else None]
        lines = [line for line in text.splitlines() if not line.startswith(_NOISE)]
        body = "\n".join(lines).strip(" \n-")
        if body and not _THEIRS.match(entry["name"]):
            yield f"{entry['type'].lower()} {entry['name'].partition('(')[0]}", body
