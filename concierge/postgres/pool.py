"""The pool of connections, and the mark that a transaction is open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import Any

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from concierge.postgres.query import Conn

Pool = AsyncConnectionPool[Conn]

_open: ContextVar[bool] = ContextVar("transaction_open", default=False)


def make_pool(url: str, *, size: int, name: str) -> Pool:
    """A pool of `size` autocommit connections, not yet open.

    No `check=`: it replaces dead connections one by one with growing pauses after a restart of the server;
    whoever meets an OperationalError calls `pool.check()` instead.
    """
    keepalive = {"keepalives": 1, "keepalives_idle": 30, "keepalives_interval": 5, "keepalives_count": 3}
    return AsyncConnectionPool(
        url,
        min_size=min(size, 2),
        max_size=size,
        open=False,
        name=name,
        timeout=10,
        reconnect_timeout=30,
        configure=_autocommit,
        kwargs={"application_name": f"concierge-{name}", "connect_timeout": 5, **keepalive},
    )


async def _autocommit(conn: AsyncConnection[Any]) -> None:
    await conn.set_autocommit(True)


@asynccontextmanager
async def transaction(pool: Pool) -> AsyncIterator[Conn]:
    """A connection with a transaction open; commits at the end, rolls back on any error."""
    async with pool.connection() as conn, conn.transaction():
        mark = _open.set(True)
        try:
            yield conn
        finally:
            _open.reset(mark)


def transaction_is_open() -> bool:
    """Whether this task is inside `transaction()`: no foreign call may be made now."""
    return _open.get()
