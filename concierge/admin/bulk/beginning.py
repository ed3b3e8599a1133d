"""An operation on outbound messages: what may be meant, and its beginning."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.admin.bulk import store
from concierge.admin.bulk.messages import ACTIONS, Action
from concierge.admin.bulk.model import Operation
from concierge.admin.bulk.sweeping import start
from concierge.errors import Conflicting
from concierge.postgres.query import Conn

MOST_COUNTED = 10_000
Outcome = Literal["sent", "failed"]


class Wish(Struct, frozen=True, kw_only=True):
    """What is to be done to which messages; `outcome`: what the unknown ones are to be settled as."""

    action: Action
    status: str
    channel: str | None
    outcome: Outcome | None = None


async def begin(conn: Conn, wish: Wish, *, tenant_id: UUID, by: str, now: datetime) -> Operation:
    """Count what is meant, up to MOST_COUNTED and one, and begin. Raises Conflicting for a state nothing is done to."""
    if wish.status not in ACTIONS[wish.action]:
        raise Conflicting("messages in that state cannot be meant")
    total = await store.count_messages(
        conn, tenant_id=tenant_id, status=wish.status, channel=wish.channel, bound=MOST_COUNTED + 1
    )
    filter = {"status": wish.status, "channel": wish.channel, "until": now.isoformat()}
    if wish.outcome is not None:
        filter["outcome"] = wish.outcome
    return await start(conn, f"messages.{wish.action}", filter, total=total, tenant_id=tenant_id, by=by, now=now)
