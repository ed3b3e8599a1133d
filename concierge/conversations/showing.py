"""Conversations and messages, as the API shows them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query

Status = Literal["bot", "handoff_requested", "human", "closed"]


class Shown(Struct, frozen=True, kw_only=True):
    """A conversation. `waiting`: messages that are not handled yet; `window_until`: free text is taken until then.

    `archived_agent_id`: the agent that led it, where it was closed because that one was replaced or archived.
    """

    id: UUID
    status: Status
    channel: str
    channel_account_id: UUID
    contact_id: UUID
    contact_name: str | None
    waiting: int
    parked_at: datetime | None
    parked_reason: str | None
    window_until: datetime | None
    opened_at: datetime
    last_message_at: datetime
    closed_at: datetime | None
    archived_agent_id: UUID | None


class Said(Struct, frozen=True, kw_only=True):
    """One message, whoever wrote it. `text` is empty once it was redacted; `at`: when it came in, or was posted."""

    id: UUID
    conversation_id: UUID
    direction: Literal["in", "out"]
    kind: str
    text: str
    subject: str | None
    status: str | None  # of an outbound message
    reason: str | None
    provider_message_id: str | None
    quotes: str | None  # provider message id of what it answers
    seq: int | None  # of an inbound message, in its conversation
    at: datetime
    redacted_at: datetime | None


@query("""
    select c.id, c.status, a.channel, c.channel_account_id, c.contact_id, p.name as contact_name,
           (c.last_seq - c.handled_seq)::int as waiting, c.parked_at, c.parked_reason, c.window_until, c.opened_at,
           c.last_message_at, c.closed_at, v.old_agent_id as archived_agent_id
    from conversation c
    join channel_account a on a.id = c.channel_account_id
    join contact p on p.id = c.contact_id
    left join archive v on v.id = c.archive_id
    where c.tenant_id = %(tenant_id)s and (c.opened_at, c.id) < (%(before)s, %(before_id)s)
      and (%(status)s::text is null or c.status = %(status)s)
      and (%(contact_id)s::uuid is null or c.contact_id = %(contact_id)s)
      and (%(channel_account_id)s::uuid is null or c.channel_account_id = %(channel_account_id)s)
      and (%(archived_agent_id)s::uuid is null or v.old_agent_id = %(archived_agent_id)s)
    order by c.opened_at desc, c.id desc limit %(limit)s
""")
async def some(
    conn: Conn,
    *,
    tenant_id: UUID,
    status: Status | None,
    contact_id: UUID | None,
    channel_account_id: UUID | None,
    archived_agent_id: UUID | None,
    before: datetime,
    before_id: UUID,
    limit: int,
) -> list[Shown]:
    """A page of the conversations, the one opened last first."""


@query("""
    select c.id, c.status, a.channel, c.channel_account_id, c.contact_id, p.name as contact_name,
           (c.last_seq - c.handled_seq)::int as waiting, c.parked_at, c.parked_reason, c.window_until, c.opened_at,
           c.last_message_at, c.closed_at, v.old_agent_id as archived_agent_id
    from conversation c
    join channel_account a on a.id = c.channel_account_id
    join contact p on p.id = c.contact_id
    left join archive v on v.id = c.archive_id
    where c.id = %(id)s and c.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Shown | None:
    """One of them."""


@query("""
    (select i.id, i.conversation_id, 'in' as direction, i.kind, i.text, i.subject, null as status, null as reason,
            i.provider_message_id, i.quotes, i.seq, i.received_at as at, i.redacted_at
     from inbound_message i
     where i.tenant_id = %(tenant_id)s and i.conversation_id = %(conversation_id)s
       and (i.received_at, i.id) < (%(before)s, %(before_id)s)
     order by i.received_at desc, i.id desc limit %(limit)s)
    union all
    (select o.id, o.conversation_id, 'out', o.kind, coalesce(o.payload ->> 'text', ''), o.payload ->> 'subject',
            o.status, o.reason, o.provider_message_id, o.payload ->> 'quotes', null, o.created_at, o.redacted_at
     from outbound_message o
     where o.tenant_id = %(tenant_id)s and o.conversation_id = %(conversation_id)s
       and (o.created_at, o.id) < (%(before)s, %(before_id)s)
     order by o.created_at desc, o.id desc limit %(limit)s)
    order by at desc, id desc limit %(limit)s
""")
async def said(
    conn: Conn, *, tenant_id: UUID, conversation_id: UUID, before: datetime, before_id: UUID, limit: int
) -> list[Said]:
    """A page of what was said in a conversation by both sides, newest first."""


@query("""
    select i.id, i.conversation_id, 'in' as direction, i.kind, i.text, i.subject, null as status, null as reason,
           i.provider_message_id, i.quotes, i.seq, i.received_at as at, i.redacted_at
    from inbound_message i where i.id = %(id)s and i.tenant_id = %(tenant_id)s
    union all
    select o.id, o.conversation_id, 'out', o.kind, coalesce(o.payload ->> 'text', ''), o.payload ->> 'subject',
           o.status, o.reason, o.provider_message_id, o.payload ->> 'quotes', null, o.created_at, o.redacted_at
    from outbound_message o where o.id = %(id)s and o.tenant_id = %(tenant_id)s
""")
async def one(conn: Conn, id: UUID, *, tenant_id: UUID) -> Said | None:
    """One message."""


class Line(Struct, frozen=True):
    """Where something is said in a conversation that is there."""

    channel_account_id: UUID
    identity_id: UUID
    channel: str
    status: Status


@query("""
    select c.channel_account_id, c.identity_id, a.channel, c.status
    from conversation c join channel_account a on a.id = c.channel_account_id
    where c.id = %(id)s and c.tenant_id = %(tenant_id)s
""")
async def line(conn: Conn, id: UUID, *, tenant_id: UUID) -> Line | None:
    """Who hears what is said there."""


@query("""
    select provider_message_id from inbound_message
    where id = %(id)s and conversation_id = %(conversation_id)s and tenant_id = %(tenant_id)s
""")
async def quotable(conn: Conn, id: UUID, *, conversation_id: UUID, tenant_id: UUID) -> str | None:
    """How the vendor calls a message that is to be answered."""
