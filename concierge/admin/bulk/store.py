"""What Postgres knows about operations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.admin.bulk.model import Operation, Running, Status
from concierge.postgres.query import Conn, query


class Meant(Struct, frozen=True):
    """A message that is meant."""

    id: UUID
    created_at: datetime


@query("""
    insert into operation (tenant_id, kind, filter, total, asked_by, created_at, moved_at)
    values (%(tenant_id)s, %(kind)s, %(filter)s::jsonb, %(total)s, %(by)s, %(now)s, %(now)s)
    returning id, kind, filter, status, total, done, asked_by, reason, created_at, moved_at
""")
async def add(
    conn: Conn, *, tenant_id: UUID, kind: str, filter: dict[str, Any], total: int, by: str, now: datetime
) -> Operation:
    """A new one, at its beginning."""


@query("""
    select id, kind, filter, status, total, done, asked_by, reason, created_at, moved_at
    from operation where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Operation | None:
    """One of the tenant's."""


@query("""
    select id, kind, filter, status, total, done, asked_by, reason, created_at, moved_at
    from operation
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Operation]:
    """A page of the tenant's."""


@query("""
    select id, tenant_id, kind, filter, asked_by, place from operation
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'running'
    for update
""")
async def running(conn: Conn, id: UUID, *, tenant_id: UUID) -> Running | None:
    """It, while it runs, for nobody else at the same time."""


@query("""
    update operation
    set done = done + %(done)s, place = %(place)s, moved_at = %(now)s,
        status = case when %(place)s::text is null then 'done' else 'running' end
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'running'
""")
async def mark(conn: Conn, id: UUID, *, tenant_id: UUID, done: int, place: str | None, now: datetime) -> None:
    """A batch is done, and where the next begins; null: all is done."""


@query("""
    update operation set status = %(status)s, reason = %(reason)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'running'
    returning id
""")
async def end(
    conn: Conn, id: UUID, *, tenant_id: UUID, status: Status, reason: str | None, now: datetime
) -> UUID | None:
    """No more batches; None: it had ended before."""


@query("""
    with account as (
        select id from channel_account
        where tenant_id = %(tenant_id)s and (%(channel)s::text is null or channel = %(channel)s)
    )
    select count(*) from (
        -- each in the order of the index that knows its state: a look at the whole table must not seem cheaper
        (select from outbound_message
         where tenant_id = %(tenant_id)s and status = %(status)s and channel_account_id in (select id from account)
           and status in ('scheduled', 'held', 'blocked', 'failed', 'unknown', 'cancelled', 'expired')
           and (status <> 'unknown' or escalated_at is not null)
         order by created_at, id limit %(bound)s)
        union all
        (select from outbound_message
         where tenant_id = %(tenant_id)s and status = 'queued' and wake_at is null and %(status)s::text = 'queued'
           and channel_account_id in (select id from account)
         order by due_at limit %(bound)s)
        union all
        (select from outbound_message
         where tenant_id = %(tenant_id)s and status = 'queued' and wake_at is not null and %(status)s::text = 'queued'
           and channel_account_id in (select id from account)
         order by wake_at limit %(bound)s)
        limit %(bound)s) matching
""")
async def count_messages(conn: Conn, *, tenant_id: UUID, status: str, channel: str | None, bound: int) -> int:
    """How many messages match."""


@query("""
    select o.id, o.created_at from outbound_message o
    where o.tenant_id = %(tenant_id)s and (o.created_at, o.id) > (%(after_at)s, %(after_id)s)
      and o.created_at <= %(until)s and o.status = %(status)s
      and (o.status <> 'unknown' or o.escalated_at is not null)
      and (%(channel)s::text is null
           or exists (select from channel_account a where a.id = o.channel_account_id and a.channel = %(channel)s))
    order by o.created_at, o.id limit %(limit)s
""")
async def matching_messages(
    conn: Conn,
    *,
    tenant_id: UUID,
    status: str,
    channel: str | None,
    until: datetime,
    after_at: datetime,
    after_id: UUID,
    limit: int,
) -> list[Meant]:
    """The next messages, the oldest first."""
