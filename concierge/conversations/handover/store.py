"""What Postgres knows about who leads a conversation."""

from datetime import datetime
from uuid import UUID

from concierge.conversations.handover.model import Handoff
from concierge.postgres.query import Conn, query


@query("""
    update conversation
    set status = %(to)s, reason = %(reason)s, moved_at = %(now)s,
        closed_at = case when %(to)s = 'closed' then %(now)s::timestamptz end
    where id = %(id)s and tenant_id = %(tenant_id)s and status = any(%(since)s)
    returning contact_id
""")
async def move(
    conn: Conn, id: UUID, *, tenant_id: UUID, since: list[str], to: str, reason: str, now: datetime
) -> UUID | None:
    """With whom it is; None where it is in none of the states `since`."""


@query("select status from conversation where id = %(id)s and tenant_id = %(tenant_id)s")
async def status_of(conn: Conn, id: UUID, *, tenant_id: UUID) -> str | None:
    """Who leads it; None where the tenant has no such conversation."""


@query("""
    insert into handoff (tenant_id, conversation_id, reason, summary, requested_at, taken_at, taken_by)
    values (%(tenant_id)s, %(conversation_id)s, %(reason)s, %(summary)s, %(now)s,
            case when %(by)s::text is not null then %(now)s::timestamptz end, %(by)s)
    on conflict (conversation_id) where ended_at is null
    do update set taken_at = coalesce(handoff.taken_at, excluded.taken_at), taken_by = excluded.taken_by
    returning id
""")
async def begin(
    conn: Conn, *, tenant_id: UUID, conversation_id: UUID, reason: str, summary: str, by: str | None, now: datetime
) -> UUID:
    """A human is wanted, or (`by`) has come; one that is wanted already keeps its reason."""


@query("""
    update handoff set ended_at = %(now)s
    where conversation_id = %(conversation_id)s and tenant_id = %(tenant_id)s and ended_at is null
""")
async def end(conn: Conn, *, conversation_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """The human has done what was to be done."""


@query("""
    select told_of_handoff(h) from handoff h
    where h.conversation_id = %(conversation_id)s and h.tenant_id = %(tenant_id)s and h.ended_at is null
""")
async def told(conn: Conn, *, conversation_id: UUID, tenant_id: UUID) -> str:
    """What the human has to know: the newest summary of what was said, if there is one, and the last words."""


@query("""
    update outbound_message
    set status = 'cancelled', reason = 'a human leads the conversation', wake_at = null, place_at = null,
        moved_at = %(now)s
    where conversation_id = %(conversation_id)s and tenant_id = %(tenant_id)s and status in ('queued', 'held')
      and kind = any(%(kinds)s)
""")
async def withdraw(conn: Conn, *, conversation_id: UUID, tenant_id: UUID, kinds: list[str], now: datetime) -> None:
    """What the bot was about to say is not said."""


@query("""
    update notification set acknowledged_at = %(now)s
    where subject_id = %(conversation_id)s and tenant_id = %(tenant_id)s and kind = 'handoff'
      and acknowledged_at is null
""")
async def acknowledge(conn: Conn, *, conversation_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """A human has seen it."""


@query("""
    with made as (
        insert into archive (tenant_id, channel_account_id, old_agent_id, new_agent_id, archived_at)
        values (%(tenant_id)s, %(channel_account_id)s, %(old_agent_id)s, %(new_agent_id)s, %(now)s)
        returning id
    ), held as materialized (
        -- in the order in which arrival takes them
        select c.id from conversation c
        where c.channel_account_id = %(channel_account_id)s and c.tenant_id = %(tenant_id)s and c.status <> 'closed'
        order by c.contact_id
        for no key update
    ), archived as (
        update conversation c
        set status = 'closed', reason = 'archived: another agent answers', archive_id = made.id, closed_at = %(now)s,
            moved_at = %(now)s
        from made, held
        where c.id = held.id
        returning c.id
    ), ended as (
        update handoff h set ended_at = %(now)s from archived a where h.conversation_id = a.id and h.ended_at is null
    ), seen as (
        update notification n set acknowledged_at = %(now)s
        from archived a where n.subject_id = a.id and n.kind = 'handoff' and n.acknowledged_at is null
    )
    select count(*) from archived
""")
async def archive(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    old_agent_id: UUID,
    new_agent_id: UUID | None,
    now: datetime,
) -> int:
    """Close every conversation of an account, as what its old agent has said; how many. Merging must be excluded."""


@query("""
    select id, conversation_id, reason, told_of_handoff(handoff) as summary, requested_at, taken_at, taken_by, ended_at
    from handoff
    where tenant_id = %(tenant_id)s and (requested_at, id) < (%(before)s, %(before_id)s)
    order by requested_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Handoff]:
    """Newest first."""
