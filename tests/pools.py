"""Pools to lend: a connection that has read the catalogues and functions once makes a test twice as quick.

A module's tests share an event loop, and with it the pools of the shared database.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from psycopg_pool import AsyncConnectionPool

from concierge.postgres.pool import Pool

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
        pool = idle.pop() if idle else make()
        await pool.open(wait=True)
        await pool.check()
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


OPEN: list[Pools] = []  # those of the module whose tests are running


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


def _is_whole(pool: AsyncConnectionPool) -> bool:
    stats = pool.get_stats()
    return not pool.closed and stats["pool_available"] == stats["pool_size"]
