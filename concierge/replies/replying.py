"""One answer to everything that is new in a conversation."""

from datetime import datetime
from functools import cache
from importlib import resources
from typing import ClassVar

from msgspec import Struct

from concierge.conversations.answering import moved_on, say
from concierge.conversations.handover.moving import request
from concierge.conversations.handover.recap import recap
from concierge.conversations.model import Skill, Turn
from concierge.errors import ModelError
from concierge.llm.purposes import Replied, ReplyPrompt, Said
from concierge.log import logger
from concierge.outbox.model import Kind
from concierge.postgres.query import Conn
from concierge.replies import store
from concierge.replies.model import Replying, Thought, phrases
from concierge.runtime import Runtime

USUAL = "instructions-1"

log = logger(__name__)


class Replies(Skill):
    """Answers as the agent's prompt tells it to, and calls a human when one is asked for."""

    name: ClassVar[str] = "replies"
    settings: ClassVar[type[Struct]] = Replying

    async def think(self, runtime: Runtime, turn: Turn) -> Thought | None:
        """Ask the model what to say; None when there is nothing to answer, or an earlier skill does."""
        if turn.answered or not turn.readable:
            return None
        settings = turn.agent.configured(self.name, Replying)
        words = phrases(settings.language or turn.conversation.language)
        fallback = settings.fallback or words.fallback
        try:
            answered = await runtime.ask(_prompt(turn, settings), Replied, on=turn.behalf)
        except ModelError as error:
            log.warning("no reply", conversation=str(turn.conversation.id), error=str(error))
            return Thought(text=fallback, wants_human=False, fallback=str(error), model=None)
        said, wants_human = answered.value.text.strip(), answered.value.wants_human and settings.hand_over
        silent = "" if said else "it had nothing to say"
        return Thought(
            text=said or ((settings.handing_over or words.handing_over) if wants_human else fallback),
            wants_human=wants_human,
            fallback=silent or None,
            model=answered.model,
            usage=answered.usage,
            request_id=answered.request_id,
        )

    def answers(self, thought: Thought) -> bool:  # noqa: ARG002
        """Always."""
        return True

    def charges(self, thought: Thought) -> bool:
        """Not where no model answered: nobody pays for a fallback."""
        return thought.model is not None

    async def settle(self, conn: Conn, turn: Turn, thought: Thought, now: datetime) -> None:
        """Say it, write down how it came about, and let a human know who is wanted."""
        conversation, prompt = turn.conversation, turn.agent.prompt
        contextual = await moved_on(conn, turn, now)
        kind: Kind = "handoff" if thought.wants_human else "reply"
        id = await say(conn, turn, kind, thought.text, about="reply", quotes=contextual, now=now)
        own = prompt is not None and prompt.text is not None
        await store.add(
            conn,
            tenant_id=conversation.tenant_id,
            conversation_id=conversation.id,
            upto_seq=turn.upto_seq,
            outbound_message_id=id,
            contextual=contextual,
            fallback=thought.fallback,
            model=thought.model,
            prompt_version=ReplyPrompt.version if own else f"{ReplyPrompt.version}/{USUAL}",
            prompt_id=prompt.id if prompt else None,
            prompt_number=prompt.number if prompt else None,
            input_tokens=thought.usage.input,
            output_tokens=thought.usage.output,
            request_id=thought.request_id,
            now=now,
        )
        if thought.wants_human:
            await request(conn, turn, reason="they asked for a human", summary=recap(turn), now=now)


def _prompt(turn: Turn, settings: Replying) -> ReplyPrompt:
    conversation, prompt = turn.conversation, turn.agent.prompt
    new = [Said("contact", message.text, message.context) for message in turn.readable]
    return ReplyPrompt(
        instructions=(prompt.text if prompt else None) or usual(),
        now=turn.wall,
        zone=conversation.zone,
        tone=conversation.tone,
        channel=conversation.channel,
        turns=(*turn.history, *new),
        unread=len(new),
        private=(conversation.contact_name,) if conversation.contact_name else (),
        asker=str(conversation.contact_id),
        facts=(f"business: {conversation.tenant_name}", f"your name: {turn.agent.name}", *settings.facts),
        language=settings.language,
        spoken=conversation.language,
        hands_over=settings.hand_over,
        stored_prompt=prompt.external_id if prompt else None,
    )


@cache
def usual() -> str:
    """What an agent is told that has no prompt of its own."""
    return resources.files("concierge.replies").joinpath(f"{USUAL}.md").read_text("utf-8")
