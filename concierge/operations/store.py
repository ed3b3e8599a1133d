"""How the jobs of the machine are doing, and what waits. Over all tenants: counts and ids, nothing of theirs."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query

WORDS = {
    "failed": "failedLast24h",
    "succeeded": "succeededLast24h",
    "average_ms": "averageProcessingMs",
    "success_rate": "successRate",
}


class Metrics(Struct, frozen=True, kw_only=True, rename=WORDS):
    """Jobs, without the ticks that come by themselves. Averages are those of the newest jobs of a day."""

    success: bool = True  # the request's, in the words of the design
    queued: int
    running: int
    failed: int  # in the last 24 hours, as what follows
    succeeded: int
    average_ms: float | None  # from the start of the last try to the end
    success_rate: float | None  # 0 to 1; null where nothing has ended


@query("""
    with ended as (
        -- the condition of the index procrastinate_events_ended, newest first
        select e.job_id, e.type, e.at from procrastinate_events e
        where e.type in ('succeeded', 'failed', 'cancelled', 'aborted') and e.at > %(since)s
        order by e.at desc limit %(most)s
    ), counted as (
        select e.type, extract(epoch from e.at - began.at) * 1000 as took
        from ended e
        cross join lateral (select queue_name from procrastinate_jobs where id = e.job_id offset 0) j
        left join lateral (select max(s.at) as at from procrastinate_events s
                           where s.job_id = e.job_id and s.type = 'started') began on true
        where e.type in ('succeeded', 'failed') and j.queue_name <> 'ticks'
    ), live as (
        select j.status from procrastinate_jobs j
        where j.status in ('todo', 'doing') and j.queue_name <> 'ticks' limit %(most)s
    )
    select true as success,
           (select count(*) from live where status = 'todo') as queued,
           (select count(*) from live where status = 'doing') as running,
           (select count(*) from counted where type = 'failed') as failed,
           (select count(*) from counted where type = 'succeeded') as succeeded,
           (select round(avg(took), 1)::float from counted where type = 'succeeded') as average_ms,
           (select round(avg((type = 'succeeded')::int), 4)::float from counted) as success_rate
""")
async def metrics(conn: Conn, *, since: datetime, most: int) -> Metrics:
    """At most `most` jobs are looked at, so that the answer stays quick when there are many."""


@query("""
    select c.id
    from (select id, last_message_at from conversation
          where handled_seq < last_seq and parked_at is null and (retry_at is null or retry_at <= %(now)s)
          order by last_message_at limit 10 * %(limit)s) c
    where not exists (select from procrastinate_jobs j
                      where j.status = 'doing' and j.task_name = 'inbox.handle'
                        and j.args ->> 'conversation_id' = c.id::text)
    order by c.last_message_at limit %(limit)s
""")
async def unhandled(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations with something new that nobody is thinking about, the longest waiting first."""


@query("""
    select conversation_id from outbound_message
    where status = 'queued' and wake_at is null and due_at <= %(now)s
    group by conversation_id order by min(due_at) limit %(limit)s
""")
async def unsent(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations with something to send now, the longest waiting first."""
