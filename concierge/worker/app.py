"""The procrastinate App: every room's jobs and ticks, registered."""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision
from procrastinate.connector import BaseConnector
from procrastinate.jobs import Job as QueuedJob
from procrastinate.tasks import Task
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from concierge.admin.bulk import jobs as bulk
from concierge.bookings import jobs as bookings
from concierge.console import jobs as console
from concierge.contacts import jobs as contacts
from concierge.credits import jobs as ledger
from concierge.followups import jobs as followups
from concierge.inbox import jobs as inbox
from concierge.leads import jobs as leads
from concierge.log import correlate, correlation_of, logger
from concierge.media import jobs as media
from concierge.outbox import jobs as outbox
from concierge.postgres.listen import Sleeping
from concierge.postgres.pool import BY_INDEX, Pool, connection_options
from concierge.retention import jobs as retention
from concierge.runtime import Runtime
from concierge.summaries import jobs as summaries
from concierge.templates import jobs as templates
from concierge.tenants import jobs as tenants
from concierge.webhooks import jobs as webhooks
from concierge.work import Tick, Work
from concierge.worker import housekeeping
from concierge.worker.ticking import JOB, Ticking

WORK: tuple[Work, ...] = (
    *inbox.WORK,
    *followups.WORK,
    *bookings.WORK,
    *media.WORK,
    *outbox.WORK,
    *leads.WORK,
    *summaries.WORK,
    *templates.WORK,
    *webhooks.WORK,
    *bulk.WORK,
)
TICKS: tuple[Tick, ...] = (
    *inbox.TICKS,
    *console.TICKS,
    *contacts.TICKS,
    *ledger.TICKS,
    *followups.TICKS,
    *bookings.TICKS,
    *leads.TICKS,
    *media.TICKS,
    *outbox.TICKS,
    *summaries.TICKS,
    *templates.TICKS,
    *tenants.TICKS,
    *webhooks.TICKS,
    *retention.TICKS,
)

EVERY_TICK: tuple[Tick, ...] = (*TICKS, *housekeeping.ticks(WORK, TICKS))

TICK_PRIORITY = 10  # a backlog of messages must not starve the ticks
POOL_SIZE = 8
# the queue's few statements are planned once a connection, and never for a table that happened to be empty then
PLANS = f"-c plan_cache_mode=force_generic_plan {BY_INDEX}"
LONGEST_PAUSE = 30  # seconds a job waits in the queue because a vendor asks for it

log = logger(__name__)


class Waits(BaseRetryStrategy):
    """Exact waits in seconds, one a retry; errors that say `permanent` are not repeated.

    A vendor that asks for a longer pause (`retry_after`) gets it; where it is too long for the queue, the job is given
    up at once, and what it was about waits in its own table.
    """

    def __init__(self, *seconds: int) -> None:
        self.seconds = seconds

    def is_last(self, error: BaseException, attempts: int) -> bool:
        """Whether a job that failed with `error`, after `attempts` earlier runs, has no run left."""
        pause = _pause(error)
        return bool(getattr(error, "permanent", False)) or attempts >= len(self.seconds) or pause > LONGEST_PAUSE

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """When to run again; None: the job has failed."""
        if self.is_last(exception, job.attempts):
            return None
        return RetryDecision(retry_in={"seconds": max(self.seconds[job.attempts], _pause(exception))})


def _pause(error: BaseException) -> int:
    """Seconds a vendor asks for."""
    return math.ceil(getattr(error, "retry_after", None) or 0)


def make_app(runtime: Runtime, *, ticking: bool = False, connector: BaseConnector | None = None) -> App:
    """A new App over the runtime's database; open it before use, or give the connector of one that is opened.

    With `ticking` its worker's scheduler lets the ticks come.
    """
    app = App(connector=connector or _connector(runtime.settings.database_url.reveal()))
    # made by hand: procrastinate's decorator tells the type checker about each, for more than the task itself takes
    tasks: list[Task[Any, Any, Any]] = [
        Task(
            _runner(work, runtime),
            blueprint=app,
            name=work.job.kind,
            queue=work.job.queue,
            priority=work.job.priority,
            retry=Waits(*work.waits),
            pass_context=True,
        )
        for work in WORK
    ]
    # each tick for those who want it now: by themselves they come together
    ticks = {tick.name: _ticker(tick, runtime) for tick in EVERY_TICK} | {JOB: _each_second(runtime)}
    tasks += [
        Task(run, blueprint=app, name=name, queue="ticks", priority=TICK_PRIORITY, retry=Waits(1))
        for name, run in ticks.items()
    ]
    app.tasks.update({task.name: task for task in tasks})
    if ticking:
        app.periodic(cron="* * * * * *")(app.tasks[JOB])
    return app


def _runner(work: Work, runtime: Runtime) -> Callable[..., Awaitable[None]]:
    waits = Waits(*work.waits)

    async def run(context: JobContext, **arguments: Any) -> None:
        job = msgspec.convert(arguments, work.job)
        try:
            async with asyncio.timeout(work.deadline):
                await work.run(runtime, job)
        except Exception as error:
            reason = f"{type(error).__name__}: {error}"
            with correlate(correlation_of(error)):
                log.warning("job failed", job=work.job.kind, job_id=context.job.id, error=reason)
                if work.give_up is not None and waits.is_last(error, context.job.attempts):
                    await work.give_up(runtime, job, error)
            raise

    return run


def _ticker(tick: Tick, runtime: Runtime) -> Callable[..., Awaitable[None]]:
    async def run() -> None:
        async with asyncio.timeout(tick.deadline):
            await tick.run(runtime)

    return run


def _each_second(runtime: Runtime) -> Callable[..., Awaitable[None]]:
    ticking = Ticking(runtime, EVERY_TICK)

    async def run(timestamp: int) -> None:  # noqa: ARG001  procrastinate passes it
        await ticking.come()

    return run


def _connector(url: str) -> PsycopgConnector:
    return PsycopgConnector(
        conninfo=url,
        min_size=2,
        max_size=POOL_SIZE,
        timeout=5,
        name="queue",
        configure=_autocommit,
        pool_factory=_pool_of_ours,
        kwargs=connection_options(url, name="queue", settings=PLANS),
    )


async def _autocommit(conn: AsyncConnection[Any]) -> None:
    await conn.set_autocommit(True)


def _pool_of_ours(**options: Any) -> AsyncConnectionPool[Any]:
    # procrastinate's own check replaces dead connections one by one with growing pauses after a restart of Postgres
    options.pop("check", None)
    return Pool(patient=True, connection_class=Sleeping, **options)  # the workers listen on connections of this class
