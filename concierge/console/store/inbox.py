"""What Postgres knows about conversations, for the inbox."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Talk(Struct, frozen=True, kw_only=True):
    """A conversation in a list. `waiting`: messages not handled yet; `windowed`: its channel takes free text for a
    while only; `last_by`: who said the last words, contact or us."""

    id: UUID
    status: str
    channel: str
    person: str | None
    address: str
    waiting: int
    parked_at: datetime | None
    windowed: bool
    window_until: datetime | None
    last_message_at: datetime
    last_words: str | None
    last_by: str | None


class Counted(Struct, frozen=True):
    """A bounded count."""

    status: str
    count: int


@query("""
    select c.id
    from channel_account a
    cross join unnest(%(statuses)s::text[]) as s (status)
    -- the newest of each account and status by the index, then the newest of those
    cross join lateral (
        select c.id, c.last_message_at from conversation c
        where c.channel_account_id = a.id and c.tenant_id = a.tenant_id and c.status = s.status
          and (c.last_message_at, c.id) < (%(before)s, %(before_id)s)
        order by c.last_message_at desc, c.id desc limit %(limit)s) c
    where a.tenant_id = %(tenant_id)s and (%(channel)s::text is null or a.channel = %(channel)s)
    order by c.last_message_at desc, c.id desc limit %(limit)s
""")
async def newest(
    conn: Conn,
    *,
    tenant_id: UUID,
    statuses: list[str],
    channel: str | None,
    before: datetime,
    before_id: UUID,
    limit: int,
) -> list[UUID]:
    """A page of those in these states, the one written in last first."""


@query("""
    select id from conversation
    where tenant_id = %(tenant_id)s and parked_at is not null and (parked_at, id) < (%(before)s, %(before_id)s)
    order by parked_at desc, id desc limit %(limit)s
""")
async def parked(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[UUID]:
    """A page of those that nobody could handle, the one parked last first."""


@query("""
    select c.id, c.status, a.channel, p.name as person, i.value as address,
           (c.last_seq - c.handled_seq)::int as waiting, c.parked_at, service_window(a.channel) is not null as windowed,
           c.window_until, c.last_message_at, said.words as last_words, said.who as last_by
    from unnest(%(ids)s::uuid[]) with ordinality as wanted (id, n)
    join conversation c on c.id = wanted.id and c.tenant_id = %(tenant_id)s
    join channel_account a on a.id = c.channel_account_id
    join contact p on p.id = c.contact_id
    join contact_identity i on i.id = c.identity_id
    left join lateral (
        (select left(m.text, 160) as words, 'contact' as who, m.received_at as at from inbound_message m
         where m.conversation_id = c.id order by m.received_at desc, m.id desc limit 1)
        union all
        (select left(o.payload ->> 'text', 160), 'us', o.created_at from outbound_message o
         where o.conversation_id = c.id order by o.created_at desc limit 1)
        order by at desc, who desc limit 1) said on true
    order by wanted.n
""")
async def shown(conn: Conn, *, tenant_id: UUID, ids: list[UUID]) -> list[Talk]:
    """These conversations with their last words, in this order."""


@query("""
    select s.status, count(*)::int as count
    from channel_account a
    cross join unnest(%(statuses)s::text[]) as s (status)
    cross join lateral (
        select from conversation c
        where c.channel_account_id = a.id and c.tenant_id = a.tenant_id and c.status = s.status
        order by c.last_message_at desc limit %(bound)s) c  -- in the index's order: not one that looks at all of them
    where a.tenant_id = %(tenant_id)s group by s.status
    union all
    select 'parked', count(*)::int from (
        select from conversation where tenant_id = %(tenant_id)s and parked_at is not null limit %(bound)s) c
""")
async def counts(conn: Conn, *, tenant_id: UUID, statuses: list[str], bound: int) -> list[Counted]:
    """How many are in these states, and how many are parked, each counted to the bound."""
