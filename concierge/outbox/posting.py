"""Saying something: a row and a wake-up, in the transaction of the state change that makes it necessary."""

from datetime import datetime
from uuid import UUID

import msgspec

from concierge.channels.splitting import split, split_bytes
from concierge.notifications import notify
from concierge.outbox import store
from concierge.outbox.limits import LIMITS, NONE, SHORTEST
from concierge.outbox.model import POLICIES, SUPPRESSED, Deliver, NewMessage, Posted
from concierge.postgres.query import Conn
from concierge.postgres.queue import put


async def post(conn: Conn, message: NewMessage, *, key: str, now: datetime) -> UUID | None:
    """Post `message` under its dedupe key. The id, or None when the same was said before: then nothing happens.

    A text that the channel cannot carry at once becomes several messages, in order; the id is that of the first. To
    somebody who does not want to hear from us nothing is said: the message is kept as `blocked`.
    """
    first, *others = await _parts(conn, message)
    posted = await _add(conn, message, first, part=1, key=key, now=now)
    if posted is None:
        return None
    for n, text in enumerate(others, 2):
        await _add(conn, message, text, part=n, key=f"{key}:part:{n}", now=now)
    if posted.status == "blocked":
        await notify(conn, message.tenant_id, "outbound_message", posted.id, "blocked", SUPPRESSED, now=now)
    return posted.id


async def withdraw(conn: Conn, about: UUID, *, tenant_id: UUID, reason: str, now: datetime) -> None:
    """What was posted about a thing and is not sent yet will not be; in the transaction that changes the thing."""
    lines = await store.withdraw(conn, about=about, tenant_id=tenant_id, reason=reason, now=now)
    await put(conn, *(Deliver(id) for id in sorted(set(lines))))


async def _add(conn: Conn, message: NewMessage, text: str, *, part: int, key: str, now: datetime) -> Posted | None:
    payload = msgspec.structs.replace(message.payload, text=text, part=part)
    policy = POLICIES[message.kind]
    facts = msgspec.structs.asdict(message) | {"payload": payload}
    facts["expires_at"] = message.expires_at or (message.send_at or now) + policy.useful
    facts["despite_suppression"] = policy.despite_suppression
    # one wake-up is enough for all parts: they are in the same transaction
    return await store.add(conn, **facts, wakes=part == 1, priority=Deliver.priority, key=key, now=now)


async def _parts(conn: Conn, message: NewMessage) -> list[str]:
    """The text as its channel can carry it."""
    text = message.payload.text
    if message.payload.extra is not None or len(text.encode()) <= SHORTEST:
        return [text]
    channel = await store.channel_of(conn, message.channel_account_id, tenant_id=message.tenant_id)
    limits = LIMITS.get(channel, NONE)
    if limits.characters is not None:
        return split(text, limits.characters)
    return split_bytes(text, limits.bytes) if limits.bytes is not None else [text]
