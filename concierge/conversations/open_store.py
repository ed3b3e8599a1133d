"""What Postgres knows about an address we write to first."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Place(Struct, frozen=True):
    """Where something is said."""

    conversation_id: UUID
    identity_id: UUID


@query("select pg_advisory_xact_lock_shared(hashtext('identities'))")
async def exclude_merging(conn: Conn) -> None:
    """No two contacts become one until the transaction ends."""


@query("""
    with known as materialized (
        select id from contact_identity
        where tenant_id = %(tenant_id)s and channel = %(channel)s and kind = %(kind)s and value = %(value)s
    ), person as materialized (
        select uuid_v7() as id where not exists (select from known)
    ), added as (
        insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
        select %(tenant_id)s, person.id, %(channel)s, %(kind)s, %(value)s, %(now)s from person
        on conflict (tenant_id, channel, kind, value) do nothing
        returning id, contact_id
    ), made as (
        insert into contact (id, tenant_id, created_at) select contact_id, %(tenant_id)s, %(now)s from added
    )
    select id from known union all select id from added
""")
async def known_or_new(
    conn: Conn, *, tenant_id: UUID, channel: str, kind: str, value: str, now: datetime
) -> UUID | None:
    """The identity of an address, with a contact of its own if it is new; None: somebody adds it at this moment."""


@query("""
    insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
    select i.tenant_id, a.id, i.contact_id, i.id, %(now)s, %(now)s
    from contact_identity i join channel_account a on a.tenant_id = i.tenant_id and a.id = %(account_id)s
    where i.id = %(identity_id)s and i.tenant_id = %(tenant_id)s
    on conflict (channel_account_id, contact_id) where status <> 'closed'
    do update set last_message_at = conversation.last_message_at
    returning id as conversation_id, identity_id
""")
async def opened(conn: Conn, *, tenant_id: UUID, account_id: UUID, identity_id: UUID, now: datetime) -> Place:
    """The open conversation with whoever has this identity."""
