"""What Postgres knows about outbound messages and the attempts to send them."""

from datetime import datetime
from uuid import UUID

from concierge.outbox.model import Kind, Outcome, Payload, Posted
from concierge.postgres.query import Conn, query


@query("""
    with posted as (
        insert into outbound_message (tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                      payload, due_at, send_at, expires_at, fallback_of, about, correlation_id,
                                      created_at, moved_at, status, reason)
        select %(tenant_id)s, %(channel_account_id)s, %(conversation_id)s, %(identity_id)s, %(kind)s, %(key)s,
               %(payload)s, coalesce(%(send_at)s::timestamptz, %(now)s), %(send_at)s, %(expires_at)s,
               %(fallback_of)s, %(about)s, %(correlation_id)s, %(now)s, %(now)s,
               case when unwanted then 'blocked' when %(send_at)s > %(now)s then 'scheduled' else 'queued' end,
               case when unwanted then 'suppressed' end
        from (select not %(despite_suppression)s
                     and coalesce(suppression_of(%(identity_id)s) = 'all', false) as unwanted) consent
        on conflict (tenant_id, dedupe_key) do nothing
        returning id, status, conversation_id
    ), woken as (
        -- outbox.model.Deliver; here, because it saves a round trip for every answer
        select procrastinate_defer_jobs_v1(array[
                   row('outbox', 'outbox.deliver', %(priority)s, null, null,
                       jsonb_build_object('conversation_id', conversation_id), null)::procrastinate_job_to_defer_v1])
        from posted where status = 'queued' and %(wakes)s
    )
    select id, status from posted left join woken on true
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
    send_at: datetime | None,
    expires_at: datetime | None,
    fallback_of: UUID | None,
    about: UUID | None,
    despite_suppression: bool,
    correlation_id: str | None,
    wakes: bool,
    priority: int,
    now: datetime,
) -> Posted | None:
    """Queue, schedule or (where the person wants to hear nothing) block it; None when its key was used before.

    Where it is queued and `wakes`, the job that delivers it is queued as well.
    """


@query("""
    select exists (select from outbound_message where conversation_id = %(conversation_id)s and status = 'queued')
""")
async def goes_on(conn: Conn, conversation_id: UUID) -> bool:
    """Whether anything stands in the line: nearly always it was one message, and this is less to ask than its head.

    Only after the outcome of the one before is committed: who posted meanwhile may have found the line held.
    """


@query("select channel from channel_account where id = %(id)s and tenant_id = %(tenant_id)s")
async def channel_of(conn: Conn, id: UUID, *, tenant_id: UUID) -> str:
    """What an account speaks."""


@query("""
    with message as (
        select o.id from outbound_message o join delivery_attempt d on d.outbound_message_id = o.id
        where d.id = %(attempt_id)s
        for update of o
    ), attempt as (
        -- however late the answer is: what the provider said beats what we had given up on
        update delivery_attempt d
        set finished_at = %(now)s, outcome = 'accepted', error = null, response = %(response)s
        from message where d.id = %(attempt_id)s and (d.outcome is null or d.outcome = 'unknown')
        returning d.outbound_message_id, d.started_at
    )
    update outbound_message o
    -- A receipt may have come before the provider's answer did: never step back from it. What is asked is the row that
    -- is updated: where this had to wait for it, any other look would be at how it was before that receipt
    set (status, reason) = (
            select case when already then o.status else 'sent' end, case when already then o.reason end
            from (select o.status not in ('queued', 'sending', 'unknown', 'failed')
                         or (o.status = 'failed' and coalesce(o.receipt_at >= attempt.started_at, false)) as already
            ) x),
        provider_message_id = coalesce(o.provider_message_id, %(provider_message_id)s),
        wake_at = null, moved_at = %(now)s
    from attempt where o.id = attempt.outbound_message_id
""")
async def record_accepted(
    conn: Conn, *, attempt_id: UUID, provider_message_id: str | None, response: str | None, now: datetime
) -> None:
    """The provider took it."""


@query("""
    with message as (
        select o.id from outbound_message o join delivery_attempt d on d.outbound_message_id = o.id
        where d.id = %(attempt_id)s
        for update of o
    ), attempt as (
        update delivery_attempt d
        set finished_at = %(now)s, outcome = %(outcome)s, error_code = %(error_code)s, error = %(error)s,
            response = %(response)s
        from message where d.id = %(attempt_id)s and (d.outcome is null or d.outcome = 'unknown')
        returning d.outbound_message_id
    )
    update outbound_message o
    -- the provider's own words stay with the attempt and go with its bodies; the reason holds no address
    set status = %(status)s, reason = %(reason)s, tries = o.tries - %(forgiven)s,
        due_at = coalesce(%(retry_at)s, o.due_at), wake_at = %(retry_at)s, moved_at = %(now)s
    from attempt
    where o.id = attempt.outbound_message_id
      and (o.status = 'sending' or (o.status = 'unknown' and o.escalated_at is null))
    returning o.tenant_id
""")
async def record_setback(
    conn: Conn,
    *,
    attempt_id: UUID,
    outcome: Outcome,
    status: str,
    reason: str,
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
        select id, wake_at from outbound_message
        where status = 'queued' and wake_at <= %(now)s
        order by wake_at limit %(limit)s
        for update skip locked
    ), woken as (
        update outbound_message o
        -- a stopped account is looked at again in a minute; otherwise the job is the wake-up now
        set wake_at = case when a.status = 'active' then null else %(now)s + interval '1 minute' end
        from due, channel_account a
        where o.id = due.id and a.id = o.channel_account_id
        returning o.conversation_id, a.status, due.wake_at as since
    )
    -- who has waited longest comes first: that is the order of the places of those that are paced
    select conversation_id from woken where status = 'active' group by conversation_id order by min(since)
""")
async def wake_due(conn: Conn, *, now: datetime, limit: int) -> list[UUID]:
    """Conversations with a message whose wait is over; each message is found once."""


@query("""
    select distinct o.conversation_id
    from (select q.conversation_id from outbound_message q
          join channel_account a on a.id = q.channel_account_id and a.status = 'active'
          where q.status = 'queued' and q.wake_at is null and q.due_at < %(before)s
          order by q.due_at limit %(limit)s) o
    where not exists (select from procrastinate_jobs j
                      where j.status in ('todo', 'doing') and j.task_name = 'outbox.deliver'
                        and j.args ->> 'conversation_id' = o.conversation_id::text)
""")
async def forgotten(conn: Conn, *, before: datetime, limit: int) -> list[UUID]:
    """Conversations with something due that no live job is for."""


@query("""
    update conversation set window_until = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and window_until > %(now)s
""")
async def close_window(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """The provider says that it is over."""


@query("""
    update outbound_message
    set withdrawn_at = %(now)s, moved_at = %(now)s, wake_at = null, place_at = null,
        -- what is on its way cannot be called back; it is not tried again, whatever becomes of it
        status = case when status in ('sending', 'unknown') then status else 'cancelled' end,
        reason = case when status in ('sending', 'unknown') then reason else %(reason)s end
    where about = %(about)s and tenant_id = %(tenant_id)s and withdrawn_at is null
      and status in ('queued', 'held', 'blocked', 'sending', 'unknown', 'failed')
    returning conversation_id
""")
async def withdraw(conn: Conn, *, about: UUID, tenant_id: UUID, reason: str, now: datetime) -> list[UUID]:
    """Nothing said about it before is to be sent any more. The conversations whose line may have moved on."""
