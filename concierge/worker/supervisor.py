"""Keeps the workers running: procrastinate's may end at any time, with or without an error, when Postgres restarts.

There are two over one App's connections, each with slots of its own: one for what may wait for a model, one for
everything else, so that a slow model holds up neither deliveries nor ticks.
"""

import asyncio
import math
import threading
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress
from typing import Any, cast

from procrastinate import App, PsycopgConnector
from procrastinate.periodic import PeriodicDeferrer, PeriodicTask
from procrastinate.worker import Worker

from concierge.llm.patterns import compile_all
from concierge.log import logger
from concierge.postgres.pool import Pool
from concierge.runtime import Runtime
from concierge.told import ToldToStop, unless_told
from concierge.work import MOVING, THINKING
from concierge.worker import store
from concierge.worker.app import EVERY_TICK, TICKS, WORK, make_app
from concierge.worker.batching import Batches
from concierge.worker.housekeeping import DEAD_AFTER, HEARTBEAT, rescue
from concierge.worker.pausing import Pauses
from concierge.worker.pulse import Pulse
from concierge.worker.ticking import declare

POLLING = 0.5  # seconds; retries and lost notifications wait for it
GRACE = 20.0  # seconds that running jobs get when the workers are told to stop
LAST_WORD = 2.0  # seconds they and the queue wait for a connection from then on: who lost the database, too, ends soon
CLOSING = 15.0  # seconds beyond, until a worker that does not come to an end is left behind
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before each restart; the last one repeats
SOUND = 60.0  # seconds of running after which the pauses start over
STUCK = 120.0  # seconds in which starting, stopping or pausing must get on, or the process is not well
CLEARING = 30.0  # seconds to bury the dead and bring back their jobs

log = logger(__name__)


class Watched(Worker):
    """procrastinate's worker, which ends when its heartbeat or its listening does.

    It looks after its side tasks until the first one ends, and a scheduler that has nothing to schedule ends at once.
    """

    async def _periodic_deferrer(self) -> None:
        await Scheduler(self.app.periodic_registry).worker()
        await asyncio.Event().wait()


class Scheduler(PeriodicDeferrer):
    """procrastinate's scheduler, for ticks: it never makes up for what it slept through.

    One job lets come whatever is due, and a machine that was suspended for a night would find thirty thousand.
    """

    def get_timestamps(self, periodic_task: PeriodicTask[Any, Any, Any], since: int | None, until: float) -> list[int]:
        """The latest second alone, unless it was had."""
        return [latest for latest in super().get_timestamps(periodic_task, None, until) if latest != since]


async def supervise(runtime: Runtime, stop: asyncio.Event) -> None:
    """Run pairs of workers, one after the other, until `stop` is set; then let running jobs finish."""
    dead: list[int] = []
    restarts = 0
    pulse = Pulse()
    threading.Thread(target=compile_all, name="patterns", daemon=True).start()
    async with pulse.beating():
        while not stop.is_set():
            started = asyncio.get_running_loop().time()
            pulse.expect(STUCK)
            dead = await _run_pair(runtime, stop, dead, pulse)
            if stop.is_set():
                return
            restarts = 1 if asyncio.get_running_loop().time() - started > SOUND else restarts + 1
            pause = PAUSES[min(restarts, len(PAUSES)) - 1]
            log.warning("worker ended; starting another", pause=pause)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)


async def _run_pair(runtime: Runtime, stop: asyncio.Event, dead: list[int], pulse: Pulse) -> list[int]:
    """Two workers, until one ends by itself or both are stopped. Gives the workers that still have to be buried."""
    moving = make_app(runtime, ticking=True)
    thinking = make_app(runtime, connector=moving.connector)
    workers = [_worker(moving, MOVING, runtime), _worker(thinking, THINKING, runtime)]
    try:
        async with AsyncExitStack() as opened:
            async with unless_told(stop):
                if dead:
                    async with asyncio.timeout(CLEARING):
                        async with runtime.connection() as conn:
                            await store.bury(conn, ids=dead)
                        dead = []
                        await rescue(runtime, work=WORK, ticks=TICKS)  # rather now than at the next tick
                await declare(runtime, EVERY_TICK)
                opened.push_async_callback(moving.close_async)
                await moving.open_async()
                await opened.enter_async_context(Pauses(runtime, workers).watching())
            await _until_stopped(workers, stop, pulse, [runtime.pool, _queue(moving)])
    except ToldToStop:
        log.info("told to stop before it had begun")
    except Exception as error:  # noqa: BLE001  whatever ended it, another one is started
        log.warning("worker failed", error=f"{type(error).__name__}: {error}")
    return [*dead, *(worker.worker_id for worker in workers if worker.worker_id is not None)]


def _worker(app: App, queues: Sequence[str], runtime: Runtime) -> Worker:
    app.job_manager = Batches(app.connector, slots=runtime.settings.worker_concurrency)
    return Watched(
        app,
        queues=list(queues),  # a tuple would be a row for Postgres
        name="concierge",
        concurrency=runtime.settings.worker_concurrency,
        fetch_job_polling_interval=POLLING,
        shutdown_graceful_timeout=GRACE,
        install_signal_handlers=False,
        update_heartbeat_interval=HEARTBEAT.total_seconds(),
        stalled_worker_timeout=DEAD_AFTER.total_seconds(),
    )


def _queue(app: App) -> Pool:
    """The connections that the queue's own statements have."""
    return cast("Pool", cast("PsycopgConnector", app.connector).pool)


async def _until_stopped(workers: Sequence[Worker], stop: asyncio.Event, pulse: Pulse, pools: Sequence[Pool]) -> None:
    """Run them until one ends or `stop` is set, then end all. Raises what one of them raised."""
    running = [asyncio.create_task(worker.run(), name="worker") for worker in workers]  # type: ignore[no-untyped-call]
    stopping = asyncio.create_task(stop.wait(), name="stop")
    pulse.expect(math.inf)
    try:
        await asyncio.wait({*running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        pulse.expect(STUCK)
        stopping.cancel()
        for pool in pools if stop.is_set() else ():
            pool.timeout, pool.patient = LAST_WORD, False
        for worker in workers:
            worker.stop()  # type: ignore[no-untyped-call]
        ended, stuck = await asyncio.wait(running, timeout=GRACE + CLOSING)
        for task in stuck:
            log.error("a worker does not come to an end")
            task.cancel()
    if errors := [error for task in ended if (error := task.exception())]:
        raise errors[0]
