"""What procrastinate's tables say about queues, jobs and workers: of the whole machine, not of a tenant."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from concierge.postgres.query import Conn, query

JobStatus = Literal["todo", "doing", "succeeded", "failed", "cancelled", "aborted"]


class Queue(Struct, frozen=True):
    """One queue. `oldest_seconds`: how long the oldest job that may run has waited. `paused_at`: its jobs wait."""

    name: str
    ready: int
    waiting: int
    doing: int
    failed: int
    oldest_seconds: float | None
    paused_at: datetime | None
    paused_by: str | None


class QueuedJob(Struct, frozen=True):
    """One job. Arguments are ids."""

    id: int
    queue: str
    kind: str
    args: dict[str, Any]
    status: JobStatus
    attempts: int
    scheduled_at: datetime | None
    worker_id: int | None


class Worker(Struct, frozen=True):
    """A worker, and how long it has been silent."""

    id: int
    last_heartbeat: datetime
    silent_seconds: float
    doing: int


@query("""
    with alive as (
        select queue_name as name,
               count(*) filter (where status = 'todo' and coalesce(scheduled_at, now()) <= now())::int as ready,
               count(*) filter (where status = 'todo' and scheduled_at > now())::int as waiting,
               count(*) filter (where status = 'doing')::int as doing,
               -- ids go up with time: the oldest is the least, so that the event of one job is read and not of all
               min(id) filter (where status = 'todo' and coalesce(scheduled_at, now()) <= now()) as oldest
        from procrastinate_jobs where status in ('todo', 'doing') group by 1
    ), given_up as (
        select queue_name as name, count(*)::int as failed from procrastinate_jobs
        -- the condition of procrastinate_jobs_given_up, said again for its index
        where status in ('failed', 'cancelled', 'aborted') and status = 'failed' group by 1
    ), held as (
        select name, ready, waiting, doing, failed,
               (select extract(epoch from now() - min(e.at))::float from procrastinate_events e
                where e.job_id = oldest and e.type = 'deferred') as oldest_seconds
        from alive full join given_up using (name)
    )
    select name, coalesce(h.ready, 0) as ready, coalesce(h.waiting, 0) as waiting, coalesce(h.doing, 0) as doing,
           coalesce(h.failed, 0) as failed, h.oldest_seconds, p.paused_at, p.paused_by
    from held h
    full join (select queue as name, paused_at, paused_by from queue_pause) p using (name)
    order by name
""")
async def queues(conn: Conn) -> list[Queue]:
    """Every queue with something in it, and every paused one."""


@query("""
    insert into queue_pause (queue, paused_by, paused_at) values (%(queue)s, %(by)s, %(now)s)
    on conflict (queue) do nothing
""")
async def pause(conn: Conn, *, queue: str, by: str, now: datetime) -> None:
    """Its jobs wait; nothing where they did before."""


@query("delete from queue_pause where queue = %(queue)s")
async def resume(conn: Conn, *, queue: str) -> None:
    """Its jobs run again."""


@query("""
    select id, queue_name as queue, task_name as kind, args, status::text as status, attempts, scheduled_at, worker_id
    from procrastinate_jobs
    where id < %(before)s
      and (%(status)s::text is null or status = %(status)s::procrastinate_job_status)
      and (%(queue)s::text is null or queue_name = %(queue)s)
      and (%(kind)s::text is null or task_name = %(kind)s)
    order by id desc limit %(limit)s
""")
async def jobs(
    conn: Conn, *, status: JobStatus | None, queue: str | None, kind: str | None, before: int, limit: int
) -> list[QueuedJob]:
    """A page of them, newest first."""


@query("""
    select id, queue_name as queue, task_name as kind, args, status::text as status, attempts, scheduled_at, worker_id
    from procrastinate_jobs where id = %(id)s
""")
async def job(conn: Conn, id: int) -> QueuedJob | None:
    """One of them."""


@query("""
    select count(procrastinate_retry_job_v2(j.id, now(), null, null, null))::int
    from (select id from procrastinate_jobs where status = 'failed' and id = %(id)s for update) j
""")
async def retry(conn: Conn, *, id: int) -> int:
    """A failed job runs again; 0: it has not failed."""


class Matching(Struct, frozen=True):
    """How many jobs match, and the newest of them."""

    count: int
    newest: int


class Swept(Struct, frozen=True):
    """How many jobs were changed, and the newest of them."""

    count: int
    last: int | None


@query("""
    select count(*)::int as count, coalesce(max(id), 0) as newest from procrastinate_jobs
    where status = %(status)s::procrastinate_job_status
      and (%(queue)s::text is null or queue_name = %(queue)s)
      and (%(kind)s::text is null or task_name = %(kind)s)
""")
async def count(conn: Conn, *, status: JobStatus, queue: str | None, kind: str | None) -> Matching:
    """What a filter would be done to."""


@query("""
    select count(procrastinate_retry_job_v2(j.id, now(), null, null, null))::int as count, max(j.id) as last
    from (select id from procrastinate_jobs
          where status = 'failed' and id > %(after)s and id <= %(until)s
            and (%(queue)s::text is null or queue_name = %(queue)s)
            and (%(kind)s::text is null or task_name = %(kind)s)
          order by id limit %(limit)s for update) j
""")
async def retry_some(conn: Conn, *, after: int, until: int, queue: str | None, kind: str | None, limit: int) -> Swept:
    """Failed jobs run again, oldest first."""


@query("""
    select count(procrastinate_cancel_job_v1(j.id, false, false))::int as count, max(j.id) as last
    from (select id from procrastinate_jobs
          where status = 'todo' and id > %(after)s and id <= %(until)s
            and (%(queue)s::text is null or queue_name = %(queue)s)
            and (%(kind)s::text is null or task_name = %(kind)s)
          order by id limit %(limit)s for update) j
""")
async def cancel_some(conn: Conn, *, after: int, until: int, queue: str | None, kind: str | None, limit: int) -> Swept:
    """Jobs that wait do not run, oldest first."""


@query("select procrastinate_cancel_job_v1(%(id)s, false, false)")
async def cancel(conn: Conn, id: int) -> int | None:
    """A job that waits does not run; None: it does not wait."""


@query("""
    select w.id, w.last_heartbeat, extract(epoch from now() - w.last_heartbeat)::float as silent_seconds,
           (select count(*) from procrastinate_jobs j where j.worker_id = w.id and j.status = 'doing')::int as doing
    from procrastinate_workers w order by w.id
""")
async def workers(conn: Conn) -> list[Worker]:
    """Every worker that said it lives, those that fell silent too."""


class Accounts(Struct, frozen=True):
    """How many accounts of a channel are in a state."""

    channel: str
    status: str
    count: int


@query("""
    select channel, status, count(*)::int as count from channel_account
    where status <> 'removed' group by channel, status order by channel, status
""")
async def accounts(conn: Conn) -> list[Accounts]:
    """Of all tenants."""


class Unsent(Struct, frozen=True):
    """How many messages out are in a state that somebody may have to look at."""

    status: str
    count: int


@query("""
    select status, count(*)::int as count from outbound_message
    where status in ('queued', 'sending') or (status = 'failed')
       or (status = 'unknown' and escalated_at is null) or status = 'held'
    group by status order by status
""")
async def unsent(conn: Conn) -> list[Unsent]:
    """Of the whole machine."""
