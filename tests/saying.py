"""Messages of ours, posted as every part of the house posts its own; nothing is delivered yet."""

from typing import Any
from uuid import UUID

from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from tests.world import World

ONLY = "select id from conversation limit 1"
PLACE = "select tenant_id, channel_account_id, identity_id from conversation where id = %(id)s"


async def say(
    world: World, text: str, *, key: str, conversation: UUID | None = None, kind: Any = "reminder", **more: Any
) -> UUID | None:
    """The message's id, None where its key was used before; in the only conversation there is unless one is named."""
    conversation = conversation or await world.one(ONLY)
    ((tenant, account, identity),) = await world.rows(PLACE, id=conversation)
    message = NewMessage(
        tenant_id=tenant,
        channel_account_id=account,
        conversation_id=conversation,
        identity_id=identity,
        kind=kind,
        payload=Payload(text),
        correlation_id=None,
        **more,
    )
    async with world.runtime.begin() as conn:
        return await post(conn, message, key=key, now=world.clock())
