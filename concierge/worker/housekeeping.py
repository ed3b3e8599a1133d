"""What procrastinate leaves to us: jobs of dead workers come back, finished jobs go away."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

import msgspec

from concierge.errors import ConciergeError
from concierge.log import logger
from concierge.runtime import Runtime
from concierge.work import EVERY_TEN_MINUTES, EVERY_TEN_SECONDS, Tick, Work
from concierge.worker import store, ticking

HEARTBEAT = timedelta(seconds=3)
DEAD_AFTER = timedelta(seconds=15)  # without a heartbeat
MARGIN = 30.0  # seconds past its deadline until a job or tick under a live worker counts as lost
RESCUES = 3  # beyond a job's own retries; then it is what kills the workers
BITE = 2_000
DEADLINES = {"worker.rescue": 30.0, "worker.prune": 300.0}  # seconds

log = logger(__name__)


class Abandoned(ConciergeError):
    """The job never came to an end, however often it was started."""

    permanent = True


def ticks(work: Sequence[Work], others: Sequence[Tick]) -> tuple[Tick, ...]:
    """The ticks that look after the jobs themselves, and after all `others`."""
    again = partial(rescue, work=work, ticks=others)
    return (
        Tick(name="worker.rescue", every=EVERY_TEN_SECONDS, run=again, deadline=DEADLINES["worker.rescue"]),
        Tick(name="worker.prune", every=EVERY_TEN_MINUTES, run=prune, deadline=DEADLINES["worker.prune"]),
    )


def limits(work: Sequence[Work], ticks: Sequence[Tick]) -> dict[str, float]:
    """Seconds after which a run of each kind of job or tick counts as lost, even if its worker lives."""
    deadlines = {each.job.kind: each.deadline for each in work} | {each.name: each.deadline for each in ticks}
    deadlines |= DEADLINES | {ticking.JOB: ticking.longest(ticks)}
    return {name: deadline + MARGIN for name, deadline in deadlines.items()}


async def rescue(runtime: Runtime, *, work: Sequence[Work], ticks: Sequence[Tick]) -> None:
    """Requeue what stalled; a job that stalls again and again is given up. A wrong rescue is harmless (fences).

    A tick that stalls is given up at once: the next one comes by itself, and finds whatever this one did not do.
    """
    known = {each.job.kind: each for each in work}
    passing = {each.name for each in ticks} | DEADLINES.keys() | {ticking.JOB}
    given_up = []
    async with runtime.begin() as conn:
        for job in await store.stalled(conn, dead_after=DEAD_AFTER, limits=limits(work, ticks)):
            doer = known.get(job.task_name)
            if doer is not None and job.attempts >= len(doer.waits) + RESCUES:
                await store.fail(conn, id=job.id)
                given_up.append((doer, job))
            elif job.task_name in passing:
                await store.fail(conn, id=job.id)
            else:
                await store.run_again(conn, id=job.id)
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
                deleted = await store.delete_finished(conn, age=age, statuses=statuses, queue=queue, limit=BITE)
