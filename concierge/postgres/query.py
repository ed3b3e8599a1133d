"""SQL stands above the typed function it becomes.

    @query("select id, title from task where id = %(id)s")
    async def find(conn: Conn, id: UUID) -> Task | None:
        "The task, if there is one."

The return type says how many rows there are: `list[T]` any number, `T | None` at most one, `T` exactly one,
`None` nobody looks. A Struct is filled by column name, anything else takes the first column. Placeholders must
equal the parameters, which is checked at import; `tests/schema` has Postgres itself check the rest.
"""

import functools
import inspect
import re
import types
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, LiteralString, ParamSpec, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import msgspec
from psycopg import AsyncConnection, AsyncCursor
from psycopg.rows import tuple_row
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads

P = ParamSpec("P")
T = TypeVar("T")
Conn = AsyncConnection[Any]

set_json_loads(msgspec.json.decode)
set_json_dumps(msgspec.json.encode)

_PLACEHOLDER = re.compile(r"%\((\w+)\)[sbt]")


class NoRow(LookupError):
    """A statement that must give a row gave none."""


class Query:
    """One statement: its SQL, its parameters and the type of its rows."""

    def __init__(self, sql: LiteralString, function: Callable[..., Any]) -> None:
        self.sql = sql
        self.name = f"{function.__module__}.{function.__qualname__}"
        self.params = [name for name in inspect.signature(function).parameters if name != "conn"]
        self.many, self.optional, self.row = _shape(get_type_hints(function)["return"])
        self._columns: list[str] = []  # as msgspec names them; known when the first rows have come
        used = set(_PLACEHOLDER.findall(sql))
        if used != set(self.params):
            odd = ", ".join(sorted(used ^ set(self.params)))
            raise TypeError(f"{self.name}: placeholders and parameters differ in {odd}")

    async def run(self, conn: Conn, given: Mapping[str, Any]) -> Any:
        """Execute it and fill its rows. Raises NoRow, and what psycopg raises."""
        async with conn.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(self.sql, {name: _adapted(value) for name, value in given.items()})
            if self.row is None:
                return None
            if self.many:
                return self._filled(cursor, await cursor.fetchall())
            rows = self._filled(cursor, await cursor.fetchmany(1))
        if rows or self.optional:
            return rows[0] if rows else None
        raise NoRow(self.name)

    def _filled(self, cursor: AsyncCursor[Any], rows: list[tuple[Any, ...]]) -> list[Any]:
        if not isinstance(self.row, type) or not issubclass(self.row, msgspec.Struct):
            return [row[0] for row in rows]
        if not self._columns:
            # a Struct's `rename` is for what goes out; columns have the names of its fields
            encoded = dict(zip(self.row.__struct_fields__, self.row.__struct_encode_fields__, strict=True))
            self._columns = [encoded.get(column.name, column.name) for column in cursor.description or ()]
        return [msgspec.convert(dict(zip(self._columns, row, strict=True)), self.row) for row in rows]


QUERIES: list[Query] = []
"""Every statement of the program, for the tests that show them to Postgres."""


def query(sql: LiteralString) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    """Turn the signature below into a function that runs `sql`. Raises TypeError at import, NoRow when called."""

    def bind(function: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        statement = Query(sql, function)
        QUERIES.append(statement)

        @functools.wraps(function)
        async def run(*args: P.args, **kwargs: P.kwargs) -> T:
            conn, *positional = args
            given = dict(zip(statement.params, positional, strict=False)) | kwargs
            return cast("T", await statement.run(cast("Conn", conn), given))

        return run

    return bind


def _shape(annotation: Any) -> tuple[bool, bool, Any]:
    """(many, optional, type of one row); a type of None means that nobody looks at the rows."""
    if annotation is None or annotation is type(None):
        return False, True, None
    if get_origin(annotation) is list:
        return True, True, get_args(annotation)[0]
    if get_origin(annotation) in (Union, types.UnionType):
        (row,) = (each for each in get_args(annotation) if each is not type(None))
        return False, True, row
    return False, False, annotation


def _adapted(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | msgspec.Struct) else value
