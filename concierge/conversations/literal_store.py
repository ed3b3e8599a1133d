"""What was said, in the words of the multi-channel agent's design."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Message(Struct, frozen=True):
    """One message. `sequence_no` rises within the conversation and the direction."""

    message_id: UUID
    conversation_id: UUID
    sender: Literal["user", "agent"]
    text: str
    timestamp: datetime
    status: Literal["sent", "failed", "pending"]
    sequence_no: int


@query("""
    (select i.id as message_id, i.conversation_id, 'user' as sender, i.text, i.received_at as timestamp,
            'sent' as status, i.seq as sequence_no
     from inbound_message i
     where i.tenant_id = %(tenant_id)s and (i.received_at, i.id) < (%(before)s, %(before_id)s)
     order by i.received_at desc, i.id desc limit %(limit)s)
    union all
    (select o.id, o.conversation_id, 'agent', coalesce(o.payload ->> 'text', ''), o.created_at,
            case when o.status in ('sent', 'delivered', 'read') then 'sent'
                 when o.status in ('failed', 'blocked', 'cancelled', 'expired', 'unknown') then 'failed'
                 else 'pending' end, o.position
     from outbound_message o
     where o.tenant_id = %(tenant_id)s and (o.created_at, o.id) < (%(before)s, %(before_id)s)
     order by o.created_at desc, o.id desc limit %(limit)s)
    order by timestamp desc, message_id desc limit %(limit)s
""")
async def said(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Message]:
    """A page of what was said to and by a tenant, newest first."""
