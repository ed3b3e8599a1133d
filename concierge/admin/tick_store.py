"""What Postgres knows about the ticks: of the whole machine, not of a tenant."""

from datetime import datetime

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Periodic(Struct, frozen=True):
    """A tick. `period`: seconds from one time to the next. `last_at`: when it came last, null where it never did.

    `failing_since`, `error`: since when its runs fail, and the kind of error of the last one; null while they go well.
    `overdue_since`: when it should have come and did not, a minute ago or longer; null while all is well.
    """

    name: str
    period: float
    last_at: datetime | None
    failing_since: datetime | None
    error: str | None
    next_at: datetime
    overdue_since: datetime | None


@query("""
    select t.name, extract(epoch from t.period)::float as period, t.came_at as last_at, t.failing_since, t.error,
           date_bin(t.period, %(now)s, 'epoch'::timestamptz + t.past) + t.period as next_at,
           case when x.wanted_at < %(now)s - interval '1 minute' then x.wanted_at end as overdue_since
    from tick t
    cross join lateral (
        select date_bin(t.period, greatest(t.came_at, t.declared_at), 'epoch'::timestamptz + t.past)
               + t.period as wanted_at
    ) x
    where t.declared_at = (select max(declared_at) from tick)  -- what an older version had is gone
    order by t.name
""")
async def every(conn: Conn, *, now: datetime) -> list[Periodic]:
    """Every tick of the worker that started last, by name."""


@query("select name from tick where name = %(name)s")
async def is_known(conn: Conn, *, name: str) -> str | None:
    """Whether there is a tick of this name."""


@query("""
    select (procrastinate_defer_jobs_v1(array[
        row('ticks', %(name)s, 10, null, null, '{}', null)::procrastinate_job_to_defer_v1]))[1]
""")
async def run(conn: Conn, *, name: str) -> int:
    """Let it come once more, now; the job's id."""
