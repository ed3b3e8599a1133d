"""Ticks come by themselves: each when its time has come, on whichever worker asks for it first.

Once a second every worker process asks which ticks are due and marks them as come, in one statement that does not wait
for the disk. What is marked runs here, at once; nobody leads, so nobody's end delays more than what it was doing. The
queue is not used: a look that finds nothing leaves nothing behind (ADR 119).
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from psycopg import OperationalError

from concierge.log import logger
from concierge.runtime import Runtime
from concierge.work import Tick
from concierge.worker import tick_store as store

BEHIND = 0.05  # seconds past the full second, by when the clocks of other machines have reached it too
LONGEST = 5.0  # seconds to wait for the answer
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


class Ticking:
    """The ticks of one process. Those that still run when it is stopped get `grace` seconds."""

    def __init__(self, runtime: Runtime, ticks: Sequence[Tick], *, grace: float) -> None:
        self._runtime = runtime
        self._ticks = {each.name: each for each in ticks}
        self._grace = grace
        self._running: dict[str, asyncio.Task[None]] = {}
        self._stop = asyncio.Event()

    def stop(self) -> None:
        """No tick begins from now on."""
        self._stop.set()

    async def run(self) -> None:
        """Let them come until stopped; ends when those that run have ended."""
        try:
            while not self._stop.is_set():
                pause = await self.look()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stop.wait(), pause)
        finally:
            await self._finish()

    async def look(self) -> float:
        """Begin what is due and does not run yet; the seconds until the next look."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        try:
            async with asyncio.timeout(LONGEST), self._runtime.connection() as conn:
                due = await store.begin(conn, names=[name for name in self._ticks if name not in self._running])
        except (OperationalError, TimeoutError) as error:  # the database is away: they come when it is back
            log.debug("ticks not asked for", error=type(error).__name__)
            return 1.0
        for name in due.names:
            coming = asyncio.create_task(self._come(self._ticks[name], failing=name in due.failing), name=name)
            self._running[name] = coming
            coming.add_done_callback(lambda task: self._running.pop(task.get_name()))
            await asyncio.wait((coming,), timeout=PATIENCE)
        return max(due.rest + BEHIND - (loop.time() - begun), 0)

    async def _come(self, tick: Tick, *, failing: bool) -> None:
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

    async def _finish(self) -> None:
        if not self._running:
            return
        await asyncio.wait(self._running.values(), timeout=self._grace)
        cut_off = dict(self._running)
        for task in cut_off.values():
            task.cancel()
        await asyncio.gather(*cut_off.values(), return_exceptions=True)
        if cut_off:
            log.warning("ticks cut off", ticks=sorted(cut_off))
            with suppress(OperationalError):
                async with self._runtime.connection() as conn:
                    await store.give_back(conn, names=list(cut_off))
