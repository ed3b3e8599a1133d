"""Questions an operator asks, one a file in `sql/ops/`, named as the question.

A file opens with `--` lines: the question in the first, then what is normal and what to do if not. Placeholders such
as `%(conversation)s` are filled from `name=value` words. The terminal and the admin API ask through the same two
functions; nothing asked can change a row.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from msgspec import Struct
from psycopg import AsyncConnection, AsyncRawCursor
from rich.console import Console, Group
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from concierge.errors import Malformed, Missing
from concierge.postgres.migrate import SQL

TIMEOUT_SECONDS = 15
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class Question(Struct, frozen=True, kw_only=True):
    """A file of `sql/ops/`."""

    name: str  # the file's, without its ending
    comment: list[str]  # its opening lines, without the dashes; the first is the question
    parameters: list[str]  # in the order of their first use
    sql: str


class Answer(Struct, frozen=True, kw_only=True):
    """What Postgres said: rows of values in the order of the columns."""

    columns: list[str]
    rows: list[tuple[Any, ...]]


def questions(folder: Path = SQL / "ops") -> list[Question]:
    """Every question, by name."""
    return [_read(path) for path in sorted(folder.glob("*.sql"))]


def question(name: str, folder: Path = SQL / "ops") -> Question:
    """The question of that name; raises Missing, naming those there are."""
    known = {each.name: each for each in questions(folder)}
    if name not in known:
        raise Missing(f"there is no question named {name}; there are {', '.join(known) or 'none'}")
    return known[name]


async def ask(conn: AsyncConnection[Any], asked: Question, values: Mapping[str, str]) -> Answer:
    """Ask in a read-only transaction of at most 15 s.

    `conn` must be idle. Raises Malformed when values are missing, unknown or not understood by Postgres.
    """
    if odd := values.keys() ^ set(asked.parameters):
        wanted = ", ".join(f"{name}=…" for name in asked.parameters) or "nothing"
        raise Malformed(f"{asked.name} takes {wanted}; missing or unknown: {', '.join(sorted(odd))}")
    sql = _PLACEHOLDER.sub(lambda found: f"${asked.parameters.index(found[1]) + 1}", asked.sql)
    async with conn.transaction(), AsyncRawCursor(conn) as cursor:
        await cursor.execute(b"set transaction read only")
        await cursor.execute(f"set local statement_timeout = '{TIMEOUT_SECONDS}s'".encode())
        try:
            await cursor.execute(sql.encode(), [values[name] for name in asked.parameters])
        except psycopg.DataError as error:
            raise Malformed(f"{asked.name}: {error.diag.message_primary}") from error
        return Answer(columns=[column.name for column in cursor.description or ()], rows=await cursor.fetchall())


async def show(url: str, words: Sequence[str], console: Console, *, folder: Path = SQL / "ops") -> None:
    """Print the answer to `NAME name=value …`, or without words the list of questions."""
    if not words:
        console.print(_listed(questions(folder)))
        return
    asked = question(words[0], folder)
    async with await AsyncConnection.connect(url, autocommit=True) as conn:
        answer = await ask(conn, asked, _values(words[1:]))
    console.print(_printed(asked, answer, console), soft_wrap=True)


def _read(path: Path) -> Question:
    sql = path.read_text(encoding="utf-8")
    comment = []
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        comment.append(line.removeprefix("--").strip())
    parameters = list(dict.fromkeys(_PLACEHOLDER.findall(sql)))
    return Question(name=path.stem, comment=comment or [""], parameters=parameters, sql=sql)


def _values(words: Sequence[str]) -> dict[str, str]:
    for word in words:
        if "=" not in word:
            raise Malformed(f"{word!r} is not of the form name=value")
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _listed(known: Sequence[Question]) -> Table:
    table = Table("name", "question", box=None, pad_edge=False)
    for each in known:
        table.add_row(" ".join([each.name, *(f"{name}=…" for name in each.parameters)]), each.comment[0], style=None)
    return table


def _printed(asked: Question, answer: Answer, console: Console) -> Group:
    """A table where it fits the width; else one record a block, so that an id can be copied and a text be read."""
    rows = [[_text(value) for value in row] for row in answer.rows]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in answer.columns:
        table.add_column(column, no_wrap=True, overflow="ignore")
    for row in rows:
        table.add_row(*map(escape, row))
    unbounded = console.options.update(max_width=100_000)
    fits = Measurement.get(console, unbounded, table).maximum <= console.width
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return Group(*asked.comment, "", table if fits else _blocks(answer.columns, rows), f"({count})")


def _blocks(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Text:
    width = max(map(len, columns)) + 2
    indented = "\n" + " " * width
    shown = Text(no_wrap=True, overflow="ignore")
    for row in rows:
        for column, value in zip(columns, row, strict=True):
            shown.append(f"{column:<{width}}", style="bold").append(value.replace("\n", indented) + "\n")
        shown.append("\n")
    return shown


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.isoformat(sep=" ", timespec="seconds")
        case timedelta():
            return str(timedelta(seconds=round(value.total_seconds())))
    return str(value)
