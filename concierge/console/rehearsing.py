"""A message runs through an agent as it would in a conversation, and nothing is said or kept but what it cost.

The skills only think: what they would write is shown instead of settled. They are given somebody whom nobody knows.
"""

from typing import Any
from uuid import uuid4

import msgspec
from msgspec import Struct

from concierge.agents.model import Agent as Configured
from concierge.agents.model import Prompt
from concierge.asking.model import Behalf
from concierge.console.model import Operator
from concierge.conversations.model import Agent, Conversation, Instructions, Message, Turn
from concierge.errors import ConciergeError
from concierge.inbox.skills import SKILLS
from concierge.runtime import Runtime


class Rehearsed(Struct, frozen=True):
    """What a skill thought: `text` is what it would say where that is known, `error` why it could not think."""

    skill: str
    answers: bool
    text: str | None
    thought: str
    error: str | None = None


class Rehearsal(Turn, frozen=True, kw_only=True):
    """A turn of no conversation: what models are asked is paid for by the tenant and belongs to nobody."""

    @property
    def behalf(self) -> Behalf:
        """On whose behalf a model is asked about it."""
        return Behalf(tenant_id=self.conversation.tenant_id, conversation_id=None, models=self.agent.models)


async def rehearse(
    runtime: Runtime, operator: Operator, agent: Configured, prompt: Prompt | None, text: str
) -> list[Rehearsed]:
    """What each skill thinks of the message, in their order; a skill with nothing to do is left out."""
    turn: Turn = _turn(runtime, operator, agent, prompt, text)
    found = []
    for name in agent.skills:
        skill = SKILLS[name]
        try:
            thought = await skill.think(runtime, turn)
        except ConciergeError as error:
            found.append(Rehearsed(name, answers=False, text=None, thought="", error=str(error)))
            continue
        if thought is None:
            continue
        answers = skill.answers(thought)
        found.append(Rehearsed(name, answers, skill.says(turn, thought, runtime.clock()), _plain(thought)))
        turn = msgspec.structs.replace(turn, answered=turn.answered or answers, taken=turn.taken | skill.takes(thought))
    return found


def _plain(thought: Any) -> str:
    """Any thought, readable."""
    return msgspec.json.format(msgspec.json.encode(thought, enc_hook=str), indent=2).decode()


def _turn(runtime: Runtime, operator: Operator, agent: Configured, prompt: Prompt | None, text: str) -> Rehearsal:
    now = runtime.clock()
    behaving = Agent(
        id=agent.id,
        name=agent.name,
        skills=agent.skills,
        settings=agent.settings,
        models=agent.models,
        prompt=_told(prompt) if prompt else None,
        quiet_seconds=0,
        answer_within_seconds=None,
    )
    conversation = Conversation(
        id=uuid4(),
        tenant_id=operator.tenant_id,
        channel_account_id=agent.channel_account_id,
        contact_id=uuid4(),
        identity_id=uuid4(),
        channel=agent.channel,
        acknowledge=None,
        status="bot",
        last_seq=1,
        handled_seq=0,
        contact_name=None,
        zone=operator.zone,
        language=operator.language,
        tone="friendly",
        default_action="remind",
        agent=behaving,
        tenant_name=operator.tenant,
        greeted=False,
        quiet_until=None,
        suppressed=False,
        metered=False,
        held_back=False,
        has_tasks=False,
    )
    message = Message(
        id=uuid4(),
        seq=1,
        provider_message_id="rehearsal",
        text=text,
        context=None,
        subject=None,
        automated=None,
        sent_at=now,
        received_at=now,
        correlation_id=None,
    )
    return Rehearsal(conversation=conversation, messages=[message], history=[])


def _told(prompt: Prompt) -> Instructions:
    return Instructions(
        id=prompt.id, name=prompt.name, external_id=prompt.external_id, number=prompt.number, text=prompt.text
    )
