"""What Postgres knows about a business that begins."""

from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Done(Struct, frozen=True):
    """Which of the first steps are done."""

    connected: bool  # an account sends by a vendor, not by the sandbox
    received: bool
    answered: bool  # a message was sent


@query("""
    select
        exists (select from channel_account
                where tenant_id = %(tenant_id)s and status = 'active' and transport not in ('sandbox', 'webchat'))
            as connected,
        exists (select from conversation where tenant_id = %(tenant_id)s) as received,
        exists (select from outbound_message
                where tenant_id = %(tenant_id)s and status in ('sent', 'delivered', 'read')) as answered
""")
async def done(conn: Conn, *, tenant_id: UUID) -> Done:
    """How far it has come."""
