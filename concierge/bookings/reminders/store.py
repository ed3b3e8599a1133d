"""What Postgres knows about reminders. Every move is guarded by the status it starts from."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.bookings.reminders.model import Reminder
from concierge.postgres.query import Conn, query


class Due(Struct, frozen=True):
    """A reminder whose time has come."""

    id: UUID
    tenant_id: UUID
    booking_id: UUID


class Settled(Struct, frozen=True):
    """A reminder that came to its end."""

    id: UUID
    tenant_id: UUID
    status: str


@query("""
    insert into reminder (tenant_id, booking_id, schedule_version, n, due_at, created_at, moved_at)
    select %(tenant_id)s, %(booking_id)s, %(schedule_version)s, n, due_at, %(now)s, %(now)s
    from unnest(%(due_ats)s::timestamptz[]) with ordinality as slot (due_at, n)
""")
async def add(
    conn: Conn, *, tenant_id: UUID, booking_id: UUID, schedule_version: int, due_ats: list[datetime], now: datetime
) -> None:
    """A plan."""


@query("""
    with old as (
        update reminder set status = 'cancelled', reason = %(reason)s, moved_at = %(now)s
        where booking_id = %(booking_id)s and tenant_id = %(tenant_id)s and status in ('planned', 'due')
        returning due_at
    ), handed_over as (
        select r.due_at, o.status = 'cancelled' and o.withdrawn_at = %(now)s
                         and (r.status = 'sending' or r.reason = 'template_required') as taken_back
        from reminder r
        left join outbound_message f on f.fallback_of = r.outbound_message_id
        join outbound_message o on o.id = coalesce(f.id, r.outbound_message_id)
        where r.booking_id = %(booking_id)s and r.tenant_id = %(tenant_id)s
          and r.status in ('sending', 'sent', 'failed')
    )
    select min(due_at) from (select due_at from old where due_at <= %(now)s
                             union all select due_at from handed_over where taken_back) missed
    -- what was due before one that was said is not said any more
    where due_at > coalesce((select max(due_at) from handed_over where not taken_back), '-infinity')
""")
async def cancel(conn: Conn, *, booking_id: UUID, tenant_id: UUID, reason: str, now: datetime) -> datetime | None:
    """No plan any more. The earliest that was overdue, or waited in the outbox until it was withdrawn just now."""


@query("""
    with due as materialized (
        select id from reminder where status = 'planned' and due_at <= %(now)s
        order by due_at limit %(limit)s
        for update skip locked
    )
    -- an array, because a join would be planned as a scan of the whole table where the table is not huge
    update reminder r set status = 'due', moved_at = %(now)s where r.id = any(array(select id from due))
    returning r.id
""")
async def claim_due(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Reminders whose time has come; a second scheduler skips them."""


@query("""
    select r.id
    from (select id from reminder where status = 'due' and moved_at < %(before)s
          order by moved_at limit %(limit)s) r
    where not exists (select from procrastinate_jobs j
                      where j.status in ('todo', 'doing') and j.task_name = 'bookings.remind'
                        and j.args ->> 'reminder_id' = r.id::text)
""")
async def forgotten(conn: Conn, *, before: datetime, limit: int) -> list[UUID]:
    """Reminders that are due and that no live job is for."""


@query("select id, tenant_id, booking_id from reminder where id = %(id)s and status = 'due'")
async def find_due(conn: Conn, id: UUID) -> Due | None:
    """A reminder that is to be sent."""


@query("""
    select r.id, r.booking_id, r.schedule_version, r.n, r.due_at, r.status, r.reason, r.outbound_message_id, r.moved_at
    from reminder r where r.id = %(id)s and r.tenant_id = %(tenant_id)s and r.status = 'due' for update
""")
async def hold(conn: Conn, id: UUID, *, tenant_id: UUID) -> Reminder | None:
    """The reminder, if it is still to be sent; the booking must be held already."""


@query("""
    select true from reminder
    where booking_id = %(booking_id)s and tenant_id = %(tenant_id)s and schedule_version = %(schedule_version)s
      and n > %(n)s and due_at <= %(now)s
    limit 1
""")
async def is_overtaken(
    conn: Conn, *, booking_id: UUID, tenant_id: UUID, schedule_version: int, n: int, now: datetime
) -> bool | None:
    """Whether a later one of the same plan is due as well: after an outage one is enough."""


@query("""
    update reminder
    set status = %(status)s, reason = %(reason)s, outbound_message_id = %(outbound_message_id)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'due'
""")
async def settle(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    status: str,
    reason: str | None,
    outbound_message_id: UUID | None,
    now: datetime,
) -> None:
    """It is handed over, or not sent."""


@query("""
    with settled as (
        select r.id, o.id as outbound_id
        from reminder r
        left join outbound_message f on f.fallback_of = r.outbound_message_id  -- said on another channel: that counts
        join outbound_message o on o.id = coalesce(f.id, r.outbound_message_id)
        where r.status = 'sending'
          and o.status in ('sent', 'delivered', 'read', 'failed', 'blocked', 'cancelled', 'expired')
        limit %(limit)s
        for update of r skip locked
    )
    update reminder r
    set status = case when o.status in ('sent', 'delivered', 'read') then 'sent'
                      when o.status = 'expired' then 'skipped' when o.status = 'cancelled' then 'cancelled'
                      else 'failed' end,
        reason = case when o.status in ('sent', 'delivered', 'read') then null
                      else coalesce(o.reason, 'its message was ' || o.status) end,
        moved_at = %(now)s
    from settled, outbound_message o
    where r.id = settled.id and o.id = settled.outbound_id
""")
async def finish(conn: Conn, *, now: datetime, limit: int) -> None:
    """Reminders whose message has arrived somewhere, or never will."""


@query("""
    with late as (
        select r.id from reminder r join outbound_message o on o.id = r.outbound_message_id
        where r.status = 'failed' and (r.moved_at > %(since)s or r.reason = 'template_required')
          and (o.status in ('delivered', 'read') or (r.reason = 'template_required' and o.status = 'sent'))
        limit %(limit)s
        for update of r skip locked
    )
    update reminder r set status = 'sent', reason = 'its message arrived after all', moved_at = %(now)s
    from late where r.id = late.id
""")
async def finish_late(conn: Conn, *, since: datetime, now: datetime, limit: int) -> None:
    """Reminders that were given up, whose message found its template or its receipt later."""


@query("""
    update reminder set status = 'failed', reason = %(reason)s, moved_at = %(now)s
    where id = %(id)s and status = 'due'
    returning tenant_id
""")
async def fail(conn: Conn, id: UUID, *, reason: str, now: datetime) -> UUID | None:
    """It cannot be sent."""


@query("""
    update reminder set status = 'sending', reason = 'its message is retried by ' || %(by)s, moved_at = %(now)s
    where outbound_message_id = %(outbound_message_id)s and tenant_id = %(tenant_id)s and status = 'failed'
""")
async def resume(conn: Conn, *, outbound_message_id: UUID, tenant_id: UUID, by: str, now: datetime) -> None:
    """Its message is on the way again."""


@query("""
    select r.id, r.booking_id, r.schedule_version, r.n, r.due_at, r.status, r.reason, r.outbound_message_id, r.moved_at
    from reminder r
    where r.booking_id = %(booking_id)s and r.tenant_id = %(tenant_id)s
      and (%(schedule_version)s::int is null or r.schedule_version = %(schedule_version)s)
    order by r.schedule_version, r.n
""")
async def of_booking(conn: Conn, *, booking_id: UUID, tenant_id: UUID, schedule_version: int | None) -> list[Reminder]:
    """The plan of one version, or (None) of all, oldest first."""


class Stats(Struct, frozen=True):
    """How many reminders are in which state."""

    waiting: int
    active: int
    completed: int
    failed: int
    delayed: int


@query("""
    select
        (select count(*) from reminder where tenant_id = %(tenant_id)s and status in ('planned', 'due')
         and due_at <= %(now)s) as waiting,
        (select count(*) from reminder r where r.tenant_id = %(tenant_id)s and r.status = 'sending') as active,
        (select count(*) from reminder where tenant_id = %(tenant_id)s and status in ('sent', 'failed')
         and status = 'sent' and moved_at > %(now)s - interval '24 hours') as completed,
        (select count(*) from reminder where tenant_id = %(tenant_id)s and status in ('sent', 'failed')
         and status = 'failed' and moved_at > %(now)s - interval '7 days') as failed,
        (select count(*) from reminder where tenant_id = %(tenant_id)s and status in ('planned', 'due')
         and due_at > %(now)s) as delayed
""")
async def stats(conn: Conn, *, tenant_id: UUID, now: datetime) -> Stats:
    """What waits, what is being sent, what succeeded in the last day and failed in the last week, what lies ahead."""
