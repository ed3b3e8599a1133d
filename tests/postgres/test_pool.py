"""Few connections know much: what comes seldom meets a server process that has done it before, and no compiler."""

import asyncio

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from psycopg_pool.pool_async import AddConnection

from concierge.postgres.pool import make_pool


async def backend(pool):
    async with pool.connection() as conn:
        return conn.info.backend_pid


def test_the_connection_that_came_back_last_is_lent_next(empty_url):
    async def lent():
        async with make_pool(empty_url, size=2, name="warm") as pool:
            await pool.wait()
            async with pool.connection() as one, pool.connection() as other:
                both = {one.info.backend_pid, other.info.backend_pid}
            last = one.info.backend_pid  # blocks end with the inner one first
            return both, last, {await backend(pool) for _ in range(5)}

    both, last, met = asyncio.run(lent())
    assert len(both) == 2
    assert met == {last}


def test_what_a_steady_process_asks_goes_by_index_and_is_never_compiled(empty_url):
    async def told():
        async with make_pool(empty_url, size=1, name="steady", steady=True) as pool, pool.connection() as conn:
            shown = [await conn.execute(f"show {name}") for name in ("enable_seqscan", "jit")]
            return [(await each.fetchone())[0] for each in shown]

    assert asyncio.run(told()) == ["off", "off"]


def test_connections_that_ended_while_they_rested_are_not_lent(empty_url):
    async def answers():
        async with make_pool(empty_url, size=3, name="resting") as pool:
            async with pool.connection() as one, pool.connection() as other:
                resting = [one.info.backend_pid, other.info.backend_pid]
            async with await AsyncConnection.connect(empty_url) as conn:
                await conn.execute("select pg_terminate_backend(pid, 5000) from unnest(%s::int[]) pid", [resting])
            async with pool.connection() as one, pool.connection() as other:
                return [await (await each.execute("select 1")).fetchone() for each in (one, other)]

    assert asyncio.run(answers()) == [(1,), (1,)]


def test_a_server_that_is_back_is_found_soon_however_long_it_was_away(monkeypatch):
    pauses, enough = [], asyncio.Event()

    async def at_once(pool, task, delay):
        if isinstance(task, AddConnection):
            pauses.append(delay)
            enough.set() if len(pauses) == 5 else pool.run_task(task)

    async def away():
        async with make_pool("host=/nowhere", size=1, name="away"):
            await enough.wait()

    monkeypatch.setattr(AsyncConnectionPool, "schedule_task", at_once)
    asyncio.run(away())
    assert max(pauses) <= 1


def test_a_connection_comes_back_whoever_is_cancelled(empty_url):
    """One gives it back in the very moment in which another begins to wait for it, and is cancelled."""

    async def handed_on():
        async with make_pool(empty_url, size=1, name="handed") as pool:
            conn = await pool.getconn()
            waiting, returning = asyncio.create_task(pool.getconn()), asyncio.create_task(pool.putconn(conn))
            await asyncio.sleep(0)
            assert returning.cancel()
            given = await waiting
            await pool.putconn(given)
            return returning.cancelled(), given is conn, pool.get_stats()["pool_available"]

    assert asyncio.run(handed_on()) == (True, True, 1)
