"""The statement that keeps what arrives."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct
from psycopg.types.json import Jsonb

from concierge.postgres.query import Conn, query


class Kept(Struct, frozen=True):
    """What became of the n-th message (from 1) of a batch."""

    n: int
    status: Literal["accepted", "duplicate", "ignored"]
    inbound_id: UUID | None
    apart: bool = False  # its addresses belong to different contacts, who are to be merged


@query("""
    select n, status, inbound_id, apart
    from accept_inbound(%(now)s, %(accounts)b::uuid[], %(address_kinds)b::text[], %(address_values)b::text[],
                        %(names)b::text[], %(provider_ids)b::text[], %(kinds)b::text[], %(texts)b::text[],
                        %(subjects)b::text[], %(quotes)b::text[], %(automated)b::text[], %(sent)b::timestamptz[],
                        %(raws)b::bytea[], %(correlations)b::text[], %(also_ns)s::int[], %(also_kinds)s::text[],
                        %(also_values)s::text[], %(extras)s::jsonb[])
""")
async def accept(
    conn: Conn,
    *,
    now: datetime,
    accounts: list[UUID],
    address_kinds: list[str],
    address_values: list[str],
    names: list[str | None],
    provider_ids: list[str],
    kinds: list[str],
    texts: list[str],
    subjects: list[str | None],
    quotes: list[str | None],
    automated: list[str | None],
    sent: list[datetime],
    raws: list[bytes],
    correlations: list[str],
    also_ns: list[int],
    also_kinds: list[str],
    also_values: list[str],
    extras: list[Jsonb | None],
) -> list[Kept]:
    """Keep a batch: see sql/functions/accept_inbound.sql."""


@query("""
    insert into unrouted_message (channel, external_id, provider_message_id, reason, detail, raw, received_at)
    values (%(channel)s, %(external_id)s, %(provider_message_id)s, %(reason)s, left(%(detail)s, 500), %(raw)s, %(now)s)
    on conflict (channel, external_id, provider_message_id) do nothing
    returning id
""")
async def keep_unrouted(
    conn: Conn,
    *,
    channel: str,
    external_id: str,
    provider_message_id: str,
    reason: Literal["unknown_account", "unknown_sender", "unstorable"],
    detail: str | None,
    raw: bytes,
    now: datetime,
) -> UUID | None:
    """Keep what belongs to nobody; None when it was kept before."""


class Writer(Struct, frozen=True):
    """An address of whoever answers with the n-th message."""

    n: int
    value: str


@query("""
    select m.n, i.value
    from unnest(%(ns)s::int[], %(accounts)s::uuid[], %(senders)s::text[], %(conversations)s::uuid[])
         as m (n, account, sender, conversation)
    cross join lateral (select tenant_id from channel_account where id = m.account limit 1) a
    cross join lateral (select identity_id from conversation
                        where id = m.conversation and channel_account_id = m.account limit 1) c
    cross join lateral (select value from contact_identity
                        where id = c.identity_id and tenant_id = a.tenant_id limit 1) i
    where not exists (select from contact_identity own
                      where own.tenant_id = a.tenant_id and own.channel = 'email' and own.kind = 'email'
                        and own.value = m.sender offset 0)
""")
async def writers(
    conn: Conn, *, ns: list[int], accounts: list[UUID], senders: list[str], conversations: list[UUID | None]
) -> list[Writer]:
    """Whom we had written to, for answers that come from addresses nobody knows."""
