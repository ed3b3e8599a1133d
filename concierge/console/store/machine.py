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


class Walk(Struct, frozen=True):
    """The jobs that were wanted among those that were looked at. `last`: where to go on; None at the end."""

    jobs: list[Job]
    last: int | None


class Step(Struct, frozen=True):
    """What happened to a job."""

    at: datetime
    type: str


@query("""
    with walked as (
        -- each state by the index that knows it; a branch that is not asked for is not begun
        (select id, queue_name, task_name, status, attempts, scheduled_at
         from procrastinate_jobs
         where id < %(before)s and coalesce(%(status)s::text, 'succeeded') = 'succeeded'
         order by id desc limit %(looked)s)
        union all
        (select id, queue_name, task_name, status, attempts, scheduled_at
         from procrastinate_jobs
         where id < %(before)s and %(status)s::text = 'todo' and status = 'todo' and status in ('todo', 'doing')
         order by id desc limit %(looked)s)
        union all
        (select id, queue_name, task_name, status, attempts, scheduled_at
         from procrastinate_jobs
         where id < %(before)s and %(status)s::text = 'doing' and status = 'doing' and worker_id is not null
         order by id desc limit %(looked)s)
        union all
        (select id, queue_name, task_name, status, attempts, scheduled_at
         from procrastinate_jobs
         where id < %(before)s and %(status)s::text in ('failed', 'cancelled', 'aborted')
           and status in ('failed', 'cancelled', 'aborted')
         order by id desc limit %(looked)s)
    ), shown as (
        select id, queue_name as queue, task_name as kind, status::text as status, attempts, scheduled_at
        from walked
        where (%(status)s::text is null or status::text = %(status)s)
          and (%(queue)s::text is null or queue_name = %(queue)s)
        order by id desc limit %(limit)s
    )
    select (select coalesce(jsonb_agg(to_jsonb(shown) order by id desc), '[]') from shown) as jobs,
           (select case when count(*) >= %(looked)s then min(id) end from walked) as last
""")
async def jobs(conn: Conn, *, status: str | None, queue: str | None, before: int, looked: int, limit: int) -> Walk:
    """A page of jobs, newest first, of so many that are looked at."""


@query("select at, type::text as type from procrastinate_events where job_id = %(id)s order by at limit 200")
async def history(conn: Conn, *, id: int) -> list[Step]:
    """A job's life."""
