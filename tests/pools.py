"""Pools to lend: a connection that has read the catalogues and functions once makes a test twice as quick.

All tests share an event loop, and with it the pools of the shared database.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from concierge.postgres.pool import Pool
from concierge.postgres.query import Conn

Maker = Callable[[], Pool]


class Pools:
    """The pools over one database that nobody has at the moment, by what they are for."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._idle: dict[str, list[Pool]] = {}

    @asynccontextmanager
    async def lent(self, purpose: str, make: Maker) -> AsyncIterator[Pool]:
        """An open pool, nobody else's meanwhile; one that came back with all its connections in order, or a new one."""
        idle = self._idle.setdefault(purpose, [])
        pool = idle.pop() if idle else _quick(make())
        await pool.open(wait=True)
        try:
            yield pool
        finally:
            if _is_whole(pool):
                idle.append(pool)
            else:
                await pool.close()

    async def close(self) -> None:
        """Close those that came back."""
        for pools in self._idle.values():
            for pool in pools:
                await pool.close()


OPEN: list[Pools] = []  # those of the tests that are running


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Pools]:
    """From now on pools over the database at `url` are lent."""
    pools = Pools(url)
    OPEN.append(pools)
    try:
        yield pools
    finally:
        OPEN.remove(pools)
        await pools.close()


@asynccontextmanager
async def borrowed(url: str, purpose: str, make: Maker) -> AsyncIterator[Pool]:
    """A pool over the database at `url`; one of its own where none are lent for it."""
    for pools in OPEN:
        if pools.url == url:
            async with pools.lent(purpose, make) as pool:
                yield pool
            return
    async with make() as pool:
        yield pool


def _quick(pool: Pool) -> Pool:
    """The pool, whose connections plan a statement when they meet it, and never again.

    Tests ask thousands of statements once or twice, which psycopg and Postgres plan anew each of the first ten times;
    which plans they get where there is much is shown in tests/schema.
    """
    configure = pool._configure
    options = f"{pool.kwargs.get('options', '')} -c plan_cache_mode=force_generic_plan"
    pool.kwargs |= {"prepare_threshold": 0, "options": options}

    async def remember(conn: Conn) -> None:
        conn.prepared_max = 1_000
        # psycopg forgets all statements when a transaction is rolled back, for the tables that may have gone with it
        conn._prepared.clear = lambda: False  # type: ignore[method-assign]
        if configure is not None:
            await configure(conn)

    pool._configure = remember
    return pool


def _is_whole(pool: Pool) -> bool:
    stats = pool.get_stats()
    return not pool.closed and stats["pool_available"] == stats["pool_size"]
