"""Redacting old bodies, of one tenant or (None) of all. Each statement takes a bounded bite."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query


@query("""
    with old as (
        select id from inbound_message
        where redacted_at is null and received_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by received_at limit %(limit)s for update skip locked
    ), redacted as (
        update inbound_message m
        set text = '', subject = null, whole = null, choice = null, context = null, raw = null, redacted_at = %(now)s
        from old where m.id = old.id returning m.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_inbound(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Messages that came in: text, subject and the vendor's payload."""


@query("""
    with old as (
        select id from outbound_message
        where redacted_at is null and created_at < %(before)s
          and (status not in ('scheduled', 'queued', 'held', 'sending', 'unknown')
               or (status = 'unknown' and escalated_at is not null))
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by created_at limit %(limit)s for update skip locked
    ), attempts as (
        update delivery_attempt d set response = null, error = null from old where d.outbound_message_id = old.id
    ), redacted as (
        update outbound_message o
        set payload = jsonb_build_object('text', ''), extra = null, redacted_at = %(now)s
        from old where o.id = old.id returning o.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_outbound(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Messages that went out; what is still to be sent keeps its words."""


@query("""
    with old as (
        select id from extraction
        where redacted_at is null and created_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by created_at limit %(limit)s for update skip locked
    ), redacted as (
        update extraction e set reading = null, redacted_at = %(now)s from old where e.id = old.id returning e.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_extractions(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """What models read."""


@query("""
    with old as (
        select id from task
        where status = 'needs_clarification' and created_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by created_at limit %(limit)s for update skip locked
    ), expired as (
        update task t
        set status = 'expired', reason = 'never answered', title = '', quote = null, evidence = null,
            moved_at = %(now)s, redacted_at = %(now)s
        from old where t.id = old.id returning t.tenant_id
    )
    select tenant_id from expired
""")
async def expire_unanswered(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Follow-ups whose question nobody answered in all that time: they expire and are redacted at once."""


@query("""
    with old as (
        select id from task
        where redacted_at is null and moved_at < %(before)s and status in ('done', 'failed', 'cancelled', 'expired')
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by moved_at limit %(limit)s for update skip locked
    ), redacted as (
        update task t set title = '', quote = null, evidence = null, draft = null, redacted_at = %(now)s
        from old where t.id = old.id returning t.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_tasks(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Finished follow-ups; a far-off one keeps its title until it is done."""


@query("""
    with old as (
        select id from unrouted_message
        where redacted_at is null and received_at < %(before)s and %(tenant_id)s::uuid is null
        order by received_at limit %(limit)s for update skip locked
    ), redacted as (
        update unrouted_message m set raw = null, redacted_at = %(now)s
        from old where m.id = old.id returning null::uuid as tenant_id
    )
    select tenant_id from redacted
""")
async def redact_unrouted(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID | None]:
    """What belonged to nobody, and so to no single tenant."""


@query("""
    with old as (
        select id from app_reply
        where redacted_at is null and received_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by received_at limit %(limit)s for update skip locked
    ), redacted as (
        update app_reply r set text = '', redacted_at = %(now)s from old where r.id = old.id returning r.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_app_replies(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """What people of the business wrote in the vendor's own app."""


@query("""
    with old as (
        select id from account_notice
        where redacted_at is null and received_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by received_at limit %(limit)s for update skip locked
    ), redacted as (
        update account_notice n set text = '', raw = null, redacted_at = %(now)s
        from old where n.id = old.id returning n.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_notices(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """What vendors said about accounts."""


@query("""
    with old as (
        select id from summary
        where redacted_at is null and created_at < %(before)s and status not in ('waiting', 'running')
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by created_at limit %(limit)s for update skip locked
    ), redacted as (
        update summary s set text = null, redacted_at = %(now)s from old where s.id = old.id returning s.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_summaries(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """What models summed up; the hash of what they read says nothing."""


@query("""
    with old as (
        select id, tenant_id from lead
        where redacted_at is null and extraction_id is not null and moved_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by moved_at limit %(limit)s for update skip locked
    ), told as (
        update notification n set text = '' from old
        where n.subject_id = old.id and n.tenant_id = old.tenant_id and n.kind = 'lead'
    ), redacted as (
        update lead l
        set name = null, email = null, company = null, intent = null, notice = null, redacted_at = %(now)s
        from old where l.id = old.id returning l.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_leads(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Who somebody is and what they want, if no reading has found anything since; scores stay."""
