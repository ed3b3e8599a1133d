"""What procrastinate leaves to us: jobs of dead workers come back, finished jobs go away."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from concierge.errors import ConciergeError
from concierge.log import logger
from concierge.postgres.query import Conn, query
from concierge.runtime import Runtime
from concierge.work import EVERY_TEN_MINUTES, EVERY_TEN_SECONDS, Tick, Work

HEARTBEAT = timedelta(seconds=3)
DEAD_AFTER = timedelta(seconds=15)  # without a heartbeat
MARGIN = 30.0  # seconds past its deadline until a job under a live worker counts as lost
RESCUES = 3  # beyond a job's own retries; then it is what kills the workers
BITE = 2_000

log = logger(__name__)


class Abandoned(ConciergeError):
    """The job never came to an end, however often it was started."""

    permanent = True


class Stalled(Struct, frozen=True):
    """A job that somebody started and nobody is doing."""

    id: int
    task_name: str
    args: dict[str, Any]
    attempts: int


@query("""
    select j.id, j.task_name, j.args, j.attempts
    from procrastinate_jobs j
    left join procrastinate_workers w on w.id = j.worker_id
    where j.status = 'doing'
      and (w.id is null
           or w.last_heartbeat < now() - %(dead_after)s::interval
           or (select max(e.at) from procrastinate_events e where e.job_id = j.id and e.type = 'started')
              < now() - make_interval(secs => coalesce((%(limits)s::jsonb ->> j.task_name)::float, 300)))
    for update of j skip locked
""")
async def stalled(conn: Conn, *, dead_after: timedelta, limits: dict[str, float]) -> list[Stalled]:
    """Jobs of dead workers, and jobs that run past every deadline whatever their worker's heartbeat says."""


@query("select procrastinate_retry_job_v2(%(id)s, now(), null, null, null)")
async def run_again(conn: Conn, *, id: int) -> None:
    """Back into the queue."""


@query("select procrastinate_finish_job_v1(%(id)s, 'failed', false)")
async def fail(conn: Conn, *, id: int) -> None:
    """It has had its chances."""


@query("""
    with old as (
        select j.id
        from procrastinate_events e
        join procrastinate_jobs j on j.id = e.job_id
        where e.type in ('succeeded', 'failed', 'cancelled', 'aborted')
          and e.at < now() - %(age)s::interval
          and j.status = any(%(statuses)s::procrastinate_job_status[])
          and (%(queue)s::text is null or j.queue_name = %(queue)s)
        order by e.at limit %(limit)s
    ), gone as (
        delete from procrastinate_jobs j using old where j.id = old.id returning 1
    )
    select count(*) from gone
""")
async def delete_finished(
    conn: Conn, *, age: timedelta, statuses: list[str], queue: str | None, limit: int
) -> int:
    """Delete one bite of finished jobs."""


def ticks(work: Sequence[Work]) -> tuple[Tick, ...]:
    """The ticks that look after the jobs themselves."""
    known = {each.job.kind: each for each in work}
    return (
        Tick(name="worker.rescue", cron=EVERY_TEN_SECONDS, run=partial(rescue, work=known)),
        Tick(name="worker.prune", cron=EVERY_TEN_MINUTES, run=prune, deadline=300.0),
    )


async def rescue(runtime: Runtime, *, work: Mapping[str, Work]) -> None:
    """Requeue what stalled; a job that stalls again and again is given up. A wrong rescue is harmless (fences)."""
    limits = {kind: each.deadline + MARGIN for kind, each in work.items()}
    given_up = []
    async with runtime.begin() as conn:
        for job in await stalled(conn, dead_after=DEAD_AFTER, limits=limits):
            doer = work.get(job.task_name)
            if doer is not None and job.attempts >= len(doer.waits) + RESCUES:
                await fail(conn, id=job.id)
                given_up.append((doer, job))
            else:
                await run_again(conn, id=job.id)
            log.warning("rescued", job=job.task_name, job_id=job.id, attempts=job.attempts)
    for doer, job in given_up:
        if doer.give_up is not None:
            await doer.give_up(runtime, msgspec.convert(job.args, doer.job), Abandoned())


async def prune(runtime: Runtime) -> None:
    """Delete finished jobs: ticks after ten minutes, what succeeded after a day, what failed after a week."""
    ended = ["succeeded", "cancelled"]
    for age, statuses, queue in (
        (timedelta(minutes=10), ["succeeded", "failed", "cancelled", "aborted"], "ticks"),
        (timedelta(days=1), ended, None),
        (timedelta(days=7), ["failed", "aborted"], None),
    ):
        deleted = BITE
        while deleted == BITE:
            async with runtime.connection() as conn:
                deleted = await delete_finished(conn, age=age, statuses=statuses, queue=queue, limit=BITE)
