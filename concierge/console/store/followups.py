"""What Postgres knows about follow-ups, for the pages."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.console.listing import Looked
from concierge.postgres.query import Conn, query


class Line(Struct, frozen=True):
    """A follow-up in a list. Its wall time is in `zone`."""

    id: UUID
    title: str
    kind: str
    status: str
    reason: str | None
    person: str | None
    address: str
    channel: str
    due_at: datetime | None
    wall: datetime | None
    zone: str
    created_at: datetime


class Evidence(Struct, frozen=True):
    """What a follow-up was found in, and whose it is. No message: a system of the tenant's asked for it."""

    contact_id: UUID
    person: str | None
    address: str
    channel: str
    received_at: datetime | None
    text: str | None
    redacted_at: datetime | None
    model: str | None  # that read it
    prompt_version: str | None


@query("""
    select t.id, t.title, t.kind, t.status, t.reason, p.name as person, i.value as address, a.channel, t.due_at, t.wall,
           t.zone, t.created_at
    from (select id, title, kind, status, reason, contact_id, conversation_id, due_at, wall, zone, created_at
          from task
          where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
          order by created_at desc, id desc limit %(looked)s) t
    join contact p on p.id = t.contact_id
    join conversation c on c.id = t.conversation_id
    join contact_identity i on i.id = c.identity_id
    join channel_account a on a.id = c.channel_account_id
    where %(status)s::text is null or t.status = %(status)s
    order by t.created_at desc, t.id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, status: str | None, before: datetime, before_id: UUID, looked: int, limit: int
) -> list[Line]:
    """Follow-ups, newest first, of so many that are looked at."""


@query("""
    select created_at, id from task
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc offset %(looked)s::int - 1 limit 1
""")
async def end_of_walk(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, looked: int) -> Looked | None:
    """The last one that `some` looks at; None where it comes to the end."""


@query("""
    select t.id, t.title, t.kind, t.status, t.reason, p.name as person, i.value as address, a.channel, t.due_at, t.wall,
           t.zone, t.created_at
    from (select id, title, kind, status, reason, contact_id, conversation_id, due_at, wall, zone, created_at
          from task
          where tenant_id = %(tenant_id)s and status = %(status)s and (created_at, id) < (%(before)s, %(before_id)s)
            -- the condition of task_rare, said again for its index
            and status in ('needs_clarification', 'snoozed', 'failed', 'cancelled', 'expired')
          order by created_at desc, id desc limit %(looked)s) t
    join contact p on p.id = t.contact_id
    join conversation c on c.id = t.conversation_id
    join contact_identity i on i.id = c.identity_id
    join channel_account a on a.id = c.channel_account_id
    order by t.created_at desc, t.id desc limit %(limit)s
""")
async def rare(
    conn: Conn, *, tenant_id: UUID, status: str, before: datetime, before_id: UUID, looked: int, limit: int
) -> list[Line]:
    """Those of a state out of the ordinary, newest first."""


@query("""
    select t.id, t.title, t.kind, t.status, t.reason, p.name as person, i.value as address, a.channel, t.due_at, t.wall,
           t.zone, t.created_at
    from task t
    join contact p on p.id = t.contact_id
    join conversation c on c.id = t.conversation_id
    join contact_identity i on i.id = c.identity_id
    join channel_account a on a.id = c.channel_account_id
    where t.tenant_id = %(tenant_id)s and t.due_at < %(until)s and (t.due_at, t.id) > (%(after)s, %(after_id)s)
      -- the condition of task_agenda, said again for its index
      and t.status in ('needs_clarification', 'pending', 'snoozed', 'due', 'executing', 'sending', 'failed')
      and t.status = any(%(statuses)s)
    order by t.due_at, t.id limit %(limit)s
""")
async def agenda(
    conn: Conn, *, tenant_id: UUID, statuses: list[str], until: datetime, after: datetime, after_id: UUID, limit: int
) -> list[Line]:
    """What is still to be done, the next due first."""


@query("""
    select p.id as contact_id, p.name as person, i.value as address, a.channel, m.received_at, m.text, m.redacted_at,
           e.model, e.prompt_version
    from task t
    join contact p on p.id = t.contact_id
    join conversation c on c.id = t.conversation_id
    join contact_identity i on i.id = c.identity_id
    join channel_account a on a.id = c.channel_account_id
    left join inbound_message m on m.id = t.inbound_message_id
    left join lateral (select model, prompt_version from extraction
                       where conversation_id = t.conversation_id and upto_seq >= m.seq
                       order by upto_seq limit 1) e on true
    where t.id = %(id)s and t.tenant_id = %(tenant_id)s
""")
async def evidence(conn: Conn, id: UUID, *, tenant_id: UUID) -> Evidence | None:
    """What it was found in."""
