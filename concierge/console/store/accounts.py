"""What Postgres knows about how a channel account fares."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Health(Struct, frozen=True):
    """How an account fares. `failed`: in the last day. Counts stop at ten thousand and one."""

    last_received_at: datetime | None
    last_receipt_at: datetime | None
    waiting: int
    failed: int


class Notice(Struct, frozen=True):
    """What the vendor said about it."""

    at: datetime
    kind: str
    text: str


class Template(Struct, frozen=True):
    """A text the vendor knows."""

    name: str
    language: str
    category: str
    status: str
    kind: str | None
    moved_at: datetime


class Answering(Struct, frozen=True):
    """Who answers there."""

    id: UUID
    name: str


@query("""
    select
        (select max(c.last_message_at) from unnest(array['bot', 'handoff_requested', 'human', 'closed']) s (status)
         -- the last of each state, by the index of the inbox
         cross join lateral (
             select last_message_at from conversation
             where tenant_id = a.tenant_id and channel_account_id = a.id and status = s.status
             order by last_message_at desc limit 1) c) as last_received_at,
        (select max(o.receipt_at) from outbound_message o
         where o.channel_account_id = a.id and o.receipt_at is not null) as last_receipt_at,
        (select count(*) from (
            -- each state in the order of the index that knows it: a look at the whole table must not seem cheaper
            (select from outbound_message o
             where o.channel_account_id = a.id and o.status = 'queued' and o.wake_at is null
             order by o.due_at limit 10001)
            union all
            (select from outbound_message o
             where o.channel_account_id = a.id and o.status = 'queued' and o.wake_at is not null
             order by o.wake_at limit 10001)
            union all
            (select from outbound_message o
             where o.channel_account_id = a.id and o.status = 'held' order by o.wake_at limit 10001)
            union all
            (select from outbound_message o
             where o.channel_account_id = a.id and o.status = 'sending' order by o.moved_at limit 10001)
            limit 10001) x)::int as waiting,
        (select count(*) from (
            select from outbound_message o
            where o.tenant_id = a.tenant_id and o.channel_account_id = a.id and o.status = 'failed'
            and o.moved_at > %(since)s order by o.moved_at desc limit 10001) x)::int as failed
    from channel_account a where a.id = %(id)s and a.tenant_id = %(tenant_id)s
""")
async def health(conn: Conn, id: UUID, *, tenant_id: UUID, since: datetime) -> Health:
    """How it fares; failures from `since` on."""


@query("""
    select at, kind, text from account_notice
    where channel_account_id = %(id)s and tenant_id = %(tenant_id)s order by received_at desc limit 20
""")
async def notices(conn: Conn, id: UUID, *, tenant_id: UUID) -> list[Notice]:
    """What its vendor said lately."""


@query("""
    select name, language, category, status, kind, moved_at from message_template
    where channel_account_id = %(id)s and tenant_id = %(tenant_id)s order by name, language limit %(limit)s
""")
async def templates(conn: Conn, id: UUID, *, tenant_id: UUID, limit: int) -> list[Template]:
    """The texts its vendor knows."""


@query("select id, name from agent where channel_account_id = %(id)s and tenant_id = %(tenant_id)s and live")
async def agent(conn: Conn, id: UUID, *, tenant_id: UUID) -> Answering | None:
    """Who answers there; None: nobody."""
