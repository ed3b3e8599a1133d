"""What a conversation leaves to the one it goes on in: its human, its form, its lead, what operators look at."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query


@query("""
    with gone as (
        select h.id, exists (select from handoff k where k.conversation_id = %(kept)s and k.ended_at is null) as twice
        from handoff h
        where h.conversation_id = %(gone)s and h.tenant_id = %(tenant_id)s and h.ended_at is null
    )
    update handoff h
    set conversation_id = case when gone.twice then h.conversation_id else %(kept)s end,
        ended_at = case when gone.twice then %(now)s::timestamptz end
    from gone where h.id = gone.id
""")
async def move_handoff(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID, now: datetime) -> None:
    """The human goes along; of two that are wanted one is."""


@query("""
    update notification n
    set subject_id = case when twice.id is null then %(kept)s else n.subject_id end,
        acknowledged_at = case when twice.id is not null then %(now)s::timestamptz end
    from notification o
    left join notification twice
           on twice.subject_id = %(kept)s and twice.kind = o.kind and twice.acknowledged_at is null
    where o.subject_id = %(gone)s and o.tenant_id = %(tenant_id)s and o.acknowledged_at is null and n.id = o.id
""")
async def move_notices(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID, now: datetime) -> None:
    """What operators were told of the one is about the other; once of each kind."""


@query("""
    with form as (
        update intake i set conversation_id = %(kept)s
        where i.conversation_id = %(gone)s and i.tenant_id = %(tenant_id)s
          and not exists (select from intake k where k.conversation_id = %(kept)s)
    )
    update intake_answer a set conversation_id = %(kept)s
    where a.conversation_id = %(gone)s and a.tenant_id = %(tenant_id)s
      and not exists (select from intake_answer k where k.conversation_id = %(kept)s and k.key = a.key)
""")
async def move_form(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """What was answered is not asked again."""


@query("""
    insert into lead as k (tenant_id, conversation_id, due_at, extraction_id, name, email, company, intent, urgency,
                           budget, fit, engagement, demo_at, demo_zone, notice, created_at, moved_at, redacted_at)
    select tenant_id, %(kept)s, due_at, extraction_id, name, email, company, intent, urgency, budget, fit, engagement,
           demo_at, demo_zone, notice, created_at, moved_at, redacted_at
    from lead where conversation_id = %(gone)s and tenant_id = %(tenant_id)s
    on conflict (conversation_id) do update set
        due_at = greatest(k.due_at, excluded.due_at), created_at = least(k.created_at, excluded.created_at),
        moved_at = greatest(k.moved_at, excluded.moved_at),
        redacted_at = case when k.redacted_at is not null then excluded.redacted_at end,
        -- of each field the newest value that there is
        (extraction_id, name, email, company, intent, urgency, budget, fit, engagement, notice) = (
            select coalesce(n.extraction_id, o.extraction_id), coalesce(n.name, o.name), coalesce(n.email, o.email),
                   coalesce(n.company, o.company), coalesce(n.intent, o.intent), coalesce(n.urgency, o.urgency),
                   coalesce(n.budget, o.budget), coalesce(n.fit, o.fit), coalesce(n.engagement, o.engagement),
                   coalesce(n.notice, o.notice)
            from lead n join lead o on o.id <> n.id
                 and o.conversation_id in (%(kept)s, %(gone)s) and o.tenant_id = %(tenant_id)s
            where n.conversation_id in (%(kept)s, %(gone)s) and n.tenant_id = %(tenant_id)s
            order by n.moved_at desc, n.id limit 1),
        (demo_at, demo_zone) = (
            select d.demo_at, d.demo_zone from lead d
            where d.conversation_id in (%(kept)s, %(gone)s) and d.tenant_id = %(tenant_id)s
            order by d.demo_at is null, d.moved_at desc limit 1)
""")
async def join_leads(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """One lead with what both had; it is read on from where its own conversation was."""


@query("""
    with notice as (
        update notification n set subject_id = k.id
        from lead l, lead k
        where l.conversation_id = %(gone)s and k.conversation_id = %(kept)s and n.subject_id = l.id
          and n.tenant_id = %(tenant_id)s
          and not (n.acknowledged_at is null
                   and exists (select from notification t
                               where t.subject_id = k.id and t.kind = n.kind and t.acknowledged_at is null))
    )
    delete from lead where conversation_id = %(gone)s and tenant_id = %(tenant_id)s
""")
async def drop_lead(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """What it had is the other one's."""
