"""What Postgres knows about echoes and notices."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Settled(Struct, frozen=True):
    """A message of ours that came back."""

    conversation_id: UUID
    was: str


@query("""
    with ours as (
        (select id, 1 as rank, position from outbound_message
         where channel_account_id = %(channel_account_id)s and provider_message_id = %(provider_message_id)s)
        union all
        -- the answer to our call is lost, or still on its way
        (select o.id, 2, o.position
         from contact_identity i
         join outbound_message o on o.identity_id = i.id and o.status in ('sending', 'unknown')
         where i.tenant_id = %(tenant_id)s and i.channel = %(channel)s and i.kind = %(kind)s and i.value = %(value)s
           and o.channel_account_id = %(channel_account_id)s and o.provider_message_id is null
           and btrim(o.payload ->> 'text', %(blank)s) = btrim(%(text)s, %(blank)s)
           and (select max(d.started_at) from delivery_attempt d where d.outbound_message_id = o.id)
               between %(at)s::timestamptz - %(around)s::interval and %(at)s::timestamptz + %(around)s::interval)
        order by rank, position limit 1
    ), before as (
        select o.id, o.status from outbound_message o join ours on ours.id = o.id for update of o
    )
    update outbound_message o
    set status = case when o.status in ('queued', 'sending', 'unknown') then 'sent' else o.status end,
        provider_message_id = coalesce(o.provider_message_id, %(provider_message_id)s),
        receipt_at = greatest(o.receipt_at, %(now)s), moved_at = %(now)s
    from before where o.id = before.id
    returning o.conversation_id, before.status as was
""")
async def settle_echo(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    channel: str,
    kind: str,
    value: str,
    provider_message_id: str,
    text: str,
    blank: str,
    at: datetime,
    around: timedelta,
    now: datetime,
) -> Settled | None:
    """The message of ours that came back is sent if nobody knew; None when it is none of ours."""


@query("""
    with talk as (
        select c.id
        from contact_identity i
        join conversation c on c.channel_account_id = %(channel_account_id)s and c.contact_id = i.contact_id
                           and c.status <> 'closed'
        where i.tenant_id = %(tenant_id)s and i.channel = %(channel)s and i.kind = %(kind)s and i.value = %(value)s
    ), kept as (
        insert into app_reply (tenant_id, channel_account_id, conversation_id, provider_message_id, text, sent_at,
                               received_at)
        values (%(tenant_id)s, %(channel_account_id)s, (select id from talk), %(provider_message_id)s, %(text)s, %(at)s,
                %(now)s)
        on conflict (channel_account_id, provider_message_id) do nothing
        returning conversation_id
    )
    insert into event (tenant_id, subject, subject_id, type, detail, at)
    select %(tenant_id)s, 'conversation', conversation_id, 'conversation.answered_in_app', %(provider_message_id)s,
           %(now)s
    from kept where conversation_id is not null
""")
async def keep_app_reply(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    channel: str,
    kind: str,
    value: str,
    provider_message_id: str,
    text: str,
    at: datetime,
    now: datetime,
) -> None:
    """What a human wrote in the vendor's app, once, and a trace of it on the conversation."""


@query("""
    insert into account_notice (tenant_id, channel_account_id, kind, text, raw, hash, at, received_at)
    values (%(tenant_id)s, %(channel_account_id)s, %(kind)s, %(text)s, %(raw)s, %(hash)s, %(at)s, %(now)s)
    on conflict (channel_account_id, hash) do nothing
    returning id
""")
async def keep_notice(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    kind: str,
    text: str,
    raw: bytes,
    hash: bytes,
    at: datetime,
    now: datetime,
) -> UUID | None:
    """Keep what was said; None when it was said before."""
