"""The ticks that worlds leave out while their time passes (tests/passing.py), where they would find nothing."""

from concierge.postgres.query import Conn
from concierge.wiring import wire
from concierge.worker.app import EVERY_TICK
from tests.passing import ABOUT
from tests.schema.year import NOW
from tests.world import make_settings

WRITTEN = "select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int from pg_stat_xact_user_tables"


async def written(url: str) -> dict[str, int]:
    """How many rows each of them writes where there is none of what it is about, however much of everything else."""
    runtime, counts = wire(make_settings(url), name="test", clock=lambda: NOW), {}
    async with runtime.pool, runtime.join() as conn:
        await conn.execute("set local session_replication_role = replica")  # nothing goes along with what is deleted
        for tick in EVERY_TICK:
            if ABOUT.get(tick.name, "old") != "old":  # nothing is kept for less than a day
                async with conn.transaction(force_rollback=True):
                    await conn.execute(f"delete from {ABOUT[tick.name]}")
                    before = await _count(conn)
                    await tick.run(runtime)
                    counts[tick.name] = await _count(conn) - before
    return counts


async def _count(conn: Conn) -> int:
    (rows,) = await (await conn.execute(WRITTEN)).fetchone()
    return int(rows)
