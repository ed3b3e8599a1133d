"""What Postgres knows about who comes and where they can be reached."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Way(Struct, frozen=True):
    """Where a person can be written to."""

    conversation_id: UUID | None  # the open one, if there is one
    channel_account_id: UUID
    identity_id: UUID
    channel: str
    open: bool  # the account is active, and takes free text or has an approved template


class Person(Struct, frozen=True):
    """How a contact is spoken to."""

    name: str | None
    language: str
    tenant_name: str
    silent: bool  # said STOP, on whichever channel


@query("select pg_advisory_xact_lock_shared(hashtext('identities'))")
async def exclude_merging(conn: Conn) -> None:
    """No two contacts become one until the transaction ends."""


@query("""
    with wanted as (
        select channel, kind, value, n
        from unnest(%(channels)s::text[], %(kinds)s::text[], %(values)s::text[]) with ordinality
             as w (channel, kind, value, n)
    ), known as materialized (
        select i.contact_id from wanted w
        cross join lateral (select contact_id from contact_identity i
                            where i.tenant_id = %(tenant_id)s and i.channel = w.channel
                              and i.kind = w.kind and i.value = w.value limit 1) i
        order by w.n limit 1
    ), person as materialized (
        select coalesce((select contact_id from known), uuid_v7()) as id
    ), added as (
        insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
        select %(tenant_id)s, p.id, w.channel, w.kind, w.value, %(now)s
        from wanted w, person p order by w.channel, w.kind, w.value
        on conflict (tenant_id, channel, kind, value) do nothing
        returning contact_id
    ), made as (
        insert into contact (id, tenant_id, name, language, created_at)
        select p.id, %(tenant_id)s, %(name)s, %(language)s, %(now)s from person p
        where not exists (select from known) and exists (select from added)
        returning id
    )
    -- what they say of themselves where they had said nothing
    , told as (
        update contact c set name = coalesce(c.name, %(name)s), language = coalesce(c.language, %(language)s)
        from known k where c.id = k.contact_id and c.tenant_id = %(tenant_id)s
          and ((c.name is null and %(name)s::text is not null)
               or (c.language is null and %(language)s::text is not null))
    )
    select contact_id as id from known union all select id from made limit 1
""")
async def find_or_add(
    conn: Conn,
    *,
    tenant_id: UUID,
    channels: list[str],
    kinds: list[str],
    values: list[str],
    name: str | None,
    language: str | None,
    now: datetime,
) -> UUID | None:
    """The contact of these addresses, the first known one deciding; None where somebody else adds them right now."""


class Living(Struct, frozen=True):
    """A contact that is nobody else by now."""

    id: UUID
    reachable: bool


@query("""
    select p.id, exists (select from contact_identity i
                         where i.contact_id = p.id and i.tenant_id = p.tenant_id
                           and i.channel = any(%(channels)s)) as reachable
    from contact c join contact p on p.id = coalesce(c.merged_into, c.id)
    where c.id = %(id)s and c.tenant_id = %(tenant_id)s and p.erased_at is null
""")
async def living(conn: Conn, id: UUID, *, tenant_id: UUID, channels: list[str]) -> Living | None:
    """The contact, or the one it was merged into; None where there is none. `reachable`: on one of the channels."""


@query("""
    select p.name, coalesce(p.language, t.language) as language, t.name as tenant_name,
           exists (select from contact_identity i
                   join suppression s on s.tenant_id = i.tenant_id and s.channel = i.channel and s.kind = i.kind
                                     and s.value = i.value
                   where i.contact_id = p.id and s.scope = 'all' and s.source = 'word' and s.lifted_at is null)
               as silent
    from contact p join tenant t on t.id = p.tenant_id
    where p.id = %(contact_id)s and p.tenant_id = %(tenant_id)s
""")
async def person(conn: Conn, *, contact_id: UUID, tenant_id: UUID) -> Person:
    """How to speak to a contact."""


@query("""
    select c.id as conversation_id, a.id as channel_account_id, coalesce(c.identity_id, i.id) as identity_id, a.channel,
           a.status = 'active'
           and (service_window(a.channel) is null or coalesce(c.window_until > %(now)s, false)
                or exists (select from message_template m
                           where m.channel_account_id = a.id and m.kind = %(kind)s and m.status = 'approved')) as open
    from unnest(%(channels)s::text[]) with ordinality as w (channel, n)
    join channel_account a on a.tenant_id = %(tenant_id)s and a.channel = w.channel and a.status <> 'removed'
    cross join lateral (
        select i.id from contact_identity i
        where i.contact_id = %(contact_id)s and i.tenant_id = a.tenant_id and i.channel = a.channel
          and not exists (select from suppression s
                          where s.tenant_id = i.tenant_id and s.channel = i.channel and s.kind = i.kind
                            and s.value = i.value and s.scope = 'all' and s.lifted_at is null)
        order by i.created_at, i.id limit 1) i
    left join conversation c on c.channel_account_id = a.id and c.contact_id = %(contact_id)s and c.status <> 'closed'
    order by w.n, c.last_message_at desc nulls last, a.created_at, a.id
""")
async def ways(
    conn: Conn, *, contact_id: UUID, tenant_id: UUID, channels: list[str], kind: str, now: datetime
) -> list[Way]:
    """Where a contact can be written to, in the order of `channels`; on each first where they wrote last."""


@query("""
    insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
    values (%(tenant_id)s, %(channel_account_id)s, %(contact_id)s, %(identity_id)s, %(now)s, %(now)s)
    on conflict (channel_account_id, contact_id) where status <> 'closed'
    do update set last_message_at = conversation.last_message_at
    returning id
""")
async def open_conversation(
    conn: Conn, *, tenant_id: UUID, channel_account_id: UUID, contact_id: UUID, identity_id: UUID, now: datetime
) -> UUID:
    """The open conversation on an account, a new one if there is none."""
