"""Ticks come by themselves: each when its time has come, on one worker.

Once a second procrastinate's scheduler puts one periodic job, whichever worker is first. It asks which ticks are due
and marks them as come, in one statement, and runs them: so seven ticks a second are a single job (ADR 119).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from psycopg import OperationalError

from concierge.log import logger
from concierge.runtime import Runtime
from concierge.work import Tick
from concierge.worker import tick_store as store

JOB = "worker.tick"
AGAIN = 1.0  # seconds after which a tick that failed is tried once more
PATIENCE = 0.05  # seconds that a tick waits for the one before it; most are quicker, and share a warm connection

log = logger(__name__)


async def declare(runtime: Runtime, ticks: Sequence[Tick]) -> None:
    """Say which ticks there are and when they come: to those who look after the machine, and for `Ticking`."""
    async with runtime.begin() as conn:
        await store.declare(
            conn,
            names=[each.name for each in ticks],
            periods=[each.every.period for each in ticks],
            pasts=[each.every.past for each in ticks],
            now=runtime.clock(),
        )


def longest(ticks: Sequence[Tick]) -> float:
    """Seconds that a job of ours takes at most: each tick has its deadline, twice."""
    return max(2 * each.deadline for each in ticks) + AGAIN


class Ticking:
    """The ticks as one process runs them."""

    def __init__(self, runtime: Runtime, ticks: Sequence[Tick]) -> None:
        self._runtime = runtime
        self._ticks = {each.name: each for each in ticks}
        self._running: set[str] = set()

    async def come(self) -> None:
        """Run what is due and does not run here yet; ends with the last of them, and never by a failure of one.

        Raises OperationalError where the database is away.
        """
        async with self._runtime.connection() as conn:
            due = await store.begin(conn, names=[name for name in self._ticks if name not in self._running])
        under_way = set(due.names)
        self._running |= under_way

        async def run(name: str) -> None:
            await self._run(self._ticks[name], failing=name in due.failing)
            under_way.discard(name)
            self._running.discard(name)

        try:
            async with asyncio.TaskGroup() as group:
                for name in due.names:
                    await asyncio.wait((group.create_task(run(name)),), timeout=PATIENCE)
        except asyncio.CancelledError:  # the worker ends; the job goes back into the queue
            log.warning("ticks cut off", ticks=sorted(under_way))
            with suppress(OperationalError):
                async with self._runtime.connection() as conn:
                    await store.give_back(conn, names=list(under_way))
            raise
        finally:
            self._running -= under_way

    async def _run(self, tick: Tick, *, failing: bool) -> None:
        error = await self._failure(tick)
        if error is not None:
            await asyncio.sleep(AGAIN)
            error = await self._failure(tick)
        if error is None and not failing:
            return
        with suppress(OperationalError):  # the next run tells it
            async with self._runtime.connection() as conn:
                if error is not None:
                    await store.fails(conn, name=tick.name, error=type(error).__name__)
                else:
                    await store.goes_well(conn, name=tick.name)

    async def _failure(self, tick: Tick) -> Exception | None:
        try:
            async with asyncio.timeout(tick.deadline):
                await tick.run(self._runtime)
        except Exception as error:
            log.warning("tick failed", tick=tick.name, error=f"{type(error).__name__}: {error}", exc_info=error)
            return error
        return None
