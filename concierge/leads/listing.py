"""What tenants see of leads and of readings. Every statement is bound to the tenant of the key."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query

Purpose = Literal["extract", "score"]


class Lead(Struct, frozen=True, kw_only=True):
    """The newest value of each field that any reading of a conversation found; scores are 1 low, 2, 3 high."""

    id: UUID
    conversation_id: UUID
    contact_id: UUID
    extraction_id: UUID | None  # the newest reading
    name: str | None
    email: str | None
    company: str | None
    intent: str | None
    urgency: int | None
    budget: int | None
    fit: int | None
    engagement: int | None
    demo_at: datetime | None
    demo_zone: str | None
    smart_notification: str | None
    created_at: datetime
    read_at: datetime


class Extraction(Struct, frozen=True, kw_only=True):
    """One reading of a conversation by a model. `reading` is null once it is old enough to be forgotten."""

    id: UUID
    conversation_id: UUID
    purpose: Purpose  # extract: follow-ups of a turn; score: the conversation as a lead
    upto_seq: int  # the newest message that was read
    model: str
    prompt_version: str
    reading: dict[str, Any] | None
    input_tokens: int
    output_tokens: int
    created_at: datetime


@query("""
    select l.id, l.conversation_id, c.contact_id, l.extraction_id, l.name, l.email, l.company, l.intent, l.urgency,
           l.budget, l.fit, l.engagement, l.demo_at, l.demo_zone, l.notice as smart_notification, l.created_at,
           l.moved_at as read_at
    from lead l join conversation c on c.id = l.conversation_id
    where l.tenant_id = %(tenant_id)s and l.extraction_id is not null
      and (%(contact_id)s::uuid is null or c.contact_id = %(contact_id)s)
      and (l.created_at, l.id) < (%(before)s, %(before_id)s)
    order by l.created_at desc, l.id desc limit %(limit)s
""")
async def leads(
    conn: Conn, *, tenant_id: UUID, contact_id: UUID | None, before: datetime, before_id: UUID, limit: int
) -> list[Lead]:
    """A page of leads, newest first."""


@query("""
    select l.id, l.conversation_id, c.contact_id, l.extraction_id, l.name, l.email, l.company, l.intent, l.urgency,
           l.budget, l.fit, l.engagement, l.demo_at, l.demo_zone, l.notice as smart_notification, l.created_at,
           l.moved_at as read_at
    from lead l join conversation c on c.id = l.conversation_id
    where l.tenant_id = %(tenant_id)s and l.id = %(id)s and l.extraction_id is not null
""")
async def lead(conn: Conn, id: UUID, *, tenant_id: UUID) -> Lead | None:
    """One lead."""


@query("""
    select id, conversation_id, purpose, upto_seq, model, prompt_version, reading, input_tokens, output_tokens,
           created_at
    from extraction
    where tenant_id = %(tenant_id)s and (%(purpose)s::text is null or purpose = %(purpose)s)
      and (%(conversation_id)s::uuid is null or conversation_id = %(conversation_id)s)
      and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def extractions(
    conn: Conn,
    *,
    tenant_id: UUID,
    purpose: Purpose | None,
    conversation_id: UUID | None,
    before: datetime,
    before_id: UUID,
    limit: int,
) -> list[Extraction]:
    """A page of readings, newest first."""


@query("""
    select id, conversation_id, purpose, upto_seq, model, prompt_version, reading, input_tokens, output_tokens,
           created_at
    from extraction where tenant_id = %(tenant_id)s and id = %(id)s
""")
async def extraction(conn: Conn, id: UUID, *, tenant_id: UUID) -> Extraction | None:
    """One reading."""
