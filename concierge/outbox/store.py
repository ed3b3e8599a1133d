"""What Postgres knows about outbound messages and the attempts to send them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from concierge.outbox.model import Claimed, Kind, Outcome, Payload, Silent
from concierge.postgres.query import Conn, query


@query("""
    insert into outbound_message (tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                  payload, due_at, correlation_id, created_at, moved_at)
    values (%(tenant_id)s, %(channel_account_id)s, %(conversation_id)s, %(identity_id)s, %(kind)s, %(key)s,
            %(payload)s, %(now)s, %(correlation_id)s, %(now)s, %(now)s)
    on conflict (tenant_id, dedupe_key) do nothing
    returning id
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    conversation_id: UUID,
    identity_id: UUID,
    kind: Kind,
    key: str,
    payload: Payload,
    correlation_id: str | None,
    now: datetime,
) -> UUID | None:
    """Queue a message; None when its key was used before."""


@query("""
    with head as (
        -- one in flight per conversation: what is being sent holds the line, so does what waits for a retry
        select id from outbound_message
        where conversation_id = %(conversation_id)s and status in ('queued', 'sending')
        order by position limit 1
    ), claimed as (
        update outbound_message o
        set status = 'sending', tries = o.tries + 1, wake_at = null, reason = null, moved_at = %(now)s
        from head, channel_account a
        where o.id = head.id and o.status = 'queued' and o.due_at <= %(now)s
          and a.id = o.channel_account_id and a.status = 'active'
        returning o.*
    ), attempt as (
        insert into delivery_attempt (outbound_message_id, n, started_at)
        select c.id, 1 + (select count(*) from delivery_attempt d where d.outbound_message_id = c.id), %(now)s
        from claimed c
        returning id
    )
    select c.id, attempt.id as attempt_id, c.tries, c.tenant_id, c.channel_account_id, c.kind, c.payload,
           i.kind as address_kind, i.value as address_value, p.name as contact_name, c.created_at, c.correlation_id
    from claimed c
    cross join attempt
    join contact_identity i on i.id = c.identity_id
    join contact p on p.id = i.contact_id
""")
async def claim_next(conn: Conn, *, conversation_id: UUID, now: datetime) -> Claimed | None:
    """Take the head of the conversation's line; None when it is empty, not due, in flight, or the account stopped.

    Two workers may see the same head; the second waits for the row and then finds it is no longer queued.
    """


@query("""
    with attempt as (
        update delivery_attempt
        set finished_at = %(now)s, outcome = 'accepted', response = %(response)s
        where id = %(attempt_id)s and outcome is null
        returning outbound_message_id
    )
    update outbound_message o
    -- a receipt may have come before the provider's answer did: never step back from it
    set status = case when o.status in ('sending', 'unknown') then 'sent' else o.status end,
        provider_message_id = coalesce(o.provider_message_id, %(provider_message_id)s), moved_at = %(now)s
    from attempt where o.id = attempt.outbound_message_id
""")
async def record_accepted(
    conn: Conn, *, attempt_id: UUID, provider_message_id: str | None, response: str | None, now: datetime
) -> None:
    """The provider took it."""


@query("""
    with attempt as (
        update delivery_attempt
        set finished_at = %(now)s, outcome = %(outcome)s, error_code = %(error_code)s, error = %(error)s,
            response = %(response)s
        where id = %(attempt_id)s and outcome is null
        returning outbound_message_id
    )
    update outbound_message o
    set status = %(status)s, reason = %(error)s, tries = o.tries - %(forgiven)s,
        due_at = coalesce(%(retry_at)s, o.due_at), wake_at = %(retry_at)s, moved_at = %(now)s
    from attempt where o.id = attempt.outbound_message_id and o.status = 'sending'
    returning o.tenant_id
""")
async def record_setback(
    conn: Conn,
    *,
    attempt_id: UUID,
    outcome: Outcome,
    status: str,
    error_code: str | None,
    error: str,
    response: str | None,
    retry_at: datetime | None,
    forgiven: int,
    now: datetime,
) -> UUID | None:
    """The provider did not take it, or nobody knows. None when a receipt had settled it already."""


@query("""
    with due as (
        select id from outbound_message
        where status = 'queued' and wake_at <= %(now)s
        order by wake_at limit %(limit)s
        for update skip locked
    ), woken as (
        update outbound_message o
        -- a stopped account is looked at again in a minute; otherwise the job is the wake-up now
        set wake_at = case when a.status = 'active' then null else %(now)s + interval '1 minute' end
        from due, channel_account a
        where o.id = due.id and a.id = o.channel_account_id
        returning o.conversation_id, a.status
    )
    select distinct conversation_id from woken where status = 'active' order by conversation_id
""")
async def wake_due(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations with a message whose wait is over; each message is found once."""


@query("""
    select distinct o.conversation_id
    from (select conversation_id from outbound_message
          where status = 'queued' and wake_at is null and due_at < %(before)s
          order by due_at limit %(limit)s) o
    where not exists (select from procrastinate_jobs j
                      where j.status in ('todo', 'doing') and j.task_name = 'outbox.deliver'
                        and j.args ->> 'conversation_id' = o.conversation_id::text)
""")
async def forgotten(conn: Conn, *, before: datetime, limit: int) -> list[UUID]:
    """Conversations with something due that no live job is for."""


@query("""
    with lost as (
        update outbound_message set status = 'unknown', reason = 'the worker died while sending', moved_at = %(now)s
        where status = 'sending' and moved_at < %(before)s
        returning id
    )
    update delivery_attempt d set finished_at = %(now)s, outcome = 'unknown', error = 'the worker died while sending'
    from lost where d.outbound_message_id = lost.id and d.outcome is null
""")
async def give_up_on_lost(conn: Conn, *, before: datetime, now: datetime) -> None:
    """An attempt without outcome after its lease is unknown: it may have reached the provider."""


@query("""
    select o.id, o.tenant_id, o.kind, a.transport, o.reason,
           -- the latest one, because `exists` would be planned as a scan of the account's messages
           coalesce((select max(other.receipt_at) from outbound_message other
                     where other.channel_account_id = o.channel_account_id) > o.moved_at, false) as others_heard
    from outbound_message o
    join channel_account a on a.id = o.channel_account_id
    where o.status = 'unknown' and o.escalated_at is null and o.moved_at < %(before)s
    order by o.moved_at limit %(limit)s
    for update of o skip locked
""")
async def silent(conn: Conn, *, before: datetime, limit: int) -> list[Silent]:
    """Unknown outcomes that no receipt has settled in time."""


@query("""
    update outbound_message
    set status = 'queued', reason = 'no receipt came, while others did', due_at = %(now)s, wake_at = %(now)s,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'unknown'
""")
async def requeue_silent(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """The provider reports on other messages and not on this one: it was not accepted."""


@query("""
    update outbound_message set escalated_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'unknown'
""")
async def escalate(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """From here on an operator decides."""


@query("""
    update outbound_message o
    set status = case
            when o.status in ('sending', 'unknown') or (o.status = 'queued' and %(status)s <> 'failed') then %(status)s
            when array_position(array['sent', 'failed', 'delivered', 'read'], %(status)s)
               > array_position(array['sent', 'failed', 'delivered', 'read'], o.status) then %(status)s
            else o.status end,
        reason = case when %(status)s = 'failed' and o.status in ('sending', 'unknown', 'sent') then %(error)s
                      else o.reason end,
        provider_message_id = coalesce(o.provider_message_id, %(provider_message_id)s),
        -- the earliest that was said, whatever the order in which it is said
        played_at = least(o.played_at, (%(facts)s::jsonb ->> 'played')::timestamptz),
        deleted_at = least(o.deleted_at, (%(facts)s::jsonb ->> 'deleted')::timestamptz),
        warned_at = least(o.warned_at, (%(facts)s::jsonb ->> 'warning')::timestamptz),
        pricing = coalesce(o.pricing, %(facts)s::jsonb ->> 'pricing'),
        receipt_at = greatest(o.receipt_at, %(now)s), moved_at = %(now)s
    where o.channel_account_id = %(channel_account_id)s
      and (o.id = %(outbound_id)s or o.provider_message_id = %(provider_message_id)s)
      and o.status in ('queued', 'sending', 'unknown', 'failed', 'sent', 'delivered', 'read')
    returning case when o.status = 'failed' then o.id end
""")
async def apply_receipt(
    conn: Conn,
    *,
    channel_account_id: UUID,
    outbound_id: UUID | None,
    provider_message_id: str | None,
    status: str,
    facts: dict[str, Any],
    error: str | None,
    now: datetime,
) -> UUID | None:
    """What the provider says became of a message, and beside that (`facts`). Its id if it has failed.

    Only ever up the ladder sent, failed, delivered, read: evidence of delivery outweighs a failure, in whatever order
    they come. A planned second try is off once the provider shows that it has the message.
    """


@query("""
    update outbound_message
    set status = 'queued', tries = 0, reason = 'retried by an operator', due_at = %(now)s, wake_at = %(now)s,
        escalated_at = null, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
      and (status = 'failed' or (status = 'unknown' and escalated_at is not null)) and redacted_at is null
    returning conversation_id
""")
async def requeue_failed(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> UUID | None:
    """A failed message, or one nobody knows the fate of, gets its attempts again; None when there is no such one."""
