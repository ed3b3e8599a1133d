"""Where to write to somebody: the first channel they can be reached on now, in the order of the policy."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.bookings.people import store
from concierge.outbox.model import Kind
from concierge.postgres.query import Conn


class Line(Struct, frozen=True):
    """Where it is said."""

    conversation_id: UUID
    channel_account_id: UUID
    identity_id: UUID
    channel: str


async def reach(
    conn: Conn, contact_id: UUID, channels: Sequence[str], *, tenant_id: UUID, kind: Kind, now: datetime
) -> Line | None:
    """The best line for a `kind` of message; None where there is no address they have not silenced.

    Where no channel takes it at the moment, the first of them keeps it visibly: blocked, or until it is repaired.
    """
    ways = await store.ways(
        conn, contact_id=contact_id, tenant_id=tenant_id, channels=list(channels), kind=kind, now=now
    )
    if not ways:
        return None
    way = next((each for each in ways if each.open), ways[0])
    conversation_id = way.conversation_id or await store.open_conversation(
        conn,
        tenant_id=tenant_id,
        channel_account_id=way.channel_account_id,
        contact_id=contact_id,
        identity_id=way.identity_id,
        now=now,
    )
    return Line(conversation_id, way.channel_account_id, way.identity_id, way.channel)
