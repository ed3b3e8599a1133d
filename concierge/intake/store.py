"""What Postgres knows about forms and answers."""

from datetime import datetime
from uuid import UUID

from concierge.intake.model import Progress
from concierge.postgres.query import Conn, query


@query("""
    select coalesce((
               select jsonb_agg(jsonb_build_object('key', a.key, 'value', a.value))
               from (select distinct on (a.key) a.key, a.value
                     from intake_answer a join conversation o on o.id = a.conversation_id
                     -- what is true of the person was perhaps said in an earlier conversation
                     where o.contact_id = c.contact_id and a.tenant_id = c.tenant_id and a.redacted_at is null
                       and a.key = any(%(keys)s) and (o.id = c.id or a.key = any(%(lasting)s))
                     order by a.key, o.id = c.id desc, a.created_at desc) a), '[]') as known,
           i.asked, coalesce(i.times, 0) as times, i.completed_at is not null as completed
    from conversation c left join intake i on i.conversation_id = c.id
    where c.id = %(conversation_id)s and c.tenant_id = %(tenant_id)s
""")
async def progress(
    conn: Conn, *, conversation_id: UUID, tenant_id: UUID, keys: list[str], lasting: list[str]
) -> Progress:
    """How far the conversation has come. `lasting`: keys that are true of the person."""


@query("""
    insert into intake_answer (tenant_id, conversation_id, inbound_message_id, key, value, created_at)
    values (%(tenant_id)s, %(conversation_id)s, %(inbound_message_id)s, %(key)s, %(value)s, %(now)s)
    on conflict (conversation_id, key) do update
        set value = excluded.value, inbound_message_id = excluded.inbound_message_id, created_at = excluded.created_at,
            redacted_at = null
""")
async def keep_answer(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    inbound_message_id: UUID,
    key: str,
    value: str,
    now: datetime,
) -> None:
    """What they said; a later answer beats an earlier one."""


@query("""
    insert into intake (tenant_id, conversation_id, asked, times, completed_at, moved_at)
    values (%(tenant_id)s, %(conversation_id)s, %(asked)s, %(times)s,
            case when %(complete)s then %(now)s::timestamptz end, %(now)s)
    on conflict (conversation_id) do update
        set asked = excluded.asked, times = excluded.times,
            completed_at = coalesce(intake.completed_at, excluded.completed_at), moved_at = excluded.moved_at
""")
async def move(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    asked: str | None,
    times: int,
    complete: bool,
    now: datetime,
) -> None:
    """What was asked last, and whether the end is reached."""
