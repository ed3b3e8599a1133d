"""Few connections know much: what comes seldom meets a server process that has done it before, and no compiler."""

import asyncio

import pytest
from psycopg import AsyncConnection, OperationalError

from concierge.postgres import pool as ours
from concierge.postgres.listen import Listener
from concierge.postgres.pool import Pool, make_pool

NOBODY = "host=/nowhere"


async def backend(pool):
    async with pool.connection() as conn:
        return conn.info.backend_pid


@pytest.fixture
def given_up(monkeypatch):
    """Waits until a pool has given up attempts to connect, so many times."""
    monkeypatch.setattr(ours, "REACHED_WITHIN", 0.01)
    seen = {}
    reconnect_failed = Pool.reconnect_failed

    async def counted(pool):
        await reconnect_failed(pool)
        seen.setdefault(pool, asyncio.Queue()).put_nowait(None)

    async def until(pool, *, times):
        for _ in range(times):
            await asyncio.wait_for(seen.setdefault(pool, asyncio.Queue()).get(), 10)

    monkeypatch.setattr(Pool, "reconnect_failed", counted)
    return until


async def end(url, backends):
    async with await AsyncConnection.connect(url) as conn:
        await conn.execute("select pg_terminate_backend(pid, 5000) from unnest(%s::int[]) pid", [backends])


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
    """All of them go when the first is met, so that nobody meets one after the other."""

    async def answers():
        async with make_pool(empty_url, size=3, name="resting") as pool:
            async with pool.connection() as one, pool.connection() as other:
                resting = [one.info.backend_pid, other.info.backend_pid]
            await end(empty_url, resting)
            async with pool.connection() as one, pool.connection() as other:
                alive = [await (await each.execute("select 1")).fetchone() for each in (one, other)]
            return alive, pool.get_stats()["connections_lost"]

    assert asyncio.run(answers()) == ([(1,), (1,)], 1)


def test_who_waits_is_told_that_there_is_no_server_and_lent_once_there_is(empty_url, monkeypatch):
    monkeypatch.setattr(ours, "REACHED_WITHIN", 0.05)

    async def met():
        async with make_pool(empty_url, size=2, name="away") as pool:
            async with pool.connection() as one, pool.connection() as other:
                resting = [one.info.backend_pid, other.info.backend_pid]
            await end(empty_url, resting)
            pool.conninfo, pool.timeout = NOBODY, 60
            async with asyncio.timeout(10):
                told = await asyncio.gather(*(backend(pool) for _ in range(5)), return_exceptions=True)
            pool.conninfo = empty_url
            return {str(each) for each in told}, await backend(pool) not in resting

    assert asyncio.run(met()) == ({"no connection within 0.05 s; the log says why"}, True)


async def take_writes(url, state):
    """Whether the server does, to whoever connects from now on."""
    writing = "-c default_transaction_read_only=off"
    async with await AsyncConnection.connect(url, autocommit=True, options=writing) as conn:
        state = "off" if state else "on"
        await conn.execute(f'alter database "{conn.info.dbname}" set default_transaction_read_only = {state}')


def test_a_server_that_takes_no_writes_is_none(empty_url, given_up):
    """As a standby that was the primary until now; libpq and Postgres treat both alike."""

    async def met():
        await take_writes(empty_url, state=False)
        listener = Listener(empty_url, "news", heard=print, missed=print)
        with pytest.raises(OperationalError, match="read-only"):
            await listener._listen()
        async with make_pool(empty_url, size=1, name="writing") as pool:
            with pytest.raises(OperationalError, match="no connection"):
                await pool.getconn()
            await take_writes(empty_url, state=True)
            return await backend(pool)

    assert asyncio.run(met())


def test_a_server_that_takes_no_writes_any_more_is_none_either(empty_url, given_up):
    """All of its connections go with the first that meets it, those that somebody has as soon as they come back."""

    async def met():
        async with make_pool(empty_url, size=3, name="wrote") as pool:
            async with pool.connection() as one, pool.connection() as other:
                known = {one.info.backend_pid, other.info.backend_pid}
                for each in (one, other):
                    await each.execute("set default_transaction_read_only = on")
            await take_writes(empty_url, state=False)
            async with pool.connection() as lent:
                with pytest.raises(OperationalError, match="takes no writes any more"):
                    async with ours.transaction(pool) as conn:
                        await conn.execute("create table news ()")
                assert (conn.closed, lent.closed) == (True, False)
            with pytest.raises(OperationalError, match="no connection"):
                await backend(pool)
            await take_writes(empty_url, state=True)
            async with pool.connection() as one, pool.connection() as other:
                return known & {one.info.backend_pid, other.info.backend_pid}

    assert asyncio.run(met()) == set()


def test_what_is_lent_is_waited_for(empty_url, given_up):
    async def lent():
        async with make_pool(empty_url, size=3, name="lent") as pool:
            await pool.wait()
            one, other = await pool.getconn(), await pool.getconn()
            pool.conninfo = NOBODY
            waiting = asyncio.create_task(pool.getconn())
            await given_up(pool, times=1)
            await pool.putconn(one)
            assert await waiting is one
            await pool.putconn(one)
            await pool.putconn(other)

    asyncio.run(lent())


def test_the_patient_wait_on_until_there_is_a_server(empty_url, given_up):
    async def lent():
        async with make_pool(NOBODY, size=1, name="patient", steady=True) as pool:
            waiting = asyncio.create_task(backend(pool))
            await given_up(pool, times=3)
            pool.conninfo = empty_url
            return await waiting

    assert asyncio.run(lent())


def test_who_begins_before_the_server_waits_as_the_patient_do(empty_url, given_up):
    async def patience():
        async with make_pool(NOBODY, size=1, name="early") as pool:
            beginning = asyncio.create_task(pool.reach())
            await given_up(pool, times=3)
            pool.conninfo = empty_url
            await beginning
            return pool.patient

    assert asyncio.run(patience()) is False


def test_whoever_is_cancelled_hears_of_it(empty_url):
    """Also in one of the few turns of the event loop in which a connection goes from one to the next."""

    async def keep(pool):
        async with pool.connection():
            await asyncio.Event().wait()

    async def left():
        async with make_pool(empty_url, size=1, name="turns") as pool:
            for turns in range(8):
                conn = await pool.getconn()
                waiting = asyncio.create_task(keep(pool))
                while not pool.get_stats()["requests_waiting"]:
                    await asyncio.sleep(0)
                returning = asyncio.create_task(pool.putconn(conn))
                for _ in range(turns):
                    await asyncio.sleep(0)
                assert waiting.cancel()
                await asyncio.wait([waiting, returning], timeout=5)
                assert waiting.cancelled(), f"after {turns} turns"
            return pool.get_stats()["pool_available"]

    assert asyncio.run(left()) == 1


def test_connections_come_back_whoever_is_cancelled(empty_url):
    """Giving one back in the very moment in which another begins to wait for it, or while the pool is busy."""

    async def lent_again():
        async with make_pool(empty_url, size=2, name="handed") as pool:
            one, other = await pool.getconn(), await pool.getconn()
            async with pool._lock:  # as while it hands on what it has just opened
                returning = asyncio.create_task(pool.putconn(one))
                await asyncio.sleep(0)
                assert returning.cancel()
            assert await pool.getconn() is one
            waiting = asyncio.create_task(pool.getconn())
            both = [asyncio.create_task(pool.putconn(each)) for each in (one, other)]
            await asyncio.sleep(0)
            assert all(each.cancel() for each in both)
            conn = await waiting
            await conn.execute("begin")  # which it has to roll back first
            returning = asyncio.create_task(pool.putconn(conn))
            await asyncio.sleep(0)
            assert returning.cancel()
            return {await pool.getconn(), await pool.getconn()} == {one, other}

    assert asyncio.run(lent_again())
