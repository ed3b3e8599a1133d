"""Who reads the schema learns from it what a row is, whose it is, and in which states it can be."""

import pytest

from concierge.postgres.query import Conn

OURS = """
    select c.oid::regclass::text, obj_description(c.oid)
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname !~ '^procrastinate_'
      and c.relname <> 'migration'
"""
COLUMNS = """
    select table_name || '.' || column_name, data_type from information_schema.columns
    where table_schema = 'public' and table_name !~ '^procrastinate_' and table_name <> 'migration'
"""
NOT_A_TENANTS = {
    "tenant",
    "unrouted_message",
    "delivery_attempt",
    "model_breaker",
    "queue_pause",
    "tick",
    "login_try",
}  # itself; nobody's; its message's; a vendor's; the machine's; whose nobody must learn


@pytest.fixture
async def tables(conn: Conn) -> dict[str, str | None]:
    return dict(await (await conn.execute(OURS)).fetchall())


@pytest.fixture
async def columns(conn: Conn) -> dict[str, str]:
    return dict(await (await conn.execute(COLUMNS)).fetchall())


async def test_every_table_says_what_a_row_is(tables: dict[str, str | None]) -> None:
    assert len(tables) >= 14
    assert [name for name, comment in tables.items() if not comment or not comment.endswith(".")] == []


async def test_every_row_belongs_to_a_tenant(
    conn: Conn, tables: dict[str, str | None], columns: dict[str, str]
) -> None:
    for table in tables.keys() - NOT_A_TENANTS:
        assert columns.get(f"{table}.tenant_id") == "uuid", table
        bound = await conn.execute(
            "select 1 from pg_constraint where contype = 'f' and conrelid = %s::regclass"
            " and confrelid = 'tenant'::regclass",
            [table],
        )
        assert await bound.fetchall(), f"{table}.tenant_id refers to no tenant"


async def test_every_instant_has_a_zone(columns: dict[str, str]) -> None:
    """But the wall clock of a person, which is meant without one."""
    without = [name for name, kind in columns.items() if kind == "timestamp without time zone"]
    assert sorted(without) == ["booking.wall", "booking.wish", "task.rule_from", "task.wall"]


async def test_every_status_is_checked(conn: Conn, columns: dict[str, str]) -> None:
    for column in columns:
        table, _, name = column.partition(".")
        if name == "status":
            checks = await conn.execute(
                "select 1 from pg_constraint where contype = 'c' and conrelid = %s::regclass"
                " and pg_get_constraintdef(oid) like '%%status%%'",
                [table],
            )
            assert await checks.fetchall(), column
