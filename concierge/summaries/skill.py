"""The skill `summaries`: it says nothing and asks nobody; it only remembers that a summary is wanted."""

from datetime import datetime, timedelta
from typing import ClassVar

from concierge.conversations.model import Skill, Turn
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.summaries import store
from concierge.summaries.model import Settings


class Summaries(Skill):
    """Has a summary written once the conversation has been quiet for `quiet_minutes`."""

    name: ClassVar[str] = "summaries"
    settings: ClassVar[type[Settings]] = Settings
    listens: ClassVar[bool] = True

    async def think(self, runtime: Runtime, turn: Turn) -> timedelta | None:  # noqa: ARG002
        """How long to wait; None when no person wrote."""
        return timedelta(minutes=turn.agent.configured(self.name, Settings).quiet_minutes) if turn.readable else None

    async def settle(self, conn: Conn, turn: Turn, thought: timedelta, now: datetime) -> None:
        """Plan it; every new message puts it off, for an hour at most."""
        conversation = turn.conversation
        await store.plan(
            conn,
            tenant_id=conversation.tenant_id,
            conversation_id=conversation.id,
            due_at=now + thought,
            correlation_id=turn.messages[-1].correlation_id,
            now=now,
        )
