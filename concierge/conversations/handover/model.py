"""One time that a conversation went from the bot to a human."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct


class Handoff(Struct, frozen=True, kw_only=True):
    """Why, what the human has to know, who came and when it ended."""

    id: UUID
    conversation_id: UUID
    reason: str
    summary: str
    requested_at: datetime
    taken_at: datetime | None
    taken_by: str | None
    ended_at: datetime | None
