"""What Postgres knows about contacts and their addresses, and how two of them become one."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Known(Struct, frozen=True):
    """An address and whose it is."""

    id: UUID
    contact_id: UUID


class Talk(Struct, frozen=True):
    """A conversation of one of two contacts."""

    id: UUID
    channel_account_id: UUID
    contact_id: UUID
    open: bool
    unhandled: int


@query("select pg_advisory_xact_lock(hashtext('identities'))")
async def exclude_arrival(conn: Conn) -> None:
    """Wait for the batches that are being kept, and let no other begin until this transaction ends."""


@query("""
    select i.id, i.contact_id
    from unnest(%(kinds)s::text[], %(values)s::text[]) as a (kind, value)
    cross join lateral (select id, contact_id from contact_identity i
                        where i.tenant_id = %(tenant_id)s and i.channel = %(channel)s
                          and i.kind = a.kind and i.value = a.value limit 1) i
    cross join lateral (select created_at from contact where id = i.contact_id limit 1) c
    order by c.created_at, i.contact_id
""")
async def find(conn: Conn, *, tenant_id: UUID, channel: str, kinds: list[str], values: list[str]) -> list[Known]:
    """The addresses that are known, those of the oldest contact first."""


@query("""
    insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
    values (%(tenant_id)s, %(contact_id)s, %(channel)s, %(kind)s, %(value)s, %(now)s)
    on conflict (tenant_id, channel, kind, value) do nothing
""")
async def add(
    conn: Conn, *, tenant_id: UUID, contact_id: UUID, channel: str, kind: str, value: str, now: datetime
) -> None:
    """Another address of a contact; nothing, if it is somebody's already."""


@query("""
    select id, channel_account_id, contact_id, status <> 'closed' as open, last_seq - handled_seq as unhandled
    from conversation
    where contact_id in (%(kept)s, %(gone)s) and tenant_id = %(tenant_id)s
    order by id
    -- not `for update`: that would stop whoever adds a row that refers to one of them
    for no key update
""")
async def lock_conversations(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> list[Talk]:
    """All conversations of both; no worker settles a turn of theirs until this transaction ends."""


@query("""
    update inbound_message m
    set conversation_id = x.id, seq = x.last_seq + m.seq - y.handled_seq
    from conversation x, conversation y
    where x.id = %(kept)s and y.id = %(gone)s and y.tenant_id = %(tenant_id)s
      and m.conversation_id = y.id and m.seq > y.handled_seq
""")
async def move_unhandled(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """What nobody has handled yet goes behind the last message of the other conversation, in its order."""


@query("""
    with other as (select status, identity_id, last_message_at, window_until, greeted_at from conversation
                   where id = %(gone)s)
    update conversation c
    set last_seq = c.last_seq + %(count)s,
        last_message_at = greatest(c.last_message_at, other.last_message_at),
        window_until = greatest(c.window_until, other.window_until),
        greeted_at = coalesce(c.greeted_at, other.greeted_at),
        -- who is answered: the address that wrote last
        identity_id = case when other.last_message_at >= c.last_message_at then other.identity_id
                           else c.identity_id end,
        -- where a human has taken over, a human keeps it
        status = (array['bot', 'handoff_requested', 'human'])[greatest(
            array_position(array['bot', 'handoff_requested', 'human'], c.status),
            array_position(array['bot', 'handoff_requested', 'human'], other.status))]
    from other
    where c.id = %(kept)s and c.tenant_id = %(tenant_id)s
    returning c.handled_seq = c.last_seq - %(count)s or c.parked_at is not null or c.retry_at is not null
""")
async def extend(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID, count: int) -> bool:
    """Count the messages that were moved; whether nobody would come for them."""


@query("""
    update conversation
    set status = 'closed', last_seq = handled_seq, parked_at = null, parked_reason = null, swept = 0,
        retry_at = null, retries = 0
    where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def close(conn: Conn, id: UUID, *, tenant_id: UUID) -> None:
    """It goes on in another one; a worker that still thinks about it finds its messages gone."""


@query("""
    update outbound_message set conversation_id = %(kept)s
    where conversation_id = %(gone)s and tenant_id = %(tenant_id)s
      and status in ('scheduled', 'queued', 'held', 'blocked')
""")
async def move_unsent(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """What is still to be said stands in one line."""


@query("""
    with bookings as (
        update booking set contact_id = %(kept)s where contact_id = %(gone)s and tenant_id = %(tenant_id)s
    )
    update task set contact_id = %(kept)s where contact_id = %(gone)s and tenant_id = %(tenant_id)s
""")
async def move_tasks(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """Follow-ups and bookings belong to the person."""


@query("""
    with dropped as (
        delete from summary where contact_id = %(gone)s and tenant_id = %(tenant_id)s and status = 'waiting'
        returning tenant_id, due_at, correlation_id, created_at, moved_at
    ), again as (
        insert into summary (tenant_id, contact_id, status, due_at, correlation_id, created_at, moved_at)
        select tenant_id, %(kept)s, 'waiting', due_at, correlation_id, created_at, moved_at from dropped
        on conflict (contact_id) where status = 'waiting' do nothing
    )
    -- one that is being written stays where it is: two of one contact may not run at once
    update summary set contact_id = %(kept)s
    where contact_id = %(gone)s and tenant_id = %(tenant_id)s and status not in ('waiting', 'running')
""")
async def move_summaries(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """What was summed up of one was said by both; what is still to be summed up is once."""


@query("""
    update task set conversation_id = %(kept)s
    where conversation_id = %(gone)s and contact_id = %(contact_id)s and tenant_id = %(tenant_id)s
""")
async def move_questions(conn: Conn, *, tenant_id: UUID, contact_id: UUID, kept: UUID, gone: UUID) -> None:
    """They go on where the person is answered; a question is asked there, and its reminder is sent there."""


@query("""
    with identities as (
        update contact_identity set contact_id = %(kept)s
        where contact_id = %(gone)s and tenant_id = %(tenant_id)s
    ), conversations as (
        update conversation set contact_id = %(kept)s where contact_id = %(gone)s and tenant_id = %(tenant_id)s
    ), told as (
        update webhook_event set contact_id = %(kept)s where contact_id = %(gone)s and tenant_id = %(tenant_id)s
    ), emptied as (
        update contact set merged_into = %(kept)s
        where (id = %(gone)s or merged_into = %(gone)s) and tenant_id = %(tenant_id)s
    )
    update contact k
    set name = coalesce(k.name, g.name), zone = coalesce(k.zone, g.zone), tone = coalesce(k.tone, g.tone),
        default_action = coalesce(k.default_action, g.default_action), language = coalesce(k.language, g.language),
        quiet_from = coalesce(k.quiet_from, g.quiet_from),
        quiet_until = case when k.quiet_from is null then g.quiet_until else k.quiet_until end
    from contact g
    where k.id = %(kept)s and g.id = %(gone)s and k.tenant_id = %(tenant_id)s and g.tenant_id = %(tenant_id)s
""")
async def move_contact(conn: Conn, *, tenant_id: UUID, kept: UUID, gone: UUID) -> None:
    """Addresses and conversations, and what the other had said about itself and this one had not."""


@query("""
    with redirected as (
        update conversation set identity_id = %(new_id)s
        where contact_id = %(contact_id)s and identity_id = %(old_id)s and tenant_id = %(tenant_id)s
          and status <> 'closed'
        returning id
    )
    update outbound_message o set identity_id = %(new_id)s
    from redirected r
    where o.conversation_id = r.id and o.identity_id = %(old_id)s and o.tenant_id = %(tenant_id)s
      and o.status in ('scheduled', 'queued', 'held', 'blocked')
""")
async def redirect(conn: Conn, *, tenant_id: UUID, contact_id: UUID, old_id: UUID, new_id: UUID) -> None:
    """What was to be said to the old address is said to the new one."""


@query("""
    insert into event (tenant_id, subject, subject_id, type, detail, at)
    values (%(tenant_id)s, %(subject)s, %(subject_id)s, %(subject)s || '.merged', 'into ' || %(into)s::text, %(now)s)
""")
async def record(conn: Conn, *, tenant_id: UUID, subject: str, subject_id: UUID, into: UUID, now: datetime) -> None:
    """A trace for operators."""
