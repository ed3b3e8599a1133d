"""What Postgres knows about suppressions. They hold for an address: a channel, a kind and a value."""

from datetime import datetime
from uuid import UUID

from concierge.consent.model import Listed, Scope, Sender, Source, Suppression
from concierge.postgres.query import Conn, query


@query("""
    insert into suppression (tenant_id, channel, kind, value, scope, reason, source, at)
    select %(tenant_id)s, %(channel)s, %(kind)s, %(value)s, %(scope)s, left(%(reason)s, 500), %(source)s, %(at)s
    where not exists (select from suppression s
                      where s.tenant_id = %(tenant_id)s and s.channel = %(channel)s and s.kind = %(kind)s
                        and s.value = %(value)s and s.scope in (%(scope)s, 'all') and s.lifted_at >= %(at)s)
    on conflict (tenant_id, channel, kind, value, scope) where lifted_at is null do nothing
    returning id
""")
async def suppress(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel: str,
    kind: str,
    value: str,
    scope: Scope,
    reason: str,
    source: Source,
    at: datetime,
) -> UUID | None:
    """Never write to the address again; None where it is so already, or was lifted after `at`."""


@query("""
    with lifted as (
        update suppression set lifted_at = %(at)s
        where tenant_id = %(tenant_id)s and channel = %(channel)s
          and kind = %(kind)s and value = %(value)s
          and lifted_at is null and at <= %(at)s and source <> 'operator'
          and (%(scope)s = 'all' or scope = %(scope)s)
        returning id
    ), remembered as (
        -- the stop that it ends may be reported after it, or under another address of the person
        insert into suppression (tenant_id, channel, kind, value, scope, reason, source, at, lifted_at)
        select %(tenant_id)s, %(channel)s, %(kind)s, %(value)s, %(scope)s, 'resumed', 'platform', %(at)s, %(at)s
        where not exists (select from lifted)
          and not exists (select from suppression s
                          where s.tenant_id = %(tenant_id)s and s.channel = %(channel)s and s.kind = %(kind)s
                            and s.value = %(value)s and s.scope = %(scope)s and s.lifted_at >= %(at)s)
    )
    select count(*) from lifted
""")
async def lift(conn: Conn, *, tenant_id: UUID, channel: str, kind: str, value: str, scope: Scope, at: datetime) -> int:
    """The address may be written to again; how many suppressions ended. What an operator did, an operator undoes."""


@query("""
    insert into suppression (tenant_id, channel, kind, value, scope, reason, source, at)
    select i.tenant_id, i.channel, i.kind, i.value, %(scope)s, %(reason)s, %(source)s, %(now)s
    from contact_identity i join contact_identity own on own.contact_id = i.contact_id and own.channel = i.channel
    where own.id = %(identity_id)s and own.tenant_id = %(tenant_id)s and i.tenant_id = %(tenant_id)s
    on conflict (tenant_id, channel, kind, value, scope) where lifted_at is null do nothing
    returning id
""")
async def suppress_person(
    conn: Conn,
    *,
    tenant_id: UUID,
    identity_id: UUID,
    scope: Scope,
    reason: str,
    source: Source,
    now: datetime,
) -> list[UUID]:
    """Never write to this person on this channel again, under none of their addresses there."""


@query("""
    insert into suppression (tenant_id, channel, kind, value, scope, reason, source, at)
    select i.tenant_id, i.channel, i.kind, i.value, 'all', left(%(reason)s, 500), %(source)s, %(now)s
    from contact_identity i where i.id = %(identity_id)s and i.tenant_id = %(tenant_id)s
    on conflict (tenant_id, channel, kind, value, scope) where lifted_at is null do nothing
""")
async def suppress_identity(
    conn: Conn, *, tenant_id: UUID, identity_id: UUID, reason: str, source: Source, now: datetime
) -> None:
    """Never write to this one address again."""


@query("""
    insert into suppression (tenant_id, channel, kind, value, scope, reason, source, at)
    select i.tenant_id, i.channel, i.kind, i.value, 'all', left(%(reason)s, 500), %(source)s, %(at)s
    from outbound_message o join contact_identity i on i.id = o.identity_id
    where o.tenant_id = %(tenant_id)s and o.channel_account_id = %(channel_account_id)s
      -- where nobody knows what became of it, its provider's id is not known either
      and (o.id = %(outbound_id)s or o.provider_message_id = %(provider_message_id)s)
      and not exists (select from suppression s
                      where s.tenant_id = i.tenant_id and s.channel = i.channel and s.kind = i.kind
                        and s.value = i.value and s.scope = 'all' and s.lifted_at >= %(at)s)
    on conflict (tenant_id, channel, kind, value, scope) where lifted_at is null do nothing
""")
async def suppress_recipient(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    outbound_id: UUID | None,
    provider_message_id: str | None,
    reason: str,
    source: Source,
    at: datetime,
) -> None:
    """Never write again to the address that this message of ours was for.

    Nothing where there is no such message, or where it was lifted after `at`.
    """


@query("""
    update suppression s set lifted_at = %(now)s
    from contact_identity i join contact_identity own on own.contact_id = i.contact_id and own.channel = i.channel
    where own.id = %(identity_id)s and own.tenant_id = %(tenant_id)s
      and s.tenant_id = i.tenant_id and s.channel = i.channel and s.kind = i.kind and s.value = i.value
      and s.lifted_at is null and s.source <> 'operator'
    returning s.id
""")
async def lift_person(conn: Conn, *, tenant_id: UUID, identity_id: UUID, now: datetime) -> list[UUID]:
    """This person may be written to again on this channel."""


@query("""
    select id, channel, kind, value, scope, reason, source, at from suppression
    where tenant_id = %(tenant_id)s and lifted_at is null
    order by at desc, id limit %(limit)s
""")
async def live(conn: Conn, *, tenant_id: UUID, limit: int) -> list[Suppression]:
    """Who is not written to, the latest first."""


@query("""
    select id, channel, kind, value, scope, reason, source, at, lifted_at from suppression
    where tenant_id = %(tenant_id)s and lifted_at is null and (at, id) < (%(before)s, %(before_id)s)
    order by at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Listed]:
    """A page of those that hold."""


@query("""
    select id, channel, kind, value, scope, reason, source, at, lifted_at from suppression
    where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Listed | None:
    """One of them, lifted or not."""


@query("""
    update suppression set lifted_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and lifted_at is null
    returning id
""")
async def lift_one(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> UUID | None:
    """An operator ends a suppression, whoever made it."""


@query("select suppression_of(id) from contact_identity where id = %(identity_id)s and tenant_id = %(tenant_id)s")
async def scope_of(conn: Conn, identity_id: UUID, *, tenant_id: UUID) -> Scope | None:
    """The widest suppression that holds for an address of a contact."""


@query("""
    select t.name, coalesce(p.language, t.language) as language
    from contact_identity i join tenant t on t.id = i.tenant_id join contact p on p.id = i.contact_id
    where i.id = %(id)s and i.tenant_id = %(tenant_id)s
""")
async def sender_of(conn: Conn, id: UUID, *, tenant_id: UUID) -> Sender | None:
    """The business that writes to this address; None when there is no such address."""
