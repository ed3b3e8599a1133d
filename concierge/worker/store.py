"""What we ask of procrastinate's own tables, beyond what procrastinate asks itself."""

from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from concierge.postgres.query import Conn, query


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
              < now() - make_interval(secs => coalesce((%(limits)s::jsonb ->> j.task_name)::float, 900)))
    for update of j skip locked
""")
async def stalled(conn: Conn, *, dead_after: timedelta, limits: dict[str, float]) -> list[Stalled]:
    """Jobs of dead workers, and jobs that run past their limit in seconds whatever their worker's heartbeat says.

    A kind that is not in `limits` is of another version: it gets 15 minutes.
    """


class BegunJob(Struct, frozen=True):
    """A job as procrastinate knows it, now that a worker has it."""

    id: int
    status: str
    queue: str
    task_name: str
    priority: int
    lock: str | None
    queueing_lock: str | None
    task_kwargs: dict[str, Any]
    scheduled_at: datetime | None
    attempts: int
    worker_id: int


@query("""
    with next as (
        -- as procrastinate_fetch_job_v2, for several jobs, and without a look at locks: no job of ours has one
        select id from procrastinate_jobs
        where status = 'todo' and queue_name = any(%(queues)s) and (scheduled_at is null or scheduled_at <= now())
        order by priority desc, id limit %(most)s
        for update skip locked
    ), begun as (
        -- an array and no join: whatever the planner believes of the table, each job is one descent of its key
        update procrastinate_jobs set status = 'doing', worker_id = %(worker_id)s
        where id = any(array(select id from next))
        returning id, status::text, queue_name as queue, task_name, priority, lock, queueing_lock, args as task_kwargs,
                  scheduled_at, attempts, worker_id
    )
    select id, status, queue, task_name, priority, lock, queueing_lock, task_kwargs, scheduled_at, attempts, worker_id
    from begun order by priority desc, id
""")
async def begin_jobs(conn: Conn, *, queues: list[str], worker_id: int, most: int) -> list[BegunJob]:
    """The next jobs, marked as begun."""


@query("""
    update procrastinate_jobs
    set status = (%(statuses)s::procrastinate_job_status[])[array_position(%(ids)s::bigint[], id)],
        abort_requested = false, attempts = attempts + case when status = 'doing' then 1 else 0 end
    where id = any(%(ids)s::bigint[]) and status in ('todo', 'doing')
""")
async def end_jobs(conn: Conn, *, ids: list[int], statuses: list[str]) -> None:
    """As procrastinate_finish_job_v1, for several jobs. One that ended already, after a wrong rescue, stays so."""


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
async def delete_finished(conn: Conn, *, age: timedelta, statuses: list[str], queue: str | None, limit: int) -> int:
    """Delete one bite of finished jobs."""


@query("delete from procrastinate_workers where id = any(%(ids)s)")
async def bury(conn: Conn, *, ids: list[int]) -> None:
    """Workers of this process that ended without signing off; their jobs can be rescued at once."""


@query("select queue from queue_pause")
async def paused(conn: Conn) -> list[str]:
    """Queues whose jobs wait."""


class Stopped(Struct, frozen=True):
    """A queue or an account that is stopped. `by`: who paused the queue, or why the account does not send."""

    what: str
    status: str
    by: str | None
    since: datetime
    waiting: int


@query("""
    select 'queue ' || p.queue as what, 'paused' as status, p.paused_by as by, p.paused_at as since,
           (select count(*) from procrastinate_jobs j where j.queue_name = p.queue and j.status = 'todo') as waiting
    from queue_pause p
    union all
    select a.channel || ' account ' || a.id, a.status, a.reason, a.moved_at,
           (select count(*) from outbound_message o
            where o.channel_account_id = a.id and o.status in ('queued', 'held'))
    from channel_account a
    where a.status in ('paused', 'reauth_required')
    order by since
""")
async def stopped(conn: Conn) -> list[Stopped]:
    """Whatever is stopped, the oldest first."""


class QueueState(Struct, frozen=True):
    """The jobs of one queue."""

    name: str
    waiting: int
    running: int
    failed: int  # in the last day


@query("""
    select j.queue_name as name, count(*) filter (where j.status = 'todo') as waiting,
           count(*) filter (where j.status = 'doing') as running,
           count(*) filter (where j.status = 'failed') as failed
    from procrastinate_jobs j
    where j.queue_name <> 'ticks'
      and (j.status in ('todo', 'doing')
           or (j.status = 'failed'
               and exists (select from procrastinate_events e
                           where e.job_id = j.id and e.type = 'failed' and e.at > now() - interval '1 day')))
    group by 1 order by 1
""")
async def queues(conn: Conn) -> list[QueueState]:
    """What each queue holds; queues that hold nothing are left out."""


class Lag(Struct, frozen=True):
    """How far behind the system is."""

    waiting_seconds: float  # the oldest job that could run
    overdue_seconds: float  # the oldest follow-up that is due and not done
    notifications: int
    parked: int  # conversations that wait for an operator
    unpaid: int  # conversations that wait for credits


@query("""
    select coalesce(extract(epoch from now() - last_heartbeat), 0)::float from procrastinate_workers order by 1
""")
async def heartbeat_ages(conn: Conn) -> list[float]:
    """Seconds since the last heartbeat of each worker of the fleet, the youngest first."""


@query("""
    select
        (select coalesce(extract(epoch from now() - min(e.at)), 0)::float
         from procrastinate_jobs j join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'
         where j.status = 'todo' and (j.scheduled_at is null or j.scheduled_at <= now())) as waiting_seconds,
        (select coalesce(greatest(extract(epoch from now() - min(due_at)), 0), 0)::float
         from task where status in ('pending', 'due', 'executing')) as overdue_seconds,
        (select count(*) from notification where acknowledged_at is null) as notifications,
        (select count(*) from conversation
         where parked_at is not null and parked_reason is distinct from 'out of credits') as parked,
        (select count(*) from conversation
         where parked_at is not null and parked_reason = 'out of credits') as unpaid
""")
async def lag(conn: Conn) -> Lag:
    """What waits, over all tenants."""
