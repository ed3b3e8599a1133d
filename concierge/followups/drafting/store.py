"""What Postgres knows about drafts. Every move is guarded by the status it starts from."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from concierge.followups.drafting.model import Addressed, Draft, Material, Status, Waiting
from concierge.llm.purposes import Length
from concierge.postgres.query import Conn, query


@query("""
    select status from task
    where id = %(task_id)s and tenant_id = %(tenant_id)s and kind = 'remind_and_draft'
    for update
""")
async def hold_task(conn: Conn, *, task_id: UUID, tenant_id: UUID) -> str | None:
    """The state of a follow-up that wants a draft; its drafts change one at a time."""


@query("""
    select id, task_id, n, status, reason, author, text, tone, length, language, created_at
    from draft where task_id = %(task_id)s and tenant_id = %(tenant_id)s
    order by n desc limit 1
""")
async def newest(conn: Conn, *, task_id: UUID, tenant_id: UUID) -> Draft | None:
    """The version that counts."""


@query("""
    update draft set status = 'replaced', moved_at = %(now)s
    where task_id = %(task_id)s and tenant_id = %(tenant_id)s and status in ('writing', 'proposed', 'approved')
""")
async def replace(conn: Conn, *, task_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """Another version takes the place of the live one."""


@query("""
    insert into draft (tenant_id, task_id, n, status, author, text, tone, length, language, wish, created_at, moved_at)
    select t.tenant_id, t.id, coalesce((select max(d.n) from draft d where d.task_id = t.id), 0) + 1, %(status)s,
           %(author)s, %(text)s,
           -- as asked for, else as the version before, else as the contact likes it
           coalesce(%(tone)s, (select d.tone from draft d where d.task_id = t.id order by d.n desc limit 1),
                    p.tone, n.tone),
           coalesce(%(length)s, (select d.length from draft d where d.task_id = t.id order by d.n desc limit 1),
                    g.settings -> 'followups' ->> 'length', 'medium'),
           coalesce(%(language)s, (select d.language from draft d where d.task_id = t.id order by d.n desc limit 1),
                    g.settings -> 'followups' ->> 'language'),
           %(wish)s, %(now)s, %(now)s
    from task t
    join tenant n on n.id = t.tenant_id
    join contact p on p.id = t.contact_id
    join conversation c on c.id = t.conversation_id
    left join agent g on g.channel_account_id = c.channel_account_id and g.live
    where t.id = %(task_id)s and t.tenant_id = %(tenant_id)s
    returning id
""")
async def add(
    conn: Conn,
    *,
    task_id: UUID,
    tenant_id: UUID,
    status: Status,
    author: Literal["model", "person"],
    text: str,
    tone: str | None,
    length: Length | None,
    language: str | None,
    wish: str | None,
    now: datetime,
) -> UUID:
    """A new version; what nobody asked for stays as it was."""


@query("""
    select d.tenant_id, d.task_id, c.id as conversation_id, t.contact_id, p.name as contact_name, a.channel, t.title,
           coalesce(m.text, t.title) as source, d.tone, d.length, d.language,
           coalesce(p.language, n.language) as spoken, d.wish,
           (select nullif(b.text, '') from draft b
            where b.task_id = d.task_id and b.n < d.n order by b.n desc limit 1) as before,
           c.channel_account_id, c.identity_id, m.subject, t.correlation_id, coalesce(g.models, '{}') as models
    from draft d
    join task t on t.id = d.task_id
    join contact p on p.id = t.contact_id
    join tenant n on n.id = t.tenant_id
    join conversation own on own.id = t.conversation_id
    -- where the person is talked with now: theirs may have been closed
    join conversation c on c.id = coalesce(
        (select o.id from conversation o
         where o.channel_account_id = own.channel_account_id and o.contact_id = own.contact_id
           and o.status <> 'closed'), own.id)
    join channel_account a on a.id = c.channel_account_id
    left join inbound_message m on m.id = t.inbound_message_id
    left join agent g on g.channel_account_id = a.id and g.live
    where d.id = %(id)s and d.status = 'writing'
""")
async def material(conn: Conn, id: UUID) -> Material | None:
    """What a draft that is to be written is made of."""


@query("""
    update draft set status = 'proposed', text = %(text)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'writing'
    returning id
""")
async def propose(conn: Conn, id: UUID, *, tenant_id: UUID, text: str, now: datetime) -> UUID | None:
    """It is written. None: nobody wants it any more."""


@query("""
    update draft set status = 'failed', reason = left(%(reason)s, 500), moved_at = %(now)s
    where id = %(id)s and status = 'writing'
    returning task_id
""")
async def fail(conn: Conn, id: UUID, *, reason: str, now: datetime) -> UUID | None:
    """Nobody could write it."""


@query("""
    select d.id, d.n, d.text, d.status, t.id as task_id, t.status as task_status, c.id as conversation_id,
           c.channel_account_id, c.identity_id, m.subject, t.correlation_id
    from draft d
    join task t on t.id = d.task_id
    join conversation own on own.id = t.conversation_id
    join conversation c on c.id = coalesce(
        (select o.id from conversation o
         where o.channel_account_id = own.channel_account_id and o.contact_id = own.contact_id
           and o.status <> 'closed'), own.id)
    left join inbound_message m on m.id = t.inbound_message_id
    where d.task_id = %(task_id)s and d.tenant_id = %(tenant_id)s and d.status in ('proposed', 'approved')
    for update of d
""")
async def addressed(conn: Conn, *, task_id: UUID, tenant_id: UUID) -> Addressed | None:
    """The live draft that can be read, and where it would go."""


@query("""
    update draft set status = 'approved', moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'proposed'
""")
async def approve(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """It may go."""


@query("""
    update draft set status = 'declined', moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'proposed'
""")
async def decline(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """Its person does not want it."""


@query("""
    update draft set asked_by = %(outbound_message_id)s
    where id = any (%(ids)s) and tenant_id = %(tenant_id)s and status = 'proposed'
""")
async def ask(conn: Conn, ids: list[UUID], *, tenant_id: UUID, outbound_message_id: UUID) -> None:
    """Its person is asked about it in this message."""


@query("""
    select d.id, d.task_id, t.title, d.text, d.tone, d.length, d.language,
           -- they were asked after all they had said before, and heard nothing else since
           asked.conversation_id = %(conversation_id)s
               and max(asked.created_at) over () >= coalesce(heard.created_at, '-infinity')
               and asked.created_at >= coalesce(before.received_at, '-infinity') as latest
    from task t
    join draft d on d.task_id = t.id and d.status = 'proposed'
    join outbound_message o on o.id = d.asked_by
    left join outbound_message f on f.fallback_of = o.id  -- asked on another channel
    join outbound_message asked on asked.id = coalesce(f.id, o.id)
    left join inbound_message before on before.conversation_id = %(conversation_id)s and before.seq = %(handled_seq)s
    left join lateral (
        select h.created_at from outbound_message h
        where h.conversation_id = %(conversation_id)s and h.tenant_id = %(tenant_id)s
          and h.status in ('sending', 'sent', 'delivered', 'read', 'unknown')
        order by h.created_at desc limit 1) heard on true
    where t.contact_id = %(contact_id)s and t.tenant_id = %(tenant_id)s and t.kind = 'remind_and_draft'
      and t.status in ('sending', 'done') and t.moved_at > %(since)s
      and asked.status in ('sending', 'sent', 'delivered', 'read', 'unknown')
    order by asked.created_at, d.task_id limit %(most)s
""")
async def waiting(
    conn: Conn,
    *,
    tenant_id: UUID,
    contact_id: UUID,
    conversation_id: UUID,
    handled_seq: int,
    since: datetime,
    most: int,
) -> list[Waiting]:
    """What a person was asked about and has not answered, oldest first; only what they can have seen."""


@query("""
    update draft set status = 'sent', outbound_message_id = %(outbound_message_id)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status in ('proposed', 'approved')
""")
async def send(conn: Conn, id: UUID, *, tenant_id: UUID, outbound_message_id: UUID, now: datetime) -> None:
    """It is on its way, by itself."""
