"""What Postgres knows about what tenants want kept, and for how long; and what only such a wish redacts."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Policy(Struct, frozen=True):
    """A tenant keeps a kind for so many days."""

    tenant_id: UUID
    kind: str
    days: int


@query("select tenant_id, kind, days from retention_policy where tenant_id = %(tenant_id)s order by kind")
async def of_tenant(conn: Conn, *, tenant_id: UUID) -> list[Policy]:
    """What a tenant has said."""


@query("""
    select tenant_id, kind, days from retention_policy
    where %(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s
    order by tenant_id, kind
""")
async def all_of(conn: Conn, *, tenant_id: UUID | None) -> list[Policy]:
    """What a tenant has said, or (None) every tenant."""


@query("""
    insert into retention_policy (tenant_id, kind, days, changed_at)
    values (%(tenant_id)s, %(kind)s, %(days)s, %(now)s)
    on conflict (tenant_id, kind) do update set days = excluded.days, changed_at = excluded.changed_at
""")
async def set_days(conn: Conn, *, tenant_id: UUID, kind: str, days: int, now: datetime) -> None:
    """It is kept for so long."""


@query("delete from retention_policy where tenant_id = %(tenant_id)s and kind = %(kind)s")
async def unset(conn: Conn, *, tenant_id: UUID, kind: str) -> None:
    """It is kept as long as the machine keeps it."""


@query("""
    with old as (
        select id from inbound_message
        where raw is not null and received_at < %(before)s and %(now)s > %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by received_at limit %(limit)s for update skip locked
    ), redacted as (
        update inbound_message m set raw = null from old where m.id = old.id returning m.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_raw(conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int) -> list[UUID]:
    """What vendors sent, as it came; the text stays."""


@query("""
    with old as (
        select v.id from webhook_event v
        where v.at < %(before)s and %(now)s > %(before)s
          and (%(tenant_id)s::uuid is null or v.tenant_id = %(tenant_id)s)
          and not exists (select from webhook_delivery d where d.event_id = v.id and d.status = 'pending')
        order by v.at limit %(limit)s for update skip locked
    ), forgotten as (
        delete from webhook_event v using old where v.id = old.id returning v.tenant_id
    )
    select tenant_id from forgotten
""")
async def forget_told(conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int) -> list[UUID]:
    """What endpoints were told, with its log; what is still to be told stays."""
