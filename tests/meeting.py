"""Two transactions that meet: what the second does is looked at once it waits for the first, or has not had to."""

import asyncio
from typing import Any

from concierge.postgres.query import Conn
from tests.world import World

WAITING = "select true from pg_stat_activity where %(pid)s = any(pg_blocking_pids(pid))"


async def met(world: World, first: Conn, second: asyncio.Task[Any]) -> None:
    """Until `second` waits for what the transaction of `first` holds, or has come to its end without."""
    async with asyncio.timeout(10):
        while not second.done() and not await world.rows(WAITING, pid=first.info.backend_pid):
            pass
