"""Forgetting what models were asked and wrote, of one tenant or (None) of all. Each statement takes a bounded bite."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query


@query("""
    with old as (
        select id from model_call
        where prompt is not null and created_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by created_at limit %(limit)s for update skip locked
    ), redacted as (
        update model_call c set prompt = null, answer = null, redacted_at = %(now)s
        from old where c.id = old.id returning c.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_calls(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Prompts and answers; what they cost stays."""


@query("""
    with old as (
        select p.id from pseudonym p
        -- lateral and limited: each by its key, where Postgres 15 would read them all
        cross join lateral (select last_message_at from conversation where id = p.conversation_id limit 1) c
        where p.created_at < %(before)s and c.last_message_at < %(before)s and %(now)s > %(before)s
          and (%(tenant_id)s::uuid is null or p.tenant_id = %(tenant_id)s)
        order by p.created_at limit %(limit)s for update of p skip locked
    ), forgotten as (
        delete from pseudonym p using old where p.id = old.id returning p.tenant_id
    )
    select tenant_id from forgotten
""")
async def forget_pseudonyms(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """What placeholders stood for, in conversations that have been quiet for so long."""


@query("""
    with old as (
        select t.conversation_id, t.provider from model_thread t join conversation c on c.id = t.conversation_id
        where t.created_at < %(before)s and c.last_message_at < %(before)s and %(now)s > %(before)s
          and (%(tenant_id)s::uuid is null or t.tenant_id = %(tenant_id)s)
        order by t.created_at limit %(limit)s for update of t skip locked
    ), forgotten as (
        delete from model_thread t using old
        where t.conversation_id = old.conversation_id and t.provider = old.provider returning t.tenant_id
    )
    select tenant_id from forgotten
""")
async def forget_threads(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Conversations at providers that would have nothing to go on with."""


@query("""
    with old as (
        select d.id from draft d join task t on t.id = d.task_id
        where d.redacted_at is null and d.moved_at < %(before)s
          and (d.status in ('sent', 'replaced', 'failed', 'declined')
               or t.status in ('done', 'failed', 'cancelled', 'expired'))
          and (%(tenant_id)s::uuid is null or d.tenant_id = %(tenant_id)s)
        order by d.moved_at limit %(limit)s for update of d skip locked
    ), redacted as (
        update draft d set text = '', wish = null, redacted_at = %(now)s
        from old where d.id = old.id returning d.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_drafts(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """Drafts that went, were replaced, or whose follow-up is over."""


@query("""
    with old as (
        select id from intake_answer
        where redacted_at is null and created_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by created_at limit %(limit)s for update skip locked
    ), redacted as (
        update intake_answer a set value = '', redacted_at = %(now)s from old where a.id = old.id returning a.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_answers(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """What people answered to an agent's questions; they are asked again."""


@query("""
    with old as (
        select id from handoff
        where redacted_at is null and requested_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by requested_at limit %(limit)s for update skip locked
    ), redacted as (
        update handoff h set summary = '', redacted_at = %(now)s from old where h.id = old.id returning h.tenant_id
    )
    select tenant_id from redacted
""")
async def redact_handoffs(
    conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int
) -> list[UUID]:
    """What a human had to know who took over."""
