"""What was written too long ago is kept, and not answered: a phone that was off, a history delivered late."""

from datetime import datetime, timedelta

import msgspec

from concierge.audit import record
from concierge.conversations.model import Message, Turn
from concierge.postgres.query import Conn


def timely(turn: Turn | None, now: datetime) -> tuple[Turn | None, list[Message]]:
    """What is left of the turn to think about (None: nothing), and what is too old for that."""
    limit = turn.agent.answer_within_seconds if turn else None
    if turn is None or limit is None:
        return turn, []
    since = now - timedelta(seconds=limit)
    old = [message for message in turn.messages if message.sent_at < since]
    if not old:
        return turn, []
    left = [message for message in turn.messages if message.sent_at >= since]
    return msgspec.structs.replace(turn, messages=left) if left else None, old


async def note(conn: Conn, turn: Turn, old: list[Message], now: datetime) -> None:
    """An event, for whoever asks why nobody answered."""
    limit = timedelta(seconds=turn.agent.answer_within_seconds or 0)
    detail = f"{len(old)} not answered, written more than {limit} before"
    conversation = turn.conversation
    await record(
        conn,
        conversation.tenant_id,
        "conversation",
        conversation.id,
        "conversation.too_old",
        detail,
        correlation_id=old[-1].correlation_id,
        now=now,
    )
