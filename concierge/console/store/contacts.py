"""What Postgres knows about people, for the pages."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.consent.model import Listed
from concierge.postgres.query import Conn, query


class Person(Struct, frozen=True, kw_only=True):
    """A contact in a list, with the first few of their addresses."""

    id: UUID
    name: str | None
    addresses: list[str]
    created_at: datetime


class Talk(Struct, frozen=True, kw_only=True):
    """A conversation of theirs."""

    id: UUID
    status: str
    channel: str
    opened_at: datetime
    last_message_at: datetime


class Due(Struct, frozen=True, kw_only=True):
    """A follow-up of theirs."""

    id: UUID
    title: str
    status: str
    due_at: datetime | None


class Booked(Struct, frozen=True, kw_only=True):
    """A booking of theirs."""

    id: UUID
    service: str
    status: str
    starts_at: datetime


@query("""
    select id from contact
    where tenant_id = %(tenant_id)s and merged_into is null and erased_at is null
      and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def newest(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[UUID]:
    """A page of those that are there."""


@query("""
    select id from contact
    where tenant_id = %(tenant_id)s and name is not null and merged_into is null and erased_at is null
      -- the characters of a beginning, then anything: no pattern, so that every plan can use the index
      and lower(name) ~>=~ lower(%(beginning)s::text)
      and lower(name) ~<~ (lower(%(beginning)s::text) || chr(1114111))
    order by lower(name) using ~<~, id limit %(limit)s
""")
async def named(conn: Conn, *, tenant_id: UUID, beginning: str, limit: int) -> list[UUID]:
    """Those whose name begins so, by name."""


@query("""
    select distinct i.contact_id from contact_identity i
    where i.tenant_id = %(tenant_id)s and i.channel = any(%(channels)s) and i.kind = any(%(kinds)s)
      and i.value = any(%(values)s)
    limit %(limit)s
""")
async def at_address(
    conn: Conn, *, tenant_id: UUID, channels: list[str], kinds: list[str], values: list[str], limit: int
) -> list[UUID]:
    """Whose address this is, in one of the spellings it may have."""


@query("""
    select c.id, c.name, coalesce(i.addresses, '[]') as addresses, c.created_at
    from unnest(%(ids)s::uuid[]) with ordinality as wanted (id, n)
    cross join lateral (select id, name, created_at from contact
                        where id = wanted.id and tenant_id = %(tenant_id)s limit 1) c
    left join lateral (
        select jsonb_agg(i.value order by i.created_at) as addresses
        from (select value, created_at from contact_identity where contact_id = c.id order by created_at limit 5) i
    ) i on true
    order by wanted.n
""")
async def shown(conn: Conn, *, tenant_id: UUID, ids: list[UUID]) -> list[Person]:
    """These people, in this order."""


@query("""
    select s.id, s.channel, s.kind, s.value, s.scope, s.reason, s.source, s.at, s.lifted_at
    from contact_identity i
    join suppression s
      on s.tenant_id = i.tenant_id and s.channel = i.channel and s.kind = i.kind and s.value = i.value
    where i.contact_id = %(contact_id)s and i.tenant_id = %(tenant_id)s
    order by s.at desc, s.id desc limit 50
""")
async def suppressions(conn: Conn, *, contact_id: UUID, tenant_id: UUID) -> list[Listed]:
    """What holds and held for their addresses."""


@query("""
    select c.id, c.status, a.channel, c.opened_at, c.last_message_at
    from conversation c join channel_account a on a.id = c.channel_account_id
    where c.contact_id = %(contact_id)s and c.tenant_id = %(tenant_id)s
    order by c.last_message_at desc, c.id desc limit 20
""")
async def talks(conn: Conn, *, contact_id: UUID, tenant_id: UUID) -> list[Talk]:
    """Their last conversations."""


@query("""
    select id, title, status, due_at from task
    where contact_id = %(contact_id)s and tenant_id = %(tenant_id)s
    order by created_at desc, id desc limit 20
""")
async def follow_ups(conn: Conn, *, contact_id: UUID, tenant_id: UUID) -> list[Due]:
    """Their newest follow-ups."""


@query("""
    select id, service, status, starts_at from booking
    where contact_id = %(contact_id)s and tenant_id = %(tenant_id)s
    order by starts_at desc, id desc limit 20
""")
async def bookings(conn: Conn, *, contact_id: UUID, tenant_id: UUID) -> list[Booked]:
    """Their last bookings, and those to come."""
