"""The skill `leads`: it says nothing and asks nobody; it only remembers that there is something to read."""

from datetime import datetime, timedelta
from typing import ClassVar

from concierge.conversations.model import Skill, Turn
from concierge.leads import store
from concierge.leads.model import Settings
from concierge.postgres.query import Conn
from concierge.runtime import Runtime


class Leads(Skill):
    """Has the conversation read once it has been quiet for `idle_minutes`."""

    name: ClassVar[str] = "leads"
    settings: ClassVar[type[Settings]] = Settings
    listens: ClassVar[bool] = True

    async def think(self, runtime: Runtime, turn: Turn) -> timedelta | None:  # noqa: ARG002
        """How long to wait; None when no person wrote."""
        return timedelta(minutes=turn.agent.configured(self.name, Settings).idle_minutes) if turn.readable else None

    async def settle(self, conn: Conn, turn: Turn, thought: timedelta, now: datetime) -> None:
        """Plan the reading; every new message puts it off."""
        conversation = turn.conversation
        due_at = now + thought
        await store.plan(
            conn, tenant_id=conversation.tenant_id, conversation_id=conversation.id, due_at=due_at, now=now
        )
