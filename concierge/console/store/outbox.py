"""What Postgres knows about outbound messages, for the pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.console.listing import Looked
from concierge.postgres.query import Conn, query


class Line(Struct, frozen=True):
    """A message in a list."""

    id: UUID
    kind: str
    status: str
    reason: str | None
    channel: str
    person: str | None
    address: str
    text: str | None
    created_at: datetime
    due_at: datetime
    tries: int


class Shown(Struct, frozen=True):
    """A message, whole."""

    id: UUID
    conversation_id: UUID
    kind: str
    status: str
    reason: str | None
    channel: str
    account: str
    person: str | None
    address: str
    contact_id: UUID
    payload: Any
    due_at: datetime
    send_at: datetime | None
    expires_at: datetime | None
    provider_message_id: str | None
    receipt_at: datetime | None
    correlation_id: str | None
    created_at: datetime


class Attempt(Struct, frozen=True):
    """One provider call."""

    n: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    error_code: str | None
    error: str | None
    response: str | None


class Move(Struct, frozen=True):
    """One step of its life."""

    at: datetime
    type: str
    from_status: str | None
    to_status: str | None
    detail: str | None


class Trouble(Struct, frozen=True):
    """A bounded count of a state."""

    status: str
    count: int


@query("""
    select o.id, o.kind, o.status, o.reason, a.channel, c.name as person, i.value as address,
           left(o.payload ->> 'text', 160) as text, o.created_at, o.due_at, o.tries
    from (select id, kind, status, reason, payload, channel_account_id, identity_id, created_at, due_at, tries
          from outbound_message
          where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
          order by created_at desc, id desc limit %(looked)s) o
    join channel_account a on a.id = o.channel_account_id
    join contact_identity i on i.id = o.identity_id
    join contact c on c.id = i.contact_id
    where (%(status)s::text is null or o.status = %(status)s) and (%(channel)s::text is null or a.channel = %(channel)s)
    order by o.created_at desc, o.id desc limit %(limit)s
""")
async def some(
    conn: Conn,
    *,
    tenant_id: UUID,
    status: str | None,
    channel: str | None,
    before: datetime,
    before_id: UUID,
    looked: int,
    limit: int,
) -> list[Line]:
    """Messages, newest first, of so many that are looked at."""


@query("""
    select o.id, o.kind, o.status, o.reason, a.channel, c.name as person, i.value as address,
           left(o.payload ->> 'text', 160) as text, o.created_at, o.due_at, o.tries
    from (select id, kind, status, reason, payload, channel_account_id, identity_id, created_at, due_at, tries
          from outbound_message
          where tenant_id = %(tenant_id)s and status = %(status)s and (created_at, id) < (%(before)s, %(before_id)s)
            -- the condition of outbound_message_rare, said again for its index
            and status in ('scheduled', 'held', 'blocked', 'failed', 'unknown', 'cancelled', 'expired')
          order by created_at desc, id desc limit %(looked)s) o
    join channel_account a on a.id = o.channel_account_id
    join contact_identity i on i.id = o.identity_id
    join contact c on c.id = i.contact_id
    where %(channel)s::text is null or a.channel = %(channel)s
    order by o.created_at desc, o.id desc limit %(limit)s
""")
async def rare(
    conn: Conn,
    *,
    tenant_id: UUID,
    status: str,
    channel: str | None,
    before: datetime,
    before_id: UUID,
    looked: int,
    limit: int,
) -> list[Line]:
    """Those of a state out of the ordinary, newest first, of so many that are looked at."""


@query("""
    select created_at, id from outbound_message
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc offset %(looked)s::int - 1 limit 1
""")
async def end_of_walk(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, looked: int) -> Looked | None:
    """The last message that `some` looks at; None where it comes to the end."""


@query("""
    select created_at, id from outbound_message
    where tenant_id = %(tenant_id)s and status = %(status)s and (created_at, id) < (%(before)s, %(before_id)s)
      and status in ('scheduled', 'held', 'blocked', 'failed', 'unknown', 'cancelled', 'expired')
    order by created_at desc, id desc offset %(looked)s::int - 1 limit 1
""")
async def end_of_rare(
    conn: Conn, *, tenant_id: UUID, status: str, before: datetime, before_id: UUID, looked: int
) -> Looked | None:
    """The last message that `rare` looks at; None where it comes to the end."""


@query("""
    select o.id, o.conversation_id, o.kind, o.status, o.reason, a.channel, a.external_id as account, c.name as person,
           i.value as address, c.id as contact_id,
           o.payload, o.due_at, o.send_at, o.expires_at, o.provider_message_id, o.receipt_at, o.correlation_id,
           o.created_at
    from outbound_message o
    join channel_account a on a.id = o.channel_account_id
    join contact_identity i on i.id = o.identity_id
    join contact c on c.id = i.contact_id
    where o.id = %(id)s and o.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Shown | None:
    """One message."""


@query("""
    select d.n, d.started_at, d.finished_at, d.outcome, d.error_code, d.error, d.response
    from delivery_attempt d join outbound_message o on o.id = d.outbound_message_id
    where o.id = %(id)s and o.tenant_id = %(tenant_id)s order by d.n desc limit 50
""")
async def attempts(conn: Conn, id: UUID, *, tenant_id: UUID) -> list[Attempt]:
    """Its provider calls, latest first."""


@query("""
    select at, type, from_status, to_status, detail from event
    where subject_id = %(id)s and tenant_id = %(tenant_id)s order by id limit 200
""")
async def moves(conn: Conn, id: UUID, *, tenant_id: UUID) -> list[Move]:
    """What happened to it."""


@query("""
    select status, count(*) as count from (
        (select status from outbound_message where tenant_id = %(tenant_id)s and status = 'failed' limit %(bound)s)
        union all
        (select status from outbound_message where tenant_id = %(tenant_id)s and status = 'blocked' limit %(bound)s)
        union all
        (select status from outbound_message
         where tenant_id = %(tenant_id)s and status = 'unknown' and escalated_at is not null limit %(bound)s)
    ) bounded group by status
""")
async def troubles(conn: Conn, *, tenant_id: UUID, bound: int) -> list[Trouble]:
    """How many wait for a person, each counted to the bound."""
