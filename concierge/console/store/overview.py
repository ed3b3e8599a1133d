"""What Postgres knows about the present moment. Each count stops at a bound, each wait is the first row of an index."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Present(Struct, frozen=True):
    """Figures of now. Waits in seconds, None where nothing waits."""

    received: int  # in the last minute
    made: int
    unanswered_seconds: float | None
    unsent_seconds: float | None
    overdue_tasks: int
    overdue_reminders: int
    notifications: int


class Age(Struct, frozen=True):
    """A queue, and how long the oldest of its jobs that could run has waited."""

    queue: str
    seconds: float


@query("""
    select
        (select count(*) from (
            select from inbound_message
            where tenant_id = %(tenant_id)s and redacted_at is null and received_at > %(since)s
            limit %(bound)s) x)::int as received,
        (select count(*) from (
            select from outbound_message where tenant_id = %(tenant_id)s and created_at > %(since)s
            limit %(bound)s) x)::int as made,
        (select extract(epoch from %(now)s::timestamptz - last_message_at)::float from conversation
         where tenant_id = %(tenant_id)s and handled_seq < last_seq and parked_at is null
         order by last_message_at limit 1) as unanswered_seconds,
        (select extract(epoch from %(now)s::timestamptz - due_at)::float from outbound_message
         where tenant_id = %(tenant_id)s and status = 'queued' and wake_at is null and due_at <= %(now)s
         order by due_at limit 1) as unsent_seconds,
        (select count(*) from (
            -- by the indexes of the ticks that take them, in the order of each: no other way may look cheaper
            (select from task where tenant_id = %(tenant_id)s and due_at < %(since)s and status = 'pending'
             order by due_at limit %(bound)s)
            union all
            (select from task where tenant_id = %(tenant_id)s and due_at < %(since)s and status in ('due', 'executing')
             order by moved_at limit %(bound)s)
            limit %(bound)s) x)::int as overdue_tasks,
        (select count(*) from (
            select from reminder
            where tenant_id = %(tenant_id)s and due_at < %(since)s and status in ('planned', 'due')
            limit %(bound)s) x)::int as overdue_reminders,
        (select count(*) from (
            select from notification
            where tenant_id = %(tenant_id)s and acknowledged_at is null
              and (snoozed_until is null or snoozed_until <= %(now)s)
            limit %(bound)s) x)::int as notifications
""")
async def present(conn: Conn, *, tenant_id: UUID, now: datetime, since: datetime, bound: int) -> Present:
    """The figures of now; `since` is a minute ago."""


@query("""
    select j.queue_name as queue, extract(epoch from %(now)s::timestamptz - min(e.at))::float as seconds
    from (select id, queue_name from procrastinate_jobs
          where status = 'todo' and coalesce(scheduled_at, %(now)s) <= %(now)s order by id limit %(bound)s) j
    join procrastinate_events e on e.job_id = j.id and e.type = 'deferred'
    group by 1 order by 2 desc
""")
async def queue_ages(conn: Conn, *, now: datetime, bound: int) -> list[Age]:
    """Among the oldest jobs, the oldest of each queue. Of the machine; its clock is Postgres's."""
