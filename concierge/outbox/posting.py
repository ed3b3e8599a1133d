"""Saying something: a row and a wake-up, in the transaction of the state change that makes it necessary."""

from datetime import datetime
from uuid import UUID

import msgspec

from concierge.outbox import store
from concierge.outbox.model import Deliver, NewMessage
from concierge.postgres.query import Conn
from concierge.postgres.queue import put


async def post(conn: Conn, message: NewMessage, *, key: str, now: datetime) -> UUID | None:
    """Post `message` under its dedupe key. The id, or None when the same was said before: then nothing happens."""
    id = await store.add(conn, **msgspec.structs.asdict(message), key=key, now=now)
    if id is not None:
        await put(conn, Deliver(message.conversation_id))
    return id
