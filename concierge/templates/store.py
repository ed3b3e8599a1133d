"""What Postgres knows about templates."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query
from concierge.templates.choosing import Fitting
from concierge.templates.model import MessageTemplate, Status, Sync


@query("""
    select name, language, category, parameters from message_template
    where channel_account_id = %(channel_account_id)s and tenant_id = %(tenant_id)s and kind = %(kind)s
      and status = 'approved'
    order by name, language
""")
async def fitting(conn: Conn, *, channel_account_id: UUID, tenant_id: UUID, kind: str) -> list[Fitting]:
    """The approved templates for a kind of message, in every language."""


@query("""
    select name, language, category, parameters from message_template
    where id = %(id)s and channel_account_id = %(channel_account_id)s and tenant_id = %(tenant_id)s
      and status = 'approved'
""")
async def approved(conn: Conn, id: UUID, *, channel_account_id: UUID, tenant_id: UUID) -> Fitting | None:
    """One that can be sent now."""


@query("""
    select name, language, category, parameters from message_template
    where channel_account_id = %(channel_account_id)s and tenant_id = %(tenant_id)s and name = %(name)s
      and language = %(language)s and status = 'approved'
""")
async def named(conn: Conn, *, name: str, language: str, channel_account_id: UUID, tenant_id: UUID) -> Fitting | None:
    """One that can be sent now, as its provider calls it."""


@query("""
    insert into message_template (tenant_id, channel_account_id, name, language, category, status, kind, parameters,
                                  created_at, moved_at)
    select a.tenant_id, a.id, %(name)s, %(language)s, %(category)s, %(status)s, %(kind)s, %(parameters)s,
           %(now)s, %(now)s
    from channel_account a where a.id = %(channel_account_id)s and a.tenant_id = %(tenant_id)s
    on conflict (channel_account_id, name, language) do update
        set category = excluded.category, status = excluded.status, kind = excluded.kind,
            parameters = excluded.parameters, moved_at = excluded.moved_at
    returning id, channel_account_id, name, language, category, status, kind, parameters, created_at, moved_at
""")
async def register(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    name: str,
    language: str,
    category: str,
    status: Status,
    kind: str | None,
    parameters: list[str],
    now: datetime,
) -> MessageTemplate | None:
    """Add or change a template; None where the tenant has no such account."""


@query("""
    select id, channel_account_id, name, language, category, status, kind, parameters, created_at, moved_at
    from message_template where tenant_id = %(tenant_id)s
    order by channel_account_id, name, language limit %(limit)s
""")
async def registered(conn: Conn, *, tenant_id: UUID, limit: int) -> list[MessageTemplate]:
    """Every template of the tenant."""


@query("""
    select id, channel_account_id, name, language, category, status, kind, parameters, created_at, moved_at
    from message_template
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
      and (%(channel_account_id)s::uuid is null or channel_account_id = %(channel_account_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, channel_account_id: UUID | None, before: datetime, before_id: UUID, limit: int
) -> list[MessageTemplate]:
    """A page of them, of every account or of one."""


@query("delete from message_template where id = %(id)s and tenant_id = %(tenant_id)s returning id")
async def remove(conn: Conn, id: UUID, *, tenant_id: UUID) -> UUID | None:
    """Forget a template; None when there is no such one. What was sent with it keeps its name."""


@query("""
    with known as (
        select n.name, n.language, n.category, n.status
        from unnest(%(names)s::text[], %(languages)s::text[], %(categories)s::text[], %(statuses)s::text[])
             as n (name, language, category, status)
    ), gone as (
        update message_template m set status = 'removed', moved_at = %(now)s
        where m.channel_account_id = %(channel_account_id)s and m.tenant_id = %(tenant_id)s and m.status <> 'removed'
          and not exists (select from known k where k.name = m.name and k.language = m.language)
    )
    insert into message_template (tenant_id, channel_account_id, name, language, category, status, created_at, moved_at)
    select distinct on (name, language) %(tenant_id)s, %(channel_account_id)s, name, language, category, status,
           %(now)s, %(now)s
    from known order by name, language
    on conflict (channel_account_id, name, language) do update
        set category = excluded.category, status = excluded.status, moved_at = excluded.moved_at
        where (message_template.category, message_template.status) <> (excluded.category, excluded.status)
""")
async def reported(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    names: list[str],
    languages: list[str],
    categories: list[str],
    statuses: list[str],
    now: datetime,
) -> None:
    """What the provider knows now; what it does not know any more is `removed`, what is new stands for nothing yet."""


@query("""
    select a.tenant_id, a.id as channel_account_id from channel_account a
    join unnest(%(transports)s::text[], %(owners)s::text[]) as v (transport, owner) on v.transport = a.transport
    where a.status = 'active' and a.settings ->> v.owner <> ''
      and (%(tenant_id)s::uuid is null or a.tenant_id = %(tenant_id)s)
    order by a.id
""")
async def to_sync(conn: Conn, *, transports: list[str], owners: list[str], tenant_id: UUID | None) -> list[Sync]:
    """A job for each account, of every tenant or of one, whose vendor can be asked: its setting `owner` is there."""
