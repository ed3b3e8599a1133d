"""What Postgres knows about what was said before."""

from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Before(Struct, frozen=True):
    """What the person may be answering."""

    quoted: UUID | None  # what the message they quote is about
    last: UUID | None  # what the last message to them is about
    last_kind: str | None


@query("""
    select (select o.about from inbound_message m
            join outbound_message o on o.channel_account_id = m.channel_account_id and o.provider_message_id = m.quotes
            where m.id = %(inbound_id)s and m.tenant_id = %(tenant_id)s and m.quotes is not null) as quoted,
           o.about as last, o.kind as last_kind
    from (select 1) one
    left join lateral (
        select o.about, o.kind from outbound_message o
        where o.conversation_id = %(conversation_id)s and o.tenant_id = %(tenant_id)s
          and o.status in ('sent', 'delivered', 'read', 'unknown', 'sending')
        order by o.created_at desc, o.position desc limit 1) o on true
""")
async def before(conn: Conn, *, inbound_id: UUID, conversation_id: UUID, tenant_id: UUID) -> Before:
    """What a message may be an answer to."""
