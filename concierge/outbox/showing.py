"""Outbound messages, as the API shows and changes them."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.errors import Missing
from concierge.postgres.query import Conn, query

Status = Literal[
    "scheduled",
    "queued",
    "held",
    "blocked",
    "sending",
    "sent",
    "delivered",
    "read",
    "failed",
    "unknown",
    "cancelled",
    "expired",
]


class Outbound(Struct, frozen=True, kw_only=True):
    """A message out. `reason` says why it has its status; `attempts` counts calls of the provider."""

    id: UUID
    kind: str
    status: Status
    reason: str | None
    channel: str
    channel_account_id: UUID
    conversation_id: UUID
    contact_id: UUID
    text: str
    subject: str | None
    template: str | None  # that a human chose to say it with
    attempts: int
    provider_message_id: str | None
    due_at: datetime
    send_at: datetime | None
    expires_at: datetime | None
    correlation_id: str | None
    created_at: datetime
    moved_at: datetime
    redacted_at: datetime | None


class Attempt(Struct, frozen=True, kw_only=True):
    """One call of the provider. No `outcome`: nobody knows whether it was made."""

    n: int
    started_at: datetime
    finished_at: datetime | None
    outcome: str | None
    error_code: str | None
    error: str | None


@query("""
    select o.id, o.kind, o.status, o.reason, a.channel, o.channel_account_id, o.conversation_id, i.contact_id,
           coalesce(o.payload ->> 'text', '') as text, o.payload ->> 'subject' as subject,
           o.payload #>> '{extra,name}' as template,
           (select count(*) from delivery_attempt d where d.outbound_message_id = o.id)::int as attempts,
           o.provider_message_id, o.due_at, o.send_at, o.expires_at, o.correlation_id, o.created_at,
           o.moved_at, o.redacted_at
    from outbound_message o
    join channel_account a on a.id = o.channel_account_id
    join contact_identity i on i.id = o.identity_id
    where o.tenant_id = %(tenant_id)s and (o.created_at, o.id) < (%(before)s, %(before_id)s)
      and (%(status)s::text is null or o.status = %(status)s)
      and (%(conversation_id)s::uuid is null or o.conversation_id = %(conversation_id)s)
    order by o.created_at desc, o.id desc limit %(limit)s
""")
async def some(
    conn: Conn,
    *,
    tenant_id: UUID,
    status: Status | None,
    conversation_id: UUID | None,
    before: datetime,
    before_id: UUID,
    limit: int,
) -> list[Outbound]:
    """A page of them, newest first."""


@query("""
    select o.id, o.kind, o.status, o.reason, a.channel, o.channel_account_id, o.conversation_id, i.contact_id,
           coalesce(o.payload ->> 'text', '') as text, o.payload ->> 'subject' as subject,
           o.payload #>> '{extra,name}' as template,
           (select count(*) from delivery_attempt d where d.outbound_message_id = o.id)::int as attempts,
           o.provider_message_id, o.due_at, o.send_at, o.expires_at, o.correlation_id, o.created_at,
           o.moved_at, o.redacted_at
    from outbound_message o
    join channel_account a on a.id = o.channel_account_id
    join contact_identity i on i.id = o.identity_id
    where o.id = %(id)s and o.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Outbound | None:
    """One of them."""


async def found(conn: Conn, id: UUID, *, tenant_id: UUID) -> Outbound:
    """One message. Raises Missing."""
    message = await find(conn, id, tenant_id=tenant_id)
    if message is None:
        raise Missing("there is no such outbound message")
    return message


@query("""
    select d.n, d.started_at, d.finished_at, d.outcome, d.error_code, d.error
    from delivery_attempt d join outbound_message o on o.id = d.outbound_message_id
    where o.id = %(id)s and o.tenant_id = %(tenant_id)s
    order by d.n
""")
async def attempts(conn: Conn, id: UUID, *, tenant_id: UUID) -> list[Attempt]:
    """How often it was tried, and what came of it."""


@query("""
    update outbound_message
    set status = %(status)s, reason = 'resolved by ' || %(by)s, wake_at = null, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'unknown'
    returning id
""")
async def resolve(
    conn: Conn, id: UUID, *, tenant_id: UUID, status: Literal["sent", "failed"], by: str, now: datetime
) -> UUID | None:
    """What somebody has found out about an unknown outcome; None where it is not unknown."""
