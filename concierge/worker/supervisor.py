"""Keeps a worker running: procrastinate's may end at any time, with or without an error, when Postgres restarts."""

import asyncio
from contextlib import suppress

from procrastinate.worker import Worker
from psycopg import OperationalError

from concierge.log import logger
from concierge.runtime import Runtime
from concierge.worker import store
from concierge.worker.app import WORK, make_app
from concierge.worker.housekeeping import DEAD_AFTER, HEARTBEAT, rescue

POLLING = 0.5  # seconds; retries and lost notifications wait for it
GRACE = 20.0  # seconds that running jobs get when the worker is told to stop
PAUSES = (0.2, 0.5, 1.0, 2.0, 5.0)  # seconds before each restart; the last one repeats
SOUND = 60.0  # seconds of running after which the pauses start over

log = logger(__name__)


async def supervise(runtime: Runtime, stop: asyncio.Event) -> None:
    """Run workers, one after the other, until `stop` is set; then let running jobs finish."""
    dead: list[int] = []
    restarts = 0
    while not stop.is_set():
        started = asyncio.get_running_loop().time()
        dead = await _run_one(runtime, stop, dead)
        if stop.is_set():
            return
        restarts = 1 if asyncio.get_running_loop().time() - started > SOUND else restarts + 1
        pause = PAUSES[min(restarts, len(PAUSES)) - 1]
        log.warning("worker ended; starting another", pause=pause)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), pause)


async def _run_one(runtime: Runtime, stop: asyncio.Event, dead: list[int]) -> list[int]:
    """One App, one worker, until it ends by itself or is stopped. Gives the workers that still have to be buried."""
    app = make_app(runtime)
    worker: Worker | None = None
    try:
        if dead:
            async with runtime.connection() as conn:
                await store.bury(conn, ids=dead)
            dead = []
            await rescue(runtime, work={each.job.kind: each for each in WORK})  # rather now than at the next tick
        async with app.open_async():
            worker = Worker(
                app,
                name="concierge",
                concurrency=runtime.settings.worker_concurrency,
                fetch_job_polling_interval=POLLING,
                shutdown_graceful_timeout=GRACE,
                install_signal_handlers=False,
                update_heartbeat_interval=HEARTBEAT.total_seconds(),
                stalled_worker_timeout=DEAD_AFTER.total_seconds(),
            )
            await _until_stopped(worker, stop)
    except Exception as error:  # noqa: BLE001  whatever ended it, another one is started
        log.warning("worker failed", error=f"{type(error).__name__}: {error}")
        with suppress(OperationalError):
            await runtime.pool.check()
    lost = worker.worker_id if worker is not None else None
    return [*dead, lost] if lost is not None else dead


async def _until_stopped(worker: Worker, stop: asyncio.Event) -> None:
    running = asyncio.create_task(worker.run(), name="worker")  # type: ignore[no-untyped-call]
    stopping = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            worker.stop()  # type: ignore[no-untyped-call]
        await running
    finally:
        stopping.cancel()
