"""Paying for answers: a turn whose agent has a skill with a price is thought about only when its credits are taken.

A turn that cannot be paid waits whole, and is kept: no model is asked and nothing is said. The tick takes it up again
when there are credits, as long as the person may still be answered.
"""

from datetime import datetime, timedelta
from typing import Any

from concierge.conversations import store
from concierge.conversations.model import Handle, Skill, Turn
from concierge.credits import spending
from concierge.credits.model import Reserve
from concierge.inbox.consenting import Asked, obey
from concierge.inbox.skills import PRICES
from concierge.log import logger
from concierge.notifications import notify
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime

OUT_OF_CREDITS = "out of credits"
WINDOW = timedelta(days=1)  # where the channel has none of its own
BATCH = 500

log = logger(__name__)


async def reserve(runtime: Runtime, turn: Turn) -> Reserve | None:
    """Take what the turn may cost; None where it costs nothing. Raises OutOfCredits."""
    conversation = turn.conversation
    amount = max((PRICES.get(name, 0) for name in turn.agent.skills), default=0)
    if not (amount and conversation.metered and conversation.status == "bot" and turn.readable):
        return None
    return await spending.reserve(
        runtime,
        tenant_id=conversation.tenant_id,
        conversation_id=conversation.id,
        turn_seq=conversation.handled_seq,
        amount=amount,
    )


async def settle(conn: Conn, reserve: Reserve, thoughts: list[tuple[Skill, Turn, Any]], now: datetime) -> None:
    """Pay for the skill that answers, of which a turn has one; all is given back where none does, or not by a model."""
    answering = next(((skill, thought) for skill, _, thought in thoughts if skill.answers(thought)), None)
    spent = PRICES.get(answering[0].name, 0) if answering and answering[0].charges(answering[1]) else 0
    await spending.settle(conn, reserve, spent=min(spent, reserve.amount), now=now)


async def wait(runtime: Runtime, turn: Turn, asked: Asked | None) -> None:
    """Set the turn aside until there are credits; operators are told once. What came meanwhile is looked at first.

    A wish for silence does not wait; obeying it again with the turn changes nothing.
    """
    conversation, now = turn.conversation, runtime.clock()
    async with runtime.begin() as conn:
        held = await store.hold(conn, conversation.id)
        if held is None:
            return
        if held.last_seq > conversation.last_seq:
            await put(conn, Handle(conversation.id))
            return
        if asked is not None:
            await obey(conn, turn, asked, now)
        await store.park(conn, conversation.id, reason=OUT_OF_CREDITS, now=now)
        tenant_id, text = conversation.tenant_id, "out of credits: messages are kept and not answered"
        await notify(conn, tenant_id, "tenant", tenant_id, "out_of_credits", text, now=now)
    log.warning("out of credits", conversation=str(conversation.id), tenant=str(conversation.tenant_id))


async def resume(runtime: Runtime) -> None:
    """Tick: as many turns as there are credits for are taken up again, the longest waiting first."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.affordable(conn, reason=OUT_OF_CREDITS, since=now - WINDOW, now=now, limit=BATCH)
        await put(conn, *(Handle(id) for id in ids))
