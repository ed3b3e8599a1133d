"""To be told that a server is silent costs those whose server answers nothing: no timer more, and no connection."""

import asyncio

from concierge.postgres.pool import make_pool
from concierge.postgres.silence import SILENT


def test_a_statement_sets_one_timer(empty_url, monkeypatch):
    timers = []

    async def ask():
        async with make_pool(empty_url, size=1, name="timed") as pool, pool.connection() as conn:
            loop = asyncio.get_running_loop()
            later = loop.call_later
            monkeypatch.setattr(loop, "call_later", lambda delay, *rest: timers.append(delay) or later(delay, *rest))
            await conn.execute("select pg_sleep(0.2)")  # psycopg's own would look up once meanwhile
            monkeypatch.undo()

    asyncio.run(ask())
    assert timers == [SILENT]
