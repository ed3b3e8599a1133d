"""What procrastinate's tables say to a person. Of the whole machine: shown only to those who may see it."""

from datetime import datetime

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Job(Struct, frozen=True):
    """A job in a list, its arguments left out."""

    id: int
    queue: str
    kind: str
    status: str
    attempts: int
    scheduled_at: datetime | None


class Step(Struct, frozen=True):
    """What happened to a job."""

    at: datetime
    type: str


class Came(Struct, frozen=True):
    """A tick: when it last came, and what became of it."""

    name: str
    at: datetime
    status: str | None


@query("""
    select id, queue_name as queue, task_name as kind, status::text as status, attempts, scheduled_at
    from procrastinate_jobs
    where id < %(before)s and (%(status)s::text is null or status = %(status)s::procrastinate_job_status)
      and (%(queue)s::text is null or queue_name = %(queue)s)
    order by id desc limit %(limit)s
""")
async def jobs(conn: Conn, *, status: str | None, queue: str | None, before: int, limit: int) -> list[Job]:
    """A page of jobs, newest first."""


@query("select at, type::text as type from procrastinate_events where job_id = %(id)s order by at limit 200")
async def history(conn: Conn, *, id: int) -> list[Step]:
    """A job's life."""


@query("""
    select p.task_name as name, to_timestamp(max(p.defer_timestamp)) as at,
           (select j.status::text from procrastinate_periodic_defers l join procrastinate_jobs j on j.id = l.job_id
            where l.task_name = p.task_name order by l.defer_timestamp desc limit 1) as status
    from procrastinate_periodic_defers p group by p.task_name order by p.task_name
""")
async def ticks(conn: Conn) -> list[Came]:
    """Every tick that ever came."""
