"""What Postgres knows about leads. Who writes a reading must have seen the newest message that was read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.leads.model import Wanted
from concierge.postgres.query import Conn, query


@query("""
    insert into lead (tenant_id, conversation_id, due_at, created_at, moved_at)
    values (%(tenant_id)s, %(conversation_id)s, %(due_at)s, %(now)s, %(now)s)
    on conflict (conversation_id) do update set due_at = excluded.due_at, tries = 0
""")
async def plan(conn: Conn, *, tenant_id: UUID, conversation_id: UUID, due_at: datetime, now: datetime) -> None:
    """The conversation has something new: it is read when it has been quiet for so long."""


@query("""
    with due as (
        select id from lead where due_at <= %(now)s order by due_at limit %(limit)s for update skip locked
    )
    update lead l set due_at = %(again_at)s from due where l.id = due.id
    returning l.id
""")
async def claim_due(conn: Conn, *, now: datetime, again_at: datetime, limit: int) -> list[UUID]:
    """Conversations that have been quiet long enough; each comes again at `again_at` unless it is read by then."""


@query("""
    select l.id, l.tenant_id, l.conversation_id, c.contact_id, p.name as contact_name,
           coalesce(p.zone, t.zone) as zone, l.due_at, c.last_seq, m.sent_at, m.received_at, m.correlation_id,
           coalesce(g.settings -> 'leads', '{}') as settings, coalesce(g.models, '{}') as models
    from lead l
    join tenant t on t.id = l.tenant_id
    join conversation c on c.id = l.conversation_id
    join contact p on p.id = c.contact_id
    left join agent g on g.channel_account_id = c.channel_account_id and g.live
    cross join lateral (select sent_at, received_at, correlation_id from inbound_message m
                        where m.conversation_id = c.id order by seq desc limit 1) m
    where l.id = %(id)s and l.due_at is not null and l.read_seq < c.last_seq
""")
async def wanted(conn: Conn, id: UUID) -> Wanted | None:
    """What is to be read; None where everything was."""


@query("""
    update lead l set due_at = null
    from conversation c
    where l.id = %(id)s and c.id = l.conversation_id and l.read_seq >= c.last_seq
""")
async def rest(conn: Conn, id: UUID) -> None:
    """Everything was read: a reading may have seen a message before its turn was settled."""


@query("""
    insert into extraction (tenant_id, conversation_id, purpose, upto_seq, model, prompt_version, reading,
                            input_tokens, output_tokens, request_id, created_at)
    values (%(tenant_id)s, %(conversation_id)s, 'score', %(upto_seq)s, %(model)s, %(prompt_version)s, %(reading)s,
            %(input_tokens)s, %(output_tokens)s, %(request_id)s, %(now)s)
    on conflict (conversation_id, purpose, upto_seq) do nothing
    returning id
""")
async def add_reading(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    upto_seq: int,
    model: str,
    prompt_version: str,
    reading: Mapping[str, Any],
    input_tokens: int,
    output_tokens: int,
    request_id: str | None,
    now: datetime,
) -> UUID | None:
    """Keep what the model read. None: another run has read as far."""


@query("""
    update lead
    set extraction_id = %(extraction_id)s, read_seq = %(upto_seq)s, tries = 0, reason = null, moved_at = %(now)s,
        -- somebody may have written while it was read: then it is due once more
        due_at = case when due_at = %(seen_due_at)s then null else due_at end,
        name = coalesce(%(name)s, name), email = coalesce(%(email)s, email), company = coalesce(%(company)s, company),
        intent = coalesce(%(intent)s, intent), urgency = coalesce(%(urgency)s, urgency),
        budget = coalesce(%(budget)s, budget), fit = coalesce(%(fit)s, fit),
        engagement = coalesce(%(engagement)s, engagement),
        demo_at = coalesce(%(demo_at)s, demo_at), demo_zone = coalesce(%(demo_zone)s, demo_zone),
        notice = coalesce(%(notice)s, notice), redacted_at = null
    where id = %(id)s and tenant_id = %(tenant_id)s and read_seq < %(upto_seq)s
    returning id
""")
async def improve(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    extraction_id: UUID,
    upto_seq: int,
    seen_due_at: datetime,
    name: str | None,
    email: str | None,
    company: str | None,
    intent: str | None,
    urgency: int | None,
    budget: int | None,
    fit: int | None,
    engagement: int | None,
    demo_at: datetime | None,
    demo_zone: str | None,
    notice: str | None,
    now: datetime,
) -> UUID | None:
    """The fence: newer values take the place of older ones. None: a reading that saw more was first."""


class Failed(Struct, frozen=True):
    """A lead whose reading came to nothing."""

    tenant_id: UUID
    tries: int
    due_at: datetime | None  # None: it is not tried again until somebody writes


@query("""
    update lead
    set tries = tries + 1, reason = left(%(reason)s, 500),
        due_at = case when %(permanent)s::boolean or tries + 1 >= %(most)s then null else %(again_at)s::timestamptz end
    where id = %(id)s and due_at is not null
    returning tenant_id, tries, due_at
""")
async def postpone(
    conn: Conn, id: UUID, *, reason: str, permanent: bool, most: int, again_at: datetime
) -> Failed | None:
    """It could not be read: again later, `most` times in all."""
