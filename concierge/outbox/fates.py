"""What Postgres learns about a message later than from the provider's answer: receipts, lost attempts, silence."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from concierge.outbox.model import Kind
from concierge.postgres.query import Conn, query


class Silent(Struct, frozen=True):
    """An unknown outcome whose grace is over."""

    id: UUID
    tenant_id: UUID
    kind: Kind
    transport: str
    unknowns: int  # attempts of this message that nobody knows the outcome of
    others_heard: bool  # the account got receipts for other messages meanwhile
    reason: str | None


class Moved(Struct, frozen=True):
    """A message that a receipt was about."""

    id: UUID
    conversation_id: UUID
    identity_id: UUID
    was: str
    status: str


@query("""
    with old as (
        select id from outbound_message where status = 'sending' and moved_at < %(before)s
        order by moved_at limit %(limit)s
        for update skip locked
    ), lost as (
        update outbound_message o
        set status = 'unknown', reason = 'the worker died while sending', moved_at = %(now)s
        from old where o.id = old.id
        returning o.id, o.conversation_id
    ), attempt as (
        update delivery_attempt d
        set finished_at = %(now)s, outcome = 'unknown', error = 'the worker died while sending'
        from lost where d.outbound_message_id = lost.id and d.outcome is null
    )
    select distinct conversation_id from lost order by conversation_id
""")
async def give_up_on_lost(conn: Conn, *, before: datetime, now: datetime, limit: int) -> list[UUID]:
    """An attempt without outcome after its lease is unknown: it may have reached the provider.

    The conversations whose line it held up: nobody else will go on with what stands behind it.
    """


@query("""
    select o.id, o.tenant_id, o.kind, a.transport, o.reason,
           (select count(*) from delivery_attempt d
            where d.outbound_message_id = o.id and d.outcome = 'unknown') as unknowns,
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
    select known_receipts(%(accounts)s::uuid[], %(outbound_ids)s::uuid[], %(provider_ids)s::text[],
                          %(statuses)s::text[], %(facts)s::jsonb[])
""")
async def known(
    conn: Conn,
    *,
    accounts: list[UUID],
    outbound_ids: list[UUID | None],
    provider_ids: list[str | None],
    statuses: list[str],
    facts: list[Jsonb],
) -> list[int]:
    """Which of these receipts (from 1) tell nothing new, in one look; `apply_receipt` would find the same."""


@query("""
    with before as (
        select id, status from outbound_message o
        where channel_account_id = %(channel_account_id)s
          and (id = %(outbound_id)s or provider_message_id = %(provider_message_id)s)
          and status in ('queued', 'sending', 'unknown', 'failed', 'sent', 'delivered', 'read')
          -- that an earlier attempt came to nothing is no news of the latest one; that it arrived is
          and not (%(status)s = 'failed' and coalesce(
              %(attempt)s < (select max(d.n) from delivery_attempt d where d.outbound_message_id = o.id), false))
          and not (provider_message_id is not null
                   and is_known(status, pricing, receipt_at, %(status)s, %(facts)s::jsonb))
        for update
    )
    update outbound_message o
    set status = case
            when o.status in ('sending', 'unknown') or (o.status = 'queued' and %(status)s <> 'failed') then %(status)s
            when array_position(array['sent', 'failed', 'delivered', 'read'], %(status)s)
               > array_position(array['sent', 'failed', 'delivered', 'read'], o.status) then %(status)s
            else o.status end,
        reason = case when %(status)s = 'failed' and o.status in ('sending', 'unknown', 'sent') then %(reason)s
                      else o.reason end,
        provider_message_id = coalesce(o.provider_message_id, %(provider_message_id)s),
        -- the earliest that was said, whatever the order in which it is said
        played_at = least(o.played_at, (%(facts)s::jsonb ->> 'played')::timestamptz),
        deleted_at = least(o.deleted_at, (%(facts)s::jsonb ->> 'deleted')::timestamptz),
        warned_at = least(o.warned_at, (%(facts)s::jsonb ->> 'warning')::timestamptz),
        pricing = coalesce(o.pricing, %(facts)s::jsonb ->> 'pricing'),
        receipt_at = greatest(o.receipt_at, %(now)s), moved_at = %(now)s
    from before where o.id = before.id
    returning o.id, o.conversation_id, o.identity_id, before.status as was, o.status
""")
async def apply_receipt(
    conn: Conn,
    *,
    channel_account_id: UUID,
    outbound_id: UUID | None,
    provider_message_id: str | None,
    attempt: int | None,
    status: str,
    facts: dict[str, Any],
    reason: str | None,
    now: datetime,
) -> Moved | None:
    """What the provider says became of a message, and beside that (`facts`).

    None when it is none of ours, or nothing new.

    Only ever up the ladder sent, failed, delivered, read: evidence of delivery outweighs a failure, in whatever order
    they come. A planned second try is off once the provider shows that it has the message.
    """


@query("""
    update outbound_message o
    set status = %(status)s, receipt_at = greatest(o.receipt_at, %(now)s), moved_at = %(now)s
    from channel_account a
    join contact_identity i on i.tenant_id = a.tenant_id and i.channel = a.channel
    join conversation c on c.channel_account_id = a.id and c.contact_id = i.contact_id
    where a.id = %(channel_account_id)s and a.tenant_id = %(tenant_id)s and i.kind = any(%(kinds)s)
      and i.value = any(%(values)s)
      and o.conversation_id = c.id and o.created_at between %(at)s::timestamptz - interval '30 days' and %(at)s
      and (o.status = 'sent' or (o.status = 'delivered' and %(status)s = 'read'))
      and (select max(d.started_at) from delivery_attempt d where d.outbound_message_id = o.id) <= %(at)s
""")
async def apply_watermark(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    kinds: list[str],
    values: list[str],
    status: Literal["delivered", "read"],
    at: datetime,
    now: datetime,
) -> None:
    """Everything that was handed over for this person up to `at` has arrived, or was read."""


@query("""
    update outbound_message
    set status = 'queued', tries = 0, reason = 'retried by ' || %(by)s, due_at = %(now)s, wake_at = %(now)s,
        escalated_at = null, place_at = null, extra = null, moved_at = %(now)s,
        -- what speaks of something that begins is never said after it began, whoever asks
        expires_at = case when about is not null then expires_at end
    where id = %(id)s and tenant_id = %(tenant_id)s
      and (status in ('failed', 'blocked') or (status = 'unknown' and escalated_at is not null)) and redacted_at is null
      and withdrawn_at is null
    returning conversation_id
""")
async def requeue_failed(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """A failed or blocked message, or one nobody knows the fate of, gets its attempts again; None: no such one."""


@query("""
    update outbound_message set status = 'cancelled', reason = 'its follow-up began another round', moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
      and (status in ('failed', 'blocked') or (status = 'unknown' and escalated_at is not null))
""")
async def cancel_failed(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """Something newer will be said in its place."""
