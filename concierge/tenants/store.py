"""What Postgres knows about tenants, their keys and their accounts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query
from concierge.tenants.model import Tenant


class AccountRow(Struct, frozen=True):
    """A channel account as it is stored: credentials still encrypted."""

    id: UUID
    tenant_id: UUID
    channel: str
    external_id: str
    transport: str
    status: str
    signature: str
    settings: dict[str, Any]
    credentials: bytes | None


@query("""
    select id, name, zone, tone, default_action, unknown_senders from tenant order by created_at, id limit 1
""")
async def first_tenant(conn: Conn) -> Tenant | None:
    """The oldest tenant; the one that seeding looks after."""


@query("""
    insert into tenant (name, zone, unknown_senders) values (%(name)s, %(zone)s, %(unknown_senders)s)
    returning id
""")
async def add_tenant(conn: Conn, *, name: str, zone: str, unknown_senders: str) -> UUID:
    """A new business."""


@query("""
    update tenant set name = %(name)s, zone = %(zone)s, unknown_senders = %(unknown_senders)s where id = %(id)s
""")
async def change_tenant(conn: Conn, id: UUID, *, name: str, zone: str, unknown_senders: str) -> None:
    """What the environment says now."""


@query("""
    insert into api_key (tenant_id, name, hash, scopes) values (%(tenant_id)s, %(name)s, %(hash)s, %(scopes)s)
    on conflict (hash) do update set revoked_at = null, scopes = excluded.scopes
    where api_key.tenant_id = excluded.tenant_id and api_key.name = excluded.name
""")
async def add_key(conn: Conn, *, tenant_id: UUID, name: str, hash: bytes, scopes: list[str]) -> None:
    """Keep a key by its SHA-256; one of that name that was revoked is valid again."""


@query("""
    update api_key set revoked_at = now()
    where tenant_id = %(tenant_id)s and name = %(name)s and hash <> %(hash)s and revoked_at is null
""")
async def revoke_other_keys(conn: Conn, *, tenant_id: UUID, name: str, hash: bytes) -> None:
    """Of the live keys of that name, only this one stays."""


@query("""
    with account as (
        insert into channel_account (tenant_id, channel, external_id, transport, signature, settings, credentials)
        values (%(tenant_id)s, %(channel)s, %(external_id)s, %(transport)s, %(signature)s, %(settings)s,
                %(credentials)s)
        on conflict (channel, external_id) do update
            set transport = excluded.transport, signature = excluded.signature,
                -- what operators set is not the environment's
                settings = jsonb_strip_nulls(jsonb_build_object(
                    'rate', channel_account.settings -> 'rate', 'burst', channel_account.settings -> 'burst',
                    'fallback', channel_account.settings -> 'fallback')) || excluded.settings,
                credentials = excluded.credentials,
                -- new credentials are the repair that a stopped account waits for; a pause stays a pause
                status = case channel_account.status when 'reauth_required' then 'active'
                                                     else channel_account.status end,
                reason = case when channel_account.status <> 'reauth_required' then channel_account.reason end,
                moved_at = now()
        where channel_account.tenant_id = excluded.tenant_id
        returning id
    ), hired as (
        insert into agent (tenant_id, channel_account_id, name, skills)
        select %(tenant_id)s, id, %(agent)s, %(skills)s from account
        on conflict (channel_account_id) where live do nothing
    )
    select id from account
""")
async def keep_account(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel: str,
    external_id: str,
    transport: str,
    signature: str,
    settings: dict[str, Any],
    credentials: bytes,
    agent: str,
    skills: list[str],
) -> UUID | None:
    """Add or change an account, and put an agent on it where it has none; None where another tenant has it."""


@query("""
    select id, tenant_id, channel, external_id, transport, status, signature, settings, credentials
    from channel_account
    where channel = %(channel)s and external_id = any(%(external_ids)s) and status <> 'removed'
""")
async def find_accounts(conn: Conn, *, channel: str, external_ids: list[str]) -> list[AccountRow]:
    """The accounts a webhook names. A look-up across tenants: the webhook does not know the tenant yet."""


@query("""
    select distinct on (settings ->> 'business_account_id')
           id, tenant_id, channel, external_id, transport, status, signature, settings, credentials
    from channel_account
    where channel = %(channel)s and settings ->> 'business_account_id' = any(%(owners)s)
      and status <> 'removed'
    order by settings ->> 'business_account_id', created_at, id
""")
async def find_owned(conn: Conn, *, channel: str, owners: list[str]) -> list[AccountRow]:
    """The oldest account of each business account that a webhook names instead; across tenants, too."""


@query("""
    select id, tenant_id, channel, external_id, transport, status, signature, settings, credentials
    from channel_account where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find_account(conn: Conn, id: UUID, *, tenant_id: UUID) -> AccountRow:
    """One account of a tenant."""


@query("""
    update channel_account
    set status = case when %(resume_at)s::timestamptz is null then 'reauth_required' else 'paused' end,
        reason = %(reason)s, resume_at = %(resume_at)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'active'
""")
async def stop_account(
    conn: Conn, id: UUID, *, tenant_id: UUID, reason: str, resume_at: datetime | None, now: datetime
) -> None:
    """Sending stops until somebody repairs the account, or until `resume_at`; what is queued stays queued."""


@query("""
    update channel_account set status = 'paused', reason = 'paused by ' || %(by)s, resume_at = null, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status not in ('reauth_required', 'removed')
    returning id
""")
async def pause_account(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """Sending stops until an operator resumes it; None where there is no such account, or it needs a repair."""


@query("""
    update channel_account set status = 'active', reason = 'resumed by ' || %(by)s, resume_at = null, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status <> 'removed'
    returning id
""")
async def resume_account(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """What was queued goes out; None where there is no such account."""


@query("""
    update channel_account set status = 'active', reason = null, resume_at = null, moved_at = %(now)s
    where status = 'paused' and resume_at <= %(now)s
""")
async def wake_rested(conn: Conn, *, now: datetime) -> None:
    """Accounts that only had to rest go on."""


@query("""
    update channel_account
    set settings = jsonb_strip_nulls(settings || jsonb_build_object(
            'rate', %(rate)s::float, 'burst', %(burst)s::int, 'send_gap', %(send_gap)s::float,
            'fallback', %(fallback)s::text,
            'acknowledge', %(acknowledge)s::text, 'reply_tokens', %(reply_tokens)s::bool))
    where id = %(id)s and tenant_id = %(tenant_id)s
    returning id
""")
async def set_manners(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    rate: float | None,
    burst: int | None,
    send_gap: float | None,
    fallback: str | None,
    acknowledge: str | None,
    reply_tokens: bool | None,
) -> UUID | None:
    """How an account behaves towards people; None where there is no such account."""


@query("""
    select external_id from channel_account
    where signature = 'required' and status <> 'removed' and external_id <> all(%(signed)s)
      and (external_id = any(%(unsigned)s)
           -- where an account goes without already, the others were added there, with secrets of their own
           or not exists (select from channel_account where signature = 'off' and status <> 'removed'))
    order by external_id
""")
async def locked_accounts(conn: Conn, *, signed: list[str], unsigned: list[str]) -> list[str]:
    """Accounts of any tenant that require signatures, and show that `unsigned` ones have no place here."""


@query("""
    select external_id from channel_account
    where signature = 'off' and status <> 'removed' order by external_id
""")
async def unsigned_accounts(conn: Conn) -> list[str]:
    """Accounts whose webhooks anybody could forge."""
