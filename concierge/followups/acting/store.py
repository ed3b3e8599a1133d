"""What Postgres knows about the follow-ups people speak of. Every move is guarded by the status it starts from."""

from datetime import datetime
from uuid import UUID

from concierge.followups.acting.model import Open
from concierge.postgres.query import Conn, query


@query("""
    -- a person's, from all their conversations; of questions those of this one, as only here they were asked
    with mine as (
        (select t.*, t.status = 'sending' or (t.status = 'pending' and t.moved_at = t.created_at and exists (
                    select from task b where b.id = t.follows and b.status in ('sending', 'done')
                                         and b.moved_at > %(since)s)) as reminded, 1 as part
         from task t
         where t.contact_id = %(contact_id)s and t.tenant_id = %(tenant_id)s
           and t.status in ('pending', 'snoozed', 'due', 'executing', 'sending')
           -- of one that comes again, the next time is spoken of, not the last
           and not exists (select from task n where n.follows = t.id)
         order by t.due_at limit %(most)s)
        union all
        (select t.*, true, 2
         from task t
         where t.contact_id = %(contact_id)s and t.tenant_id = %(tenant_id)s and t.status = 'done'
           and t.moved_at > %(since)s and t.rule is null and t.reminder_id is not null and t.reason is null
           and not exists (select from task n where n.follows = t.id)
         order by t.moved_at desc limit %(most)s)
        union all
        (select t.*, false, 3
         from task t
         where t.conversation_id = %(conversation_id)s and t.tenant_id = %(tenant_id)s
           and t.status = 'needs_clarification'
         order by t.created_at, t.id limit %(most)s)
    )
    select id, title, kind, status, zone, wall, rule, rule_from, reminded, moved_at
    from mine order by part, case when part = 1 then due_at end, created_at, id
""")
async def spoken_of(
    conn: Conn, *, tenant_id: UUID, contact_id: UUID, conversation_id: UUID, since: datetime, most: int
) -> list[Open]:
    """What is planned by its time, then what they were reminded of since, then what waits for its time."""


@query("""
    update task
    set status = case when status = 'due' or %(snooze)s then 'snoozed' else 'pending' end,
        reason = case when status = 'due' or %(snooze)s then 'put off by its person' end,
        due_at = %(due_at)s, wall = %(wall)s, zone = %(zone)s, grain = %(grain)s, quote = %(quote)s,
        rule = %(rule)s, rule_from = %(rule_from)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
      and (status in ('pending', 'snoozed', 'due') or (status = 'needs_clarification' and not %(snooze)s))
    returning id
""")
async def put_at(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    snooze: bool,
    due_at: datetime,
    wall: datetime,
    zone: str,
    grain: str,
    quote: str | None,
    rule: str | None,
    rule_from: datetime | None,
    now: datetime,
) -> UUID | None:
    """Another time. None: it is too late for that."""


@query("""
    insert into task (tenant_id, contact_id, conversation_id, inbound_message_id, title, kind, status, due_at, zone,
                      wall, grain, quote, evidence, follows, correlation_id, created_at, moved_at)
    select tenant_id, contact_id, conversation_id, %(inbound_message_id)s, title, kind, 'pending', %(due_at)s,
           %(zone)s, %(wall)s, %(grain)s, %(quote)s, %(evidence)s, case when rule is null then id end,
           %(correlation_id)s, %(now)s, %(now)s
    from task where id = %(id)s and tenant_id = %(tenant_id)s
    on conflict do nothing
    returning id
""")
async def add_again(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    inbound_message_id: UUID,
    due_at: datetime,
    wall: datetime,
    zone: str,
    grain: str,
    quote: str | None,
    evidence: str | None,
    correlation_id: str | None,
    now: datetime,
) -> UUID | None:
    """The same once more, as its reminder has gone out already; what is done never moves."""


@query("""
    update task
    set status = case when %(done)s and status in ('pending', 'snoozed') then 'done' else 'cancelled' end,
        reason = case when %(done)s then 'completed by its person' else 'cancelled by its person' end,
        followed = true, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
      and status in ('needs_clarification', 'pending', 'snoozed', 'due', 'executing')
    returning id
""")
async def finish(conn: Conn, id: UUID, *, tenant_id: UUID, done: bool, now: datetime) -> UUID | None:
    """It needs no reminder, because it is done or not wanted. None: that has gone out."""


@query("""
    update task set followed = true, reason = case when status = 'done' then 'completed by its person' else reason end
    where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def put_aside(conn: Conn, id: UUID, *, tenant_id: UUID) -> None:
    """Its person wants no more of it, whatever became of its reminder: it comes no more and is spoken of no more."""


@query("""
    update task set title = %(title)s
    where id = %(id)s and tenant_id = %(tenant_id)s
      and status in ('needs_clarification', 'pending', 'snoozed', 'due')
    returning id
""")
async def rename(conn: Conn, id: UUID, *, tenant_id: UUID, title: str) -> UUID | None:
    """What it is called. None: it is too late for that."""


@query("""
    update contact
    set name = coalesce(%(name)s, name), zone = coalesce(%(zone)s, zone), tone = coalesce(%(tone)s, tone),
        language = coalesce(%(language)s, language)
    where id = (select contact_id from conversation where id = %(conversation_id)s) and tenant_id = %(tenant_id)s
      and erased_at is null
    returning id
""")
async def prefer(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    name: str | None,
    zone: str | None,
    tone: str | None,
    language: str | None,
) -> UUID | None:
    """What the person of a conversation wants to be different; null: as it is."""
