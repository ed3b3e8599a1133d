"""What sqlc promises, without generated code: Postgres itself reads every statement against the migrated schema."""

import importlib
import pkgutil
import re
from collections.abc import Iterator

import psycopg
import pytest
from msgspec import Struct

import concierge
from concierge.postgres.query import QUERIES, Query
from tests.each import each

for module in pkgutil.walk_packages(concierge.__path__, "concierge."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)


@pytest.fixture(scope="module")
def connection(shared_database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(shared_database, autocommit=True) as opened:
        yield opened


@each("query", QUERIES)
def test_a_query_fits_the_schema(connection: psycopg.Connection, query: Query) -> None:
    """Postgres parses it; its columns are the fields of its Struct, or one where it gives a plain value."""
    sql = query.sql
    for n, name in enumerate(query.params, 1):
        sql = re.sub(rf"%\({name}\)[sbt]", f"${n}", sql)
    answer = connection.pgconn.prepare(b"", sql.replace("%%", "%").encode())
    assert not answer.error_message, answer.error_message.decode()
    described = connection.pgconn.describe_prepared(b"")
    columns = [(described.fname(n) or b"").decode() for n in range(described.nfields)]
    if isinstance(query.row, type) and issubclass(query.row, Struct):
        assert sorted(columns) == sorted(query.row.__struct_fields__)
    elif query.row is not None:
        assert len(columns) == 1


def test_there_are_queries() -> None:
    assert len(QUERIES) > 50
    assert {query.name.split(".")[1] for query in QUERIES} >= {
        "tenants",
        "conversations",
        "inbox",
        "outbox",
        "followups",
    }


@each("query", QUERIES)
def test_a_query_lists_its_columns_and_is_told_the_time(query: Query) -> None:
    assert not re.search(r"select \*|returning \*", query.sql)
    assert query.sql.strip()[:6].islower()
    if not any(room in query.name for room in ("worker", "machine", "tenants")):
        assert "now()" not in query.sql
