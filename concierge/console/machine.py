"""Queues, jobs, workers and ticks: the machine that all tenants share."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.admin import machine_store as admin
from concierge.admin import queues as holding
from concierge.admin import tick_store, ticks
from concierge.console.listing import LOOKED, ROWS, chosen
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.console.store import machine as store
from concierge.errors import Missing
from concierge.runtime import Runtime

STATES = ("todo", "doing", "failed", "succeeded", "cancelled", "aborted")
EXACT = (None, "todo", "doing")  # states that the walk finds without meeting others
LATEST = 2**62
SILENT = 60.0  # seconds without a heartbeat after which a worker counts as dead


@get("/jobs")
async def show_jobs(
    platform: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    status: FromQuery[str | None] = None,
    queue: FromQuery[str | None] = None,
    before: FromQuery[int] = LATEST,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Every queue, every worker, every tick, and jobs of one state or all, newest first."""
    state, now = chosen(status, STATES), runtime.clock()
    async with runtime.connection() as conn:
        queues = await holding.every_queue(conn)
        workers = await admin.workers(conn)
        periodics = await tick_store.every(conn, now=now)
        looked = ROWS + 1 if state in EXACT and not queue else LOOKED
        walk = await store.jobs(conn, status=state, queue=queue or None, before=before, looked=looked, limit=ROWS + 1)
    jobs = walk.jobs[:ROWS]
    return page(
        "jobs",
        platform,
        queues=queues,
        workers=workers,
        ticks=periodics,
        now=now,
        jobs=jobs,
        next=jobs[-1].id if len(walk.jobs) > ROWS else walk.last,
        states=STATES,
        status=state,
        queue=queue,
        silent=SILENT,
        said=said,
    )


@get("/jobs/{id:int}")
async def show_job(
    id: FromPath[int],
    platform: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """One job: its arguments, and everything that happened to it."""
    async with runtime.connection() as conn:
        job = await admin.job(conn, id)
        if job is None:
            raise Missing("there is no such job, or it is done with and was cleared away")
        history = await store.history(conn, id=id)
    return page("job", platform, job=job, history=history, said=said)


@post("/jobs/{id:int}/retry")
async def retry_job(
    id: FromPath[int], machinist: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A failed job runs again."""
    async with runtime.begin() as conn:
        if not await admin.retry(conn, id=id):
            raise Missing("only a failed job can run again")
        await machinist.note(conn, "retry", "job", None, detail=str(id), now=runtime.clock())
    return back(f"/jobs/{id}", said="retried")


@post("/jobs/{id:int}/cancel")
async def cancel_job(
    id: FromPath[int], machinist: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A waiting job does not run."""
    async with runtime.begin() as conn:
        if await admin.cancel(conn, id) is None:
            raise Missing("only a job that waits can be cancelled")
        await machinist.note(conn, "cancel", "job", None, detail=str(id), now=runtime.clock())
    return back(f"/jobs/{id}", said="cancelled")


@post("/queues/{name:str}/pause")
async def pause_queue(
    name: FromPath[str], machinist: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A queue's jobs wait."""
    async with runtime.begin() as conn:
        now = runtime.clock()
        await holding.pause(conn, name, by=machinist.actor, now=now)
        await machinist.note(conn, "pause", "queue", None, detail=name, now=now)
    return back("/jobs", said="paused")


@post("/queues/{name:str}/resume")
async def resume_queue(
    name: FromPath[str], machinist: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """They run again."""
    async with runtime.begin() as conn:
        await holding.resume(conn, name)
        await machinist.note(conn, "resume", "queue", None, detail=name, now=runtime.clock())
    return back("/jobs", said="resumed")


@post("/ticks/{name:str}/run")
async def run_tick(
    name: FromPath[str], machinist: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A tick comes once more, now."""
    async with runtime.begin() as conn:
        await ticks.run(conn, name)
        await machinist.note(conn, "run", "tick", None, detail=name, now=runtime.clock())
    return back("/jobs", said="called")


HANDLERS = (show_jobs, show_job, retry_job, cancel_job, pause_queue, resume_queue, run_tick)
