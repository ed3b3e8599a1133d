"""What Postgres knows about channel accounts, as the API shows them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from concierge.accounts.model import Account, Channel
from concierge.postgres.query import Conn, query


@query("""
    insert into channel_account (tenant_id, channel, external_id, name, transport, signature, settings, credentials,
                                 created_at, moved_at)
    values (%(tenant_id)s, %(channel)s, %(external_id)s, %(name)s, %(transport)s, %(signature)s, %(settings)s,
            %(credentials)s, %(now)s, %(now)s)
    on conflict (channel, external_id) do nothing
    returning id
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel: Channel,
    external_id: str,
    name: str | None,
    transport: str,
    signature: str,
    settings: dict[str, Any],
    credentials: bytes | None,
    now: datetime,
) -> UUID | None:
    """A new account; None where somebody has this address already."""


@query("""
    select id, channel, external_id, name, transport, status, reason, signature,
           jsonb_strip_nulls(jsonb_build_object(
               'business_account_id', settings -> 'business_account_id', 'from_name', settings -> 'from_name',
               'region', settings -> 'region', 'configuration_set', settings -> 'configuration_set',
               'relay', settings -> 'relay', 'human_agent', settings -> 'human_agent', 'origins', settings -> 'origins',
               'rate', settings -> 'rate', 'burst', settings -> 'burst', 'fallback', settings -> 'fallback',
               'external_number', settings -> 'external_number')) as settings,
           credentials is not null as has_credentials, resume_at, created_at, moved_at
    from channel_account
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s) and status <> 'removed'
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Account]:
    """A page of the accounts there are."""


@query("""
    select id, channel, external_id, name, transport, status, reason, signature,
           jsonb_strip_nulls(jsonb_build_object(
               'business_account_id', settings -> 'business_account_id', 'from_name', settings -> 'from_name',
               'region', settings -> 'region', 'configuration_set', settings -> 'configuration_set',
               'relay', settings -> 'relay', 'human_agent', settings -> 'human_agent', 'origins', settings -> 'origins',
               'rate', settings -> 'rate', 'burst', settings -> 'burst', 'fallback', settings -> 'fallback',
               'external_number', settings -> 'external_number')) as settings,
           credentials is not null as has_credentials, resume_at, created_at, moved_at
    from channel_account where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Account | None:
    """One of them, a removed one too."""


@query("""
    select credentials from channel_account where id = %(id)s and tenant_id = %(tenant_id)s for update
""")
async def hold_credentials(conn: Conn, id: UUID, *, tenant_id: UUID) -> bytes | None:
    """What it proves itself with, encrypted; nobody else changes it until the transaction ends."""


@query("""
    select id from channel_account
    where tenant_id = %(tenant_id)s and (external_id = %(name)s or id::text = %(name)s) and status <> 'removed'
    order by created_at, id limit 1
""")
async def named(conn: Conn, *, tenant_id: UUID, name: str) -> UUID | None:
    """The account with this id, ours or the vendor's."""


@query("""
    update channel_account
    set name = %(name)s,
        -- what this API does not show (where a vendor is) stays as it is
        settings = case when %(settings)s::jsonb is null then settings else
                   (settings - array['business_account_id', 'from_name', 'region', 'configuration_set', 'relay',
                                     'human_agent', 'origins', 'rate', 'burst', 'fallback', 'external_number'])
                   || %(settings)s::jsonb end,
        credentials = coalesce(%(credentials)s::bytea, credentials),
        -- new credentials are the repair that a stopped account waits for
        status = case when %(credentials)s::bytea is not null and status = 'reauth_required' then 'active'
                      else status end,
        reason = case when %(credentials)s::bytea is not null and status = 'reauth_required' then null
                      else reason end,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status <> 'removed'
""")
async def change(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    name: str | None,
    settings: dict[str, Any] | None,
    credentials: bytes | None,
    now: datetime,
) -> None:
    """Its name, settings and credentials."""


@query("""
    update channel_account
    set status = 'removed', reason = 'removed by ' || %(by)s, credentials = null, resume_at = null, moved_at = %(now)s,
        external_id = external_id || ' (removed ' || id || ')'
    where id = %(id)s and tenant_id = %(tenant_id)s and status <> 'removed'
    returning id
""")
async def remove(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """It takes and sends nothing more, and its address is free; what was said stays."""


@query("""
    update outbound_message set status = 'cancelled', reason = 'its channel account was removed', moved_at = %(now)s
    where channel_account_id = %(id)s and tenant_id = %(tenant_id)s
      and status in ('scheduled', 'queued', 'held', 'blocked')
""")
async def cancel_messages(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """What it was to say is not said any more."""
