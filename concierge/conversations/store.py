"""What Postgres knows about conversations and their messages."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.conversations.model import Conversation, Message
from concierge.llm.purposes import Said
from concierge.postgres.query import Conn, query


class Read(Struct, frozen=True):
    """What is new in a conversation, and what was said before."""

    messages: list[Message]
    history: list[Said]


class Unhandled(Struct, frozen=True):
    """A conversation that could not be handled."""

    id: UUID
    tenant_id: UUID
    last_seq: int
    retries: int  # postponed so often in a row


class Swept(Struct, frozen=True):
    """A conversation that had to be woken, and how often in a row."""

    id: UUID
    tenant_id: UUID
    last_seq: int
    count: int


class Advanced(Struct, frozen=True):
    """A conversation whose cursor was moved, as it is now that its row is locked."""

    status: str
    last_seq: int
    waits: bool  # for another fragment


@query("""
    select c.id, c.tenant_id, c.channel_account_id, c.contact_id, c.identity_id, a.channel, c.status,
           a.settings ->> 'acknowledge' as acknowledge, c.last_seq, c.handled_seq, p.name as contact_name,
           coalesce(p.zone, t.zone) as zone, coalesce(p.language, t.language) as language,
           coalesce(p.tone, t.tone) as tone, coalesce(p.default_action, t.default_action) as default_action,
           case when g.id is not null then jsonb_build_object(
               'id', g.id, 'name', g.name, 'skills', g.skills, 'settings', g.settings, 'models', g.models,
               'prompt', r.prompt, 'quiet_seconds', g.quiet_seconds,
               'answer_within_seconds', g.answer_within_seconds) end as agent,
           t.name as tenant_name, c.greeted_at is not null as greeted, c.quiet_until,
           coalesce(suppression_of(c.identity_id) = 'all', false) as suppressed,
           exists (select from credit_account k where k.tenant_id = c.tenant_id) as metered,
           exists (select from outbound_message o
                   where o.conversation_id = c.id and o.status = 'blocked' and o.reason = 'template_required')
               as held_back,
           exists (select from task k where k.contact_id = c.contact_id) as has_tasks
    from conversation c
    join tenant t on t.id = c.tenant_id
    join contact p on p.id = c.contact_id
    join channel_account a on a.id = c.channel_account_id
    left join agent g on g.channel_account_id = a.id and g.live
    left join lateral (
        select jsonb_build_object('id', r.id, 'name', r.name, 'external_id', r.external_id,
                                  'number', v.number, 'text', v.text) as prompt
        from prompt r left join prompt_version v on v.prompt_id = r.id
        where r.id = g.prompt_id
        order by v.number desc limit 1) r on true
    where c.id = %(id)s
""")
async def find(conn: Conn, id: UUID) -> Conversation | None:
    """The conversation a job is about."""


@query("""
    with new as (
        select id, seq, provider_message_id, text, context, subject, automated, sent_at, received_at, correlation_id
        from inbound_message
        where conversation_id = %(conversation_id)s and seq > %(after)s
        order by seq limit %(most)s
    ), recent as (
        (select 'contact' as who, text, context, received_at as at, seq as n from inbound_message
         where conversation_id = %(conversation_id)s and seq <= %(after)s and automated is null
         order by seq desc limit %(remembered)s)
        union all
        (select 'concierge', payload ->> 'text', null, created_at, position from outbound_message
         where conversation_id = %(conversation_id)s
           and status not in ('blocked', 'cancelled', 'expired')  -- nobody has heard it
         order by created_at desc, position desc limit %(remembered)s)
        union all
        -- by hand, in the vendor's own app
        (select 'concierge', text, null, sent_at, 0 from app_reply
         where conversation_id = %(conversation_id)s
         order by sent_at desc limit %(remembered)s)
        -- of what was said at the same instant, the answer came last
        order by at desc, who, n desc limit %(remembered)s
    )
    -- one round trip for both lists: a turn is read for every message there is
    select coalesce((select jsonb_agg(to_jsonb(new) order by seq) from new), '[]') as messages,
           coalesce((select jsonb_agg(jsonb_build_object('who', who, 'text', text, 'context', context)
                                      order by at, who desc, n)
                     from recent), '[]') as history
""")
async def read(conn: Conn, *, conversation_id: UUID, after: int, most: int, remembered: int) -> Read:
    """The messages past the cursor, and what was said last before them by both sides; oldest first."""


@query("""
    update conversation
    set handled_seq = %(upto)s, parked_at = null, parked_reason = null, swept = 0, retry_at = null, retries = 0,
        woken_at = null, quiet_until = case when last_seq > %(upto)s then quiet_until end
    -- the messages may have gone to another conversation, when two contacts turned out to be one person
    where id = %(id)s and handled_seq = %(since)s and last_seq >= %(upto)s
    returning status, last_seq, quiet_until is not null as waits
""")
async def advance(conn: Conn, id: UUID, *, since: int, upto: int) -> Advanced | None:
    """The fence: move the cursor if nobody else has; None: somebody else was first."""


@query("""
    update conversation set greeted_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and greeted_at is null
    returning id
""")
async def greet(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> UUID | None:
    """The first words are about to be said; None when they were said before."""


@query("select last_seq - %(seq)s from conversation where id = %(id)s")
async def count_after(conn: Conn, id: UUID, *, seq: int) -> int:
    """How many messages have come since."""


@query("""
    select id, tenant_id, last_seq, retries from conversation where id = %(id)s and handled_seq < last_seq for update
""")
async def hold(conn: Conn, id: UUID) -> Unhandled | None:
    """A conversation with something unhandled; no message arrives in it until the transaction ends."""


@query("""
    update conversation set parked_at = %(now)s, parked_reason = %(reason)s, retry_at = null, woken_at = null
    where id = %(id)s
""")
async def park(conn: Conn, id: UUID, *, reason: str, now: datetime) -> None:
    """Give up until an operator or the next message comes."""


@query("""
    update conversation
    set retry_at = %(retry_at)s, retries = retries + 1, parked_reason = %(reason)s, woken_at = null
    where id = %(id)s
""")
async def postpone(conn: Conn, id: UUID, *, retry_at: datetime, reason: str) -> None:
    """Try again later."""


@query("""
    with due as (
        select id from conversation
        where quiet_until <= %(now)s and woken_at is null order by quiet_until limit %(limit)s
        for update skip locked
    )
    update conversation c set woken_at = %(now)s, quiet_until = null from due where c.id = due.id
    returning c.id
""")
async def gone_quiet(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations in which nobody has written for a while, and that no job is thinking about; each is found once."""


@query("update conversation set woken_at = null where id = %(id)s")
async def wait_on(conn: Conn, id: UUID) -> None:
    """Another fragment came before the job for the earlier ones began: the tick is to come again."""


@query("""
    with due as (
        select id from conversation where retry_at <= %(now)s order by retry_at limit %(limit)s
        for update skip locked
    )
    update conversation c set retry_at = null from due where c.id = due.id
    returning c.id
""")
async def due_again(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations whose wait is over; each is found once."""


@query("""
    select c.id
    from (select id, last_message_at from conversation
          where handled_seq < last_seq and last_message_at < %(before)s
            and parked_at is null and retry_at is null
          order by last_message_at limit %(limit)s) c
    where not exists (select from procrastinate_jobs j
                      where j.status in ('todo', 'doing') and j.task_name = 'inbox.handle'
                        and j.args ->> 'conversation_id' = c.id::text)
""")
async def forgotten(conn: Conn, *, before: datetime, limit: int) -> list[UUID]:
    """Conversations with unhandled messages that no live job is for."""


@query("""
    with forgotten as (
        -- never waits for a lock: arrival takes these rows in another order, and who is written to is not forgotten
        select id from conversation where id = any(%(ids)s) for update skip locked
    )
    update conversation c set swept = c.swept + 1 from forgotten where c.id = forgotten.id
    returning c.id, c.tenant_id, c.last_seq, c.swept as count
""")
async def count_sweep(conn: Conn, *, ids: list[UUID]) -> list[Swept]:
    """Remember that they had to be woken."""


@query("""
    with parked as (
        select id from conversation
        where tenant_id = %(tenant_id)s and parked_at is not null and (%(id)s::uuid is null or id = %(id)s)
        order by parked_at limit %(limit)s
        for update
    )
    update conversation c set parked_at = null, parked_reason = null, swept = 0, retries = 0
    from parked where c.id = parked.id
    returning c.id
""")
async def unpark(conn: Conn, *, id: UUID | None, tenant_id: UUID, limit: int) -> list[UUID]:
    """An operator wants another try for one parked conversation, or (None) for the oldest ones."""


@query("""
    with affordable as (
        select c.id from credit_account a
        cross join lateral (
            select id from conversation c
            where c.tenant_id = a.tenant_id and c.parked_at is not null and c.parked_reason = %(reason)s
              and coalesce(c.window_until > %(now)s, c.last_message_at > %(since)s)
            order by c.parked_at limit least(a.balance, %(limit)s) for update skip locked) c
        where a.balance > 0
        limit %(limit)s
    )
    update conversation c set parked_at = null, parked_reason = null, swept = 0, retries = 0
    from affordable where c.id = affordable.id
    returning c.id
""")
async def affordable(conn: Conn, *, reason: str, since: datetime, now: datetime, limit: int) -> list[UUID]:
    """Conversations that wait for credits and can be paid for now; none whose person may no longer be answered."""
