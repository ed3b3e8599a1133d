"""What Postgres knows about summaries. Partial unique indexes let one wait and one run per contact."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query
from concierge.summaries.model import Line, Wanted


@query("""
    insert into summary (tenant_id, contact_id, status, due_at, correlation_id, created_at, moved_at)
    -- the conversation's person, who may have become another contact while the turn was thought about
    select tenant_id, contact_id, 'waiting', %(due_at)s, %(correlation_id)s, %(now)s, %(now)s
    from conversation where id = %(conversation_id)s and tenant_id = %(tenant_id)s
    -- put off by every message, but not for ever
    on conflict (contact_id) where status = 'waiting'
    do update set due_at = least(excluded.due_at, summary.created_at + interval '1 hour')
""")
async def plan(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    due_at: datetime,
    correlation_id: str | None,
    now: datetime,
) -> None:
    """A summary is wanted once the conversation is quiet."""


@query("""
    insert into summary (tenant_id, contact_id, status, due_at, correlation_id, created_at, moved_at)
    select tenant_id, id, 'waiting', %(now)s, %(correlation_id)s, %(now)s, %(now)s
    from contact where id = %(contact_id)s and tenant_id = %(tenant_id)s
    on conflict (contact_id) where status = 'waiting' do update set due_at = least(summary.due_at, excluded.due_at)
    returning id
""")
async def ask(
    conn: Conn, *, tenant_id: UUID, contact_id: UUID, correlation_id: str | None, now: datetime
) -> UUID | None:
    """A summary is wanted now; the one that waits already is it. None: the tenant has no such contact."""


@query("""
    with due as (
        select s.id from summary s
        where s.status = 'waiting' and s.due_at <= %(now)s
          and not exists (select from summary r where r.contact_id = s.contact_id and r.status = 'running')
        order by s.due_at limit %(limit)s
        for update skip locked
    )
    update summary s set status = 'running', moved_at = %(now)s from due where s.id = due.id
    returning s.id
""")
async def claim_due(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Those whose time has come, one a contact."""


@query("""
    select s.id
    from (select id from summary where status = 'running' and moved_at < %(before)s
          order by moved_at limit %(limit)s) s
    where not exists (select from procrastinate_jobs j
                      where j.status in ('todo', 'doing') and j.task_name = 'summaries.summarise'
                        and j.args ->> 'summary_id' = s.id::text)
""")
async def forgotten(conn: Conn, *, before: datetime, limit: int) -> list[UUID]:
    """Those that run and that no live job is for."""


@query("""
    select s.id, s.tenant_id, s.contact_id, p.name as contact_name, s.correlation_id,
           coalesce(c.models, '{}') as models, c.id as conversation_id,
           l.input_hash as last_hash, l.prompt_version as last_prompt
    from summary s
    join contact p on p.id = s.contact_id
    left join lateral (select c.id, g.models from conversation c
                       left join agent g on g.channel_account_id = c.channel_account_id and g.live
                       where c.contact_id = s.contact_id order by c.last_message_at desc limit 1) c on true
    left join lateral (select input_hash, prompt_version from summary l
                       where l.contact_id = s.contact_id and l.status = 'success'
                       order by l.created_at desc, l.id desc limit 1) l on true
    where s.id = %(id)s and s.status = 'running'
""")
async def wanted(conn: Conn, id: UUID) -> Wanted | None:
    """What is to be written; None where it is written, or was never claimed."""


@query("""
    with said as (
        select m.id, 'contact' as who, m.text, m.received_at as at, m.seq as n
        from conversation c
        -- the newest of each conversation by its numbers: one of years is not read from its beginning
        cross join lateral (select id, text, received_at, seq, automated from inbound_message m
                            where m.conversation_id = c.id order by seq desc limit %(limit)s) m
        where c.contact_id = %(contact_id)s and c.tenant_id = %(tenant_id)s and c.last_message_at >= %(since)s
          and m.received_at between %(since)s and %(upto)s and m.automated is null and m.text <> ''
        union all
        select o.id, 'concierge', o.payload ->> 'text', o.created_at, o.position
        from conversation c join outbound_message o on o.conversation_id = c.id
        where c.contact_id = %(contact_id)s and c.tenant_id = %(tenant_id)s and o.created_at >= %(since)s
          and o.created_at <= %(upto)s and o.status not in ('blocked', 'cancelled', 'expired')
          and o.payload ->> 'text' <> ''
        order by at desc, n desc, id limit %(limit)s
    )
    select id, who, text, at from said order by at, n, id
""")
async def lines(
    conn: Conn, *, tenant_id: UUID, contact_id: UUID, since: datetime, upto: datetime, limit: int
) -> list[Line]:
    """What both sides said in this time, oldest first; the newest, where it is too much."""


@query("""
    update summary
    set status = case when %(text)s::text is null then 'skipped' else 'success' end, reason = %(reason)s,
        text = %(text)s, range_start = %(range_start)s, range_end = %(range_end)s, model = %(model)s,
        prompt_version = %(prompt_version)s, input_count = %(input_count)s, input_hash = %(input_hash)s,
        input_tokens = %(input_tokens)s, output_tokens = %(output_tokens)s, request_id = %(request_id)s,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'running'
""")
async def finish(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    text: str | None,
    reason: str | None,
    range_start: datetime,
    range_end: datetime,
    model: str | None,
    prompt_version: str,
    input_count: int,
    input_hash: str,
    input_tokens: int | None,
    output_tokens: int | None,
    request_id: str | None,
    now: datetime,
) -> None:
    """It is written; without a text there was nothing new to write."""


@query("""
    update summary set status = 'failed', reason = left(%(reason)s, 500), moved_at = %(now)s
    where id = %(id)s and status = 'running'
    returning tenant_id
""")
async def fail(conn: Conn, id: UUID, *, reason: str, now: datetime) -> UUID | None:
    """No model could write it."""
