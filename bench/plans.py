"""Whether ticks and fetches stay cheap when the tables are full: each is timed on an empty database and on a full one.

Full: a million tasks and a million reminders of bookings in the future, 100,000 messages that wait, a million messages
sent and a million jobs finished.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from statistics import median
from uuid import UUID

from bench.filling import fill
from bench.report import Line
from bench.rig import Rig
from concierge.asking import budgets
from concierge.asking import store as asking
from concierge.conversations.keeping import load_turn
from concierge.outbox.line import store as line
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.wiring import wire
from concierge.worker.app import EVERY_TICK

SLOW = 0.2  # seconds of one run, from which on fewer are made
NOBODY = UUID(int=0)


def measure(rig: Rig, *, seconds: float, rounds: int) -> list[Line]:  # noqa: ARG001  as long as it takes
    empty = asyncio.run(_timed(rig))
    fill(rig, people=20_000)
    full = asyncio.run(_timed(rig))
    lines = []
    for name, before in empty.items():
        after = full[name]
        lines.append(Line(f"{name}, full", f"{after:.2f} ms", f"{after / before:.2f}", f"{before:.2f} ms when empty"))
    return lines


async def _timed(rig: Rig) -> dict[str, float]:
    """Median milliseconds of everything that runs again and again."""
    runtime = wire(rig.settings, name="bench")
    await runtime.pool.open()
    try:
        runs: dict[str, Callable[[], Awaitable[object]]] = {
            f"tick {tick.name}": partial(tick.run, runtime) for tick in EVERY_TICK if tick.name != "retention.redact"
        }
        runs["fetch of a job"] = partial(_fetch, runtime)
        runs["claim of a message"] = partial(_claim, runtime)
        runs["look at a conversation"] = partial(_look, runtime)
        runs["what holds for a question to a model"] = partial(_standing, runtime)
        runs["what a month of questions cost"] = partial(_spending, runtime)
        return {name: await _median(run) for name, run in runs.items()}
    finally:
        await runtime.close()


async def _median(run: Callable[[], Awaitable[object]]) -> float:
    for _ in range(8):  # so that statements are prepared
        took = await _seconds(run)
    times = [await _seconds(run) for _ in range(5 if took > SLOW else 100)]
    return median(times) * 1000


async def _seconds(run: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await run()
    return time.perf_counter() - begun


async def _fetch(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        await conn.execute("select * from procrastinate_fetch_job_v2(null, null)")


async def _claim(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        await line.head(conn, conversation_id=NOBODY, now=runtime.clock())


async def _look(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        await load_turn(conn, NOBODY)


async def _standing(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        tenant, talk = await _somebody(conn)
        await asking.standing(conn, tenant_id=tenant, conversation_id=talk, month=date.today().replace(day=1))  # noqa: DTZ011


async def _spending(runtime: Runtime) -> None:
    async with runtime.connection() as conn:
        tenant, _ = await _somebody(conn)
        await budgets.spending(conn, tenant_id=tenant, month=date.today().replace(day=1))  # noqa: DTZ011


async def _somebody(conn: Conn) -> tuple[UUID, UUID]:
    row = await (await conn.execute("select id from conversation limit 1")).fetchone()
    (tenant,) = await (await conn.execute("select id from tenant limit 1")).fetchone() or (NOBODY,)
    return tenant, row[0] if row else NOBODY
