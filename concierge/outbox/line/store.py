"""What Postgres knows about the head of a line."""

from datetime import datetime
from uuid import UUID

from concierge.channels.model import Template
from concierge.outbox.line.model import Elsewhere, Head, Taken
from concierge.postgres.query import Conn, query


@query("""
    with head as (
        -- one in flight per conversation: what is being sent holds the line, so does what waits for a retry
        select id from outbound_message
        where conversation_id = %(conversation_id)s and status in ('queued', 'sending')
        order by position limit 1
    )
    select o.id, o.tenant_id, o.conversation_id, o.identity_id, o.channel_account_id, o.kind, o.payload, o.version,
           o.extra, o.expires_at, o.fallback_of, o.about, o.withdrawn_at is not null as withdrawn, o.created_at,
           o.correlation_id,
           i.contact_id, i.kind as address_kind, i.value as address_value,
           p.name as contact_name, t.name as tenant_name,
           coalesce(p.language, t.language) as language, t.language as tenant_language,
           coalesce(p.zone, t.zone) as zone,
           case when p.quiet_from is null then t.quiet_from else p.quiet_from end as quiet_from,
           case when p.quiet_from is null then t.quiet_until else p.quiet_until end as quiet_until,
           t.send_gap_seconds as gap, service_window(a.channel) is not null as windowed, c.window_until,
           c.status = 'human' as human,
           suppression_of(i.id) as suppressed,
           case when a.channel = 'email' then (
               select m.thread from inbound_message m
               where m.channel_account_id = o.channel_account_id and m.provider_message_id = o.payload ->> 'quotes')
           end as thread,
           a.channel, a.external_id, a.transport, a.signature, a.settings, a.credentials
    from head
    join outbound_message o on o.id = head.id
    join conversation c on c.id = o.conversation_id
    join channel_account a on a.id = o.channel_account_id
    join tenant t on t.id = o.tenant_id
    join contact_identity i on i.id = o.identity_id
    join contact p on p.id = i.contact_id
    where o.status = 'queued' and o.due_at <= %(now)s and a.status = 'active'
""")
async def head(conn: Conn, *, conversation_id: UUID, now: datetime) -> Head | None:
    """The head of the conversation's line; None when it is empty, not due, in flight, or the account stopped."""


@query("""
    with head as (
        select id, status, version, due_at, place_at from outbound_message
        where conversation_id = %(conversation_id)s and status in ('queued', 'sending')
        order by position limit 1 for update
    ), ready as (
        select h.id, take_turn(%(tenant_id)s, %(keys)s::text[], %(gaps)s::float[], %(bursts)s::int[],
                               %(lined)s::bool[], h.place_at, %(now)s::timestamptz) as until
        from head h
        -- as it is now that it is locked: another worker may have given it a place meanwhile
        where h.id = %(id)s and h.version = %(version)s and h.status = 'queued' and h.due_at <= %(now)s
          and exists (select from channel_account a where a.id = %(channel_account_id)s and a.status = 'active')
    ), paced as (
        update outbound_message o
        set due_at = r.until, wake_at = r.until, place_at = r.until, reason = 'paced'
        from ready r where o.id = r.id and r.until is not null
    ), claimed as (
        update outbound_message o
        set status = 'sending', tries = o.tries + 1, wake_at = null, place_at = null, reason = null,
            extra = coalesce(o.extra, %(extra)s), moved_at = %(now)s
        from ready r where o.id = r.id and r.until is null
        returning o.id, o.tries
    ), attempt as (
        insert into delivery_attempt (outbound_message_id, n, started_at)
        select c.id, 1 + (select count(*) from delivery_attempt d where d.outbound_message_id = c.id), %(now)s
        from claimed c
        returning id, n
    )
    select attempt.id as attempt_id, coalesce(attempt.n, 0) as n, coalesce(c.tries, 0) as tries, r.until
    from ready r left join claimed c on true left join attempt on true
""")
async def take(
    conn: Conn,
    *,
    id: UUID,
    version: int,
    tenant_id: UUID,
    conversation_id: UUID,
    channel_account_id: UUID,
    extra: Template | None,
    keys: list[str],
    gaps: list[float],
    bursts: list[int],
    lined: list[bool],
    now: datetime,
) -> Taken | None:
    """Take the head, if its limits allow it (sql/functions/take_turn.sql); else it waits for its place.

    Two workers may have seen the same head; the second waits for the row and then finds it is no longer queued: None.
    """


@query("""
    update outbound_message
    set status = %(status)s, reason = %(reason)s, wake_at = %(wake_at)s, place_at = null, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'queued' and version = %(version)s
    returning id
""")
async def set_aside(
    conn: Conn,
    id: UUID,
    *,
    version: int,
    tenant_id: UUID,
    status: str,
    reason: str,
    wake_at: datetime | None,
    now: datetime,
) -> UUID | None:
    """It leaves the line unsent; None when somebody else was first."""


@query("""
    with place as (
        select a.tenant_id, a.id as account_id, a.channel, i.contact_id, i.id as identity_id
        from channel_account a
        join contact_identity i on i.tenant_id = a.tenant_id and i.channel = a.channel
        where a.id = %(account_id)s and a.tenant_id = %(tenant_id)s and a.status = 'active'
          and i.contact_id = %(contact_id)s
        order by i.created_at, i.id limit 1
    ), conversation as (
        insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
        select tenant_id, account_id, contact_id, identity_id, %(now)s, %(now)s from place
        on conflict (channel_account_id, contact_id) where status <> 'closed'
        do update set last_message_at = conversation.last_message_at
        returning id
    )
    select c.id as conversation_id, p.identity_id, p.account_id as channel_account_id, p.channel
    from conversation c cross join place p
""")
async def elsewhere(
    conn: Conn, *, account_id: UUID, tenant_id: UUID, contact_id: UUID, now: datetime
) -> Elsewhere | None:
    """The person's conversation on another account, opened if need be; None when they cannot be reached there."""


@query("""
    with due as (
        select id from outbound_message
        where status = 'held' and wake_at <= %(now)s
        order by wake_at limit %(limit)s
        for update skip locked
    ), released as (
        update outbound_message o
        set status = 'queued', reason = 'quiet hours are over', due_at = %(now)s, wake_at = null, moved_at = %(now)s
        from due where o.id = due.id
        returning o.conversation_id, o.position
    )
    select conversation_id from released group by conversation_id order by min(position)
""")
async def release_held(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations with a message whose quiet hours are over."""


@query("""
    with ready as (
        select o.id, o.conversation_id from outbound_message o
        where o.status = 'blocked' and o.reason = 'template_required'
          -- one that was there before did not fit
          and exists (select from message_template m
                      where m.channel_account_id = o.channel_account_id and m.kind = o.kind
                        and m.status = 'approved' and m.moved_at > o.moved_at)
        limit %(limit)s
        for update skip locked
    ), released as (
        update outbound_message o
        set status = 'queued', reason = 'there is a template now', due_at = %(now)s, wake_at = null, moved_at = %(now)s
        from ready where o.id = ready.id
    )
    select distinct conversation_id from ready order by conversation_id
""")
async def release_templated(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations with a message that was blocked for want of a template that may be there now."""


@query("""
    update outbound_message
    set status = 'queued', reason = 'the person wrote again', due_at = %(now)s, wake_at = null, moved_at = %(now)s
    where conversation_id = %(conversation_id)s and tenant_id = %(tenant_id)s
      and status = 'blocked' and reason = 'template_required'
    returning id
""")
async def release_windowed(conn: Conn, *, conversation_id: UUID, tenant_id: UUID, now: datetime) -> list[UUID]:
    """What could not be said without a template can be said as it is."""


@query("""
    with due as (
        select id from outbound_message
        where status = 'scheduled' and send_at <= %(now)s
        order by send_at limit %(limit)s
        for update skip locked
    ), released as (
        update outbound_message o set status = 'queued', due_at = %(now)s, moved_at = %(now)s
        from due where o.id = due.id
        returning o.conversation_id, o.send_at, o.position
    )
    select conversation_id from released group by conversation_id order by min(send_at), min(position)
""")
async def release_scheduled(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations with a message whose time has come."""


@query("""
    with late as (
        select id from outbound_message
        where status in ('queued', 'held') and expires_at <= %(now)s
        order by expires_at limit %(limit)s
        for update skip locked
    ), expired as (
        update outbound_message o
        set status = 'expired', reason = 'it could not be sent in time', wake_at = null, moved_at = %(now)s
        from late where o.id = late.id
        returning o.conversation_id
    )
    select distinct conversation_id from expired order by conversation_id
""")
async def expire_late(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations in which a message was too late; others may have waited behind it."""


@query("""
    update outbound_message set wake_at = %(now)s
    where channel_account_id = %(account_id)s and tenant_id = %(tenant_id)s and status = 'queued' and wake_at is null
""")
async def wake_account(conn: Conn, *, account_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """What waited for a stopped account goes out; the next tick queues it in its order."""


@query("delete from rate_bucket where line < %(before)s and tat < %(before)s")
async def forget_buckets(conn: Conn, *, before: datetime) -> None:
    """A bucket that is full is the same as none."""
