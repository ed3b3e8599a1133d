"""What Postgres knows about leads and summaries, for the pages."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Lead(Struct, frozen=True, kw_only=True):
    """What was read out of a conversation; scores are 1 low, 2, 3 high."""

    id: UUID
    conversation_id: UUID
    person: str | None
    name: str | None
    email: str | None
    company: str | None
    intent: str | None
    urgency: int | None
    budget: int | None
    fit: int | None
    engagement: int | None
    demo_at: datetime | None
    notice: str | None
    created_at: datetime
    read_at: datetime


class Summary(Struct, frozen=True, kw_only=True):
    """A recap of what was said with a contact, or why there is none."""

    id: UUID
    contact_id: UUID
    person: str | None
    status: str
    reason: str | None
    due_at: datetime
    range_start: datetime | None
    range_end: datetime | None
    text: str | None
    model: str | None
    input_count: int | None
    created_at: datetime


@query("""
    select l.id, l.conversation_id, p.name as person, l.name, l.email, l.company, l.intent, l.urgency, l.budget, l.fit,
           l.engagement, l.demo_at, l.notice, l.created_at, l.moved_at as read_at
    from lead l join conversation c on c.id = l.conversation_id join contact p on p.id = c.contact_id
    where l.tenant_id = %(tenant_id)s and l.extraction_id is not null
      and (l.created_at, l.id) < (%(before)s, %(before_id)s)
    order by l.created_at desc, l.id desc limit %(limit)s
""")
async def leads(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Lead]:
    """A page of leads, newest first."""


@query("""
    select l.id, l.conversation_id, p.name as person, l.name, l.email, l.company, l.intent, l.urgency, l.budget, l.fit,
           l.engagement, l.demo_at, l.notice, l.created_at, l.moved_at as read_at
    from lead l join conversation c on c.id = l.conversation_id join contact p on p.id = c.contact_id
    where l.conversation_id = %(conversation_id)s and l.tenant_id = %(tenant_id)s and l.extraction_id is not null
""")
async def lead_of(conn: Conn, *, conversation_id: UUID, tenant_id: UUID) -> Lead | None:
    """What was read out of one conversation."""


@query("""
    select s.id, s.contact_id, p.name as person, s.status, s.reason, s.due_at, s.range_start, s.range_end, s.text,
           s.model, s.input_count, s.created_at
    from summary s join contact p on p.id = s.contact_id
    where s.tenant_id = %(tenant_id)s and (s.created_at, s.id) < (%(before)s, %(before_id)s)
    order by s.created_at desc, s.id desc limit %(limit)s
""")
async def summaries(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Summary]:
    """A page of summaries, newest first."""
