"""What Postgres knows about tasks. Every move is guarded by the status it starts from."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.followups.model import Kind, Status, Working
from concierge.postgres.query import Conn, query


class Retried(Struct, frozen=True):
    """A task that began another round, and the reminder of the round before."""

    id: UUID
    reminder_id: UUID | None


@query("""
    insert into extraction (tenant_id, conversation_id, upto_seq, model, prompt_version, reading, input_tokens,
                            output_tokens, request_id, created_at)
    values (%(tenant_id)s, %(conversation_id)s, %(upto_seq)s, %(model)s, %(prompt_version)s, %(reading)s,
            %(input_tokens)s, %(output_tokens)s, %(request_id)s, %(now)s)
""")
async def add_extraction(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    upto_seq: int,
    model: str,
    prompt_version: str,
    reading: Any,
    input_tokens: int,
    output_tokens: int,
    request_id: str | None,
    now: datetime,
) -> None:
    """Keep what the model read, beside what came of it."""


@query("""
    insert into task (tenant_id, contact_id, conversation_id, inbound_message_id, title, kind, status, reason, due_at,
                      zone, wall, grain, quote, evidence, rule, rule_from, correlation_id, created_at, moved_at)
    -- the conversation's person, who may have become another contact while the turn was thought about
    values (%(tenant_id)s, (select contact_id from conversation where id = %(conversation_id)s),
            %(conversation_id)s, %(inbound_message_id)s, %(title)s, %(kind)s,
            %(status)s, %(reason)s, %(due_at)s, %(zone)s, %(wall)s, %(grain)s, %(quote)s, %(evidence)s, %(rule)s,
            %(rule_from)s, %(correlation_id)s, %(now)s, %(now)s)
    returning id
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    inbound_message_id: UUID,
    title: str,
    kind: Kind,
    status: Status,
    reason: str | None,
    due_at: datetime | None,
    zone: str,
    wall: datetime | None,
    grain: str | None,
    quote: str | None,
    evidence: str | None,
    rule: str | None,
    rule_from: datetime | None,
    correlation_id: str | None,
    now: datetime,
) -> UUID:
    """A new follow-up."""


@query("""
    with due as (
        select id from task
        where status = 'pending' and due_at <= %(now)s
        order by due_at limit %(limit)s
        for update skip locked
    )
    update task t set status = 'due', moved_at = %(now)s from due where t.id = due.id
    returning t.id
""")
async def claim_due(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Tasks whose time has come; a second scheduler skips them."""


@query("update task set status = 'executing', moved_at = %(now)s where id = %(id)s and status = 'due'")
async def begin(conn: Conn, id: UUID, *, now: datetime) -> None:
    """Somebody works on it."""


@query("""
    select t.id, t.tenant_id, t.contact_id, c.id as conversation_id, c.channel_account_id, c.identity_id, a.channel,
           t.title, t.kind, t.round, coalesce(g.settings -> 'followups' ->> 'drafts', 'ask') as drafts,
           coalesce(p.language, n.language) as language, m.subject, m.provider_message_id as source_message_id,
           t.correlation_id
    from task t
    join tenant n on n.id = t.tenant_id
    join contact p on p.id = t.contact_id
    join conversation own on own.id = t.conversation_id
    -- where the person is talked with now: theirs may have been closed, and its window with it
    join conversation c on c.id = coalesce(
        (select o.id from conversation o
         where o.channel_account_id = own.channel_account_id and o.contact_id = own.contact_id
           and o.status <> 'closed'), own.id)
    join channel_account a on a.id = c.channel_account_id
    left join agent g on g.channel_account_id = a.id and g.live
    left join inbound_message m on m.id = t.inbound_message_id  -- none: it was made by the API
    where t.id = %(id)s and t.status = 'executing'
""")
async def working(conn: Conn, id: UUID) -> Working | None:
    """A task in execution, with what it needs."""


@query("""
    select true from task where id = %(id)s and tenant_id = %(tenant_id)s and status = 'executing' for update
""")
async def hold(conn: Conn, id: UUID, *, tenant_id: UUID) -> bool | None:
    """Whether it is still in execution; nobody can move it until the transaction ends."""


@query("""
    update task set status = 'sending', draft = %(draft)s, reminder_id = %(reminder_id)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'executing'
""")
async def hand_over(
    conn: Conn, id: UUID, *, tenant_id: UUID, draft: str | None, reminder_id: UUID, now: datetime
) -> None:
    """Its reminder is posted."""


@query("""
    with settled as (
        select t.id, o.id as outbound_id
        from task t
        left join outbound_message f on f.fallback_of = t.reminder_id  -- said on another channel: then that one counts
        join outbound_message o on o.id = coalesce(f.id, t.reminder_id)
        where t.status = 'sending'
          and o.status in ('sent', 'delivered', 'read', 'failed', 'blocked', 'cancelled', 'expired')
        limit %(limit)s
        for update of t skip locked
    )
    update task t
    set status = case when o.status in ('sent', 'delivered', 'read') then 'done'
                      when o.status = 'expired' then 'expired' else 'failed' end,
        reason = case when o.status in ('sent', 'delivered', 'read') then null
                      else coalesce(o.reason, 'the reminder was ' || o.status) end,
        moved_at = %(now)s
    from settled, outbound_message o
    where t.id = settled.id and o.id = settled.outbound_id
""")
async def finish_sent(conn: Conn, *, now: datetime, limit: int) -> None:
    """Tasks whose reminder has arrived somewhere, or never will."""


@query("""
    with late as (
        select t.id from task t join outbound_message o on o.id = t.reminder_id
        where t.status = 'failed' and (t.moved_at > %(since)s or t.reason = 'template_required')
          and (o.status in ('delivered', 'read') or (t.reason = 'template_required' and o.status = 'sent'))
        limit %(limit)s
        for update of t skip locked
    )
    update task t set status = 'done', reason = 'its reminder arrived after all', moved_at = %(now)s
    from late where t.id = late.id
""")
async def finish_late(conn: Conn, *, since: datetime, now: datetime, limit: int) -> None:
    """Tasks that failed with their reminder, which the provider later showed to have arrived."""


@query("""
    select t.id
    from (select id from task where status in ('due', 'executing') and moved_at < %(before)s
          order by moved_at limit %(limit)s) t
    where not exists (select from procrastinate_jobs j
                      where j.status in ('todo', 'doing') and j.task_name = 'followups.execute'
                        and j.args ->> 'task_id' = t.id::text)
""")
async def forgotten(conn: Conn, *, before: datetime, limit: int) -> list[UUID]:
    """Tasks that are due and that no live job is for."""


@query("""
    update task set status = 'failed', reason = %(reason)s, moved_at = %(now)s
    where id = %(id)s and status in ('due', 'executing')
    returning tenant_id
""")
async def fail(conn: Conn, id: UUID, *, reason: str, now: datetime) -> UUID | None:
    """It cannot be done; an operator may retry it."""


@query("""
    with failed as (
        select t.id, t.reminder_id from task t left join outbound_message o on o.id = t.reminder_id
        where t.id = %(id)s and t.tenant_id = %(tenant_id)s and t.status = 'failed'
          and (o.id is null or o.status not in ('sent', 'delivered', 'read'))
        for update of t
    )
    update task t
    set status = 'due', reason = 'retried by ' || %(by)s, round = round + 1, reminder_id = null, moved_at = %(now)s
    from failed where t.id = failed.id
    returning t.id, failed.reminder_id
""")
async def retry(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> Retried | None:
    """Another round, with a reminder of its own; None where there is no such failed task or its reminder arrived."""


@query("""
    update task set status = 'sending', reason = 'its reminder is retried by ' || %(by)s, moved_at = %(now)s
    where reminder_id = %(reminder_id)s and tenant_id = %(tenant_id)s and status = 'failed'
""")
async def resume(conn: Conn, *, reminder_id: UUID, tenant_id: UUID, by: str, now: datetime) -> None:
    """Its reminder is on the way again."""
