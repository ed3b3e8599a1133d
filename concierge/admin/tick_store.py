"""What Postgres knows about the ticks: of the whole machine, not of a tenant."""

from datetime import datetime

from msgspec import Struct

from concierge.admin.machine_store import JobStatus
from concierge.postgres.query import Conn, query


class Periodic(Struct, frozen=True):
    """A tick. `period`: seconds from one time to the next. `last_at`: when it came last, by the clock it follows.

    `last_status`: what became of that; null where it never came, or where its job was cleared away (after ten minutes).
    `overdue_since`: when it should have come and did not, a minute ago or longer; null while all is well.
    """

    name: str
    period: float
    last_at: datetime | None
    last_status: JobStatus | None
    next_at: datetime
    overdue_since: datetime | None


@query("""
    select t.name, extract(epoch from t.period)::float as period, l.at as last_at, l.status as last_status,
           date_bin(t.period, %(now)s, 'epoch'::timestamptz + t.past) + t.period as next_at,
           case when x.wanted_at < %(now)s - interval '1 minute' then x.wanted_at end as overdue_since
    from tick t
    left join lateral (
        select to_timestamp(p.defer_timestamp) as at, j.status::text as status
        from procrastinate_periodic_defers p left join procrastinate_jobs j on j.id = p.job_id
        where p.task_name = t.name order by p.defer_timestamp desc limit 1) l on true
    cross join lateral (
        select date_bin(t.period, greatest(l.at, t.declared_at), 'epoch'::timestamptz + t.past) + t.period as wanted_at
    ) x
    order by t.name
""")
async def every(conn: Conn, *, now: datetime) -> list[Periodic]:
    """Every tick, by name."""


@query("select name from tick where name = %(name)s")
async def is_known(conn: Conn, *, name: str) -> str | None:
    """Whether there is a tick of this name."""


@query("""
    select (procrastinate_defer_jobs_v1(array[
        row('ticks', %(name)s, 10, null, null,
            jsonb_build_object('timestamp', extract(epoch from %(now)s::timestamptz)::bigint),
            null)::procrastinate_job_to_defer_v1]))[1]
""")
async def run(conn: Conn, *, name: str, now: datetime) -> int:
    """Let it come once more, now; the job's id."""
