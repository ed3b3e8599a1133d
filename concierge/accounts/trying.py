"""Trying an account out: one message, on the way of every other."""

from datetime import datetime
from uuid import UUID, uuid4

from concierge.accounts.model import Account, Trial, Tried
from concierge.conversations.opening import open_with
from concierge.errors import Conflicting
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn


async def try_out(
    conn: Conn, account: Account, trial: Trial, *, tenant_id: UUID, correlation_id: str, now: datetime
) -> Tried:
    """Post a message to an address. Raises Conflicting for an account that does not send, Invalid for the address."""
    if account.status != "active":
        raise Conflicting(f"the account is {account.status}")
    place = await open_with(
        conn, tenant_id=tenant_id, account_id=account.id, channel=account.channel, to=trial.to, pointer="/to", now=now
    )
    message = NewMessage(
        tenant_id=tenant_id,
        channel_account_id=account.id,
        conversation_id=place.conversation_id,
        identity_id=place.identity_id,
        kind="message",
        payload=Payload(trial.text, subject="Test" if account.channel == "email" else None),
        correlation_id=correlation_id,
    )
    id = await post(conn, message, key=f"test:{uuid4()}", now=now)
    if id is None:
        raise Conflicting("the same test runs already")
    return Tried(outbound_message_id=id, conversation_id=place.conversation_id)
