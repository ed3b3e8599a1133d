"""What Postgres knows about actions on many messages at once."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Bulk(Struct, frozen=True, kw_only=True):
    """An action on many messages, and how far it has come."""

    id: UUID
    tenant_id: UUID
    action: str
    wanted: str
    channel: str | None
    status: str
    actor: str
    total: int
    done: int
    refused: int
    after_at: datetime
    after_id: UUID
    created_at: datetime
    moved_at: datetime


class Meant(Struct, frozen=True):
    """A message that is meant, in the order in which they are acted on."""

    id: UUID
    created_at: datetime


@query("""
    select count(*) from (
        select from outbound_message o
        where o.tenant_id = %(tenant_id)s and o.status = %(wanted)s
          and (o.status <> 'unknown' or o.escalated_at is not null)
          and (%(channel)s::text is null
               or exists (select from channel_account a where a.id = o.channel_account_id and a.channel = %(channel)s))
        limit %(bound)s) matching
""")
async def count(conn: Conn, *, tenant_id: UUID, wanted: str, channel: str | None, bound: int) -> int:
    """How many messages match."""


@query("""
    insert into bulk_action (tenant_id, action, wanted, channel, actor, total, created_at, moved_at)
    values (%(tenant_id)s, %(action)s, %(wanted)s, %(channel)s, %(actor)s, %(total)s, %(now)s, %(now)s)
    returning id
""")
async def add(
    conn: Conn, *, tenant_id: UUID, action: str, wanted: str, channel: str | None, actor: str, total: int, now: datetime
) -> UUID:
    """It is asked for."""


@query("""
    select id, tenant_id, action, wanted, channel, status, actor, total, done, refused, after_at, after_id, created_at,
           moved_at
    from bulk_action where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Bulk | None:
    """One of them."""


@query("""
    select id, tenant_id, action, wanted, channel, status, actor, total, done, refused, after_at, after_id, created_at,
           moved_at
    from bulk_action
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Bulk]:
    """The latest first."""


@query("""
    select id, tenant_id, action, wanted, channel, status, actor, total, done, refused, after_at, after_id, created_at,
           moved_at
    from bulk_action where id = %(id)s and status = 'running' for update skip locked
""")
async def hold(conn: Conn, id: UUID) -> Bulk | None:
    """One that goes on and that nobody else carries on with."""


@query("""
    select o.id, o.created_at from outbound_message o
    where o.tenant_id = %(tenant_id)s and (o.created_at, o.id) > (%(after_at)s, %(after_id)s)
      and o.created_at <= %(until)s and o.status = %(wanted)s
      and (o.status <> 'unknown' or o.escalated_at is not null)
      and (%(channel)s::text is null
           or exists (select from channel_account a where a.id = o.channel_account_id and a.channel = %(channel)s))
    order by o.created_at, o.id limit %(limit)s
""")
async def meant(
    conn: Conn,
    *,
    tenant_id: UUID,
    wanted: str,
    channel: str | None,
    until: datetime,
    after_at: datetime,
    after_id: UUID,
    limit: int,
) -> list[Meant]:
    """The next messages, the oldest first: one pass over the tenant's messages, however many batches it takes."""


@query("""
    update bulk_action
    set done = done + %(done)s, refused = refused + %(refused)s, after_at = %(after_at)s, after_id = %(after_id)s,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def advance(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    done: int,
    refused: int,
    after_at: datetime,
    after_id: UUID,
    now: datetime,
) -> None:
    """So far."""


@query("""
    update bulk_action set status = %(status)s, reason = %(reason)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'running'
    returning id
""")
async def end(conn: Conn, id: UUID, *, tenant_id: UUID, status: str, reason: str | None, now: datetime) -> UUID | None:
    """It goes on no more; None where it did not."""


@query("""
    select id from bulk_action where status = 'running' and moved_at < %(before)s order by moved_at limit %(limit)s
""")
async def forgotten(conn: Conn, *, before: datetime, limit: int) -> list[UUID]:
    """Those that nobody has carried on with for a while. Across tenants."""
