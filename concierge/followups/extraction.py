"""The skill `followups`: read what a turn asks for, write it down, and say it back."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from concierge.clock import on_the_wall
from concierge.conversations.answering import say
from concierge.conversations.model import Message, Skill, Turn
from concierge.followups import store
from concierge.followups.bounds import bounded
from concierge.followups.drafting.model import Drafting
from concierge.followups.model import Asked, Thought
from concierge.followups.scheduling import Due, Unclear, reference, resolve
from concierge.followups.wording import LONGEST_TITLE, answer, shortened
from concierge.followups.wording import Said as ToSay
from concierge.llm.purposes import ExtractPrompt, FoundTask, OpenQuestion, Reading, Said
from concierge.outbox.model import Kind
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

REMEMBERED = 10  # earlier messages that it takes to understand a new one


class FollowUps(Skill):
    """Finds follow-ups, asks when their time is unclear, confirms them when it is not."""

    name: ClassVar[str] = "followups"
    settings: ClassVar[type[Struct]] = Drafting

    async def think(self, runtime: Runtime, turn: Turn) -> Thought | None:
        """Ask the model what the new messages are about; None when no person wrote any."""
        if not turn.readable:
            return None
        refs = await _questions(runtime, turn) if turn.conversation.asked else {}
        answered = await runtime.ask(_prompt(turn, refs), Reading, on=turn.behalf)
        return Thought(
            reading=bounded(answered.value),
            asked=refs,
            model=answered.model,
            prompt_version=ExtractPrompt.version,
            usage=answered.usage,
            request_id=answered.request_id,
        )

    def answers(self, thought: Thought) -> bool:
        """What was found is confirmed or asked about."""
        return bool(thought.reading.tasks)

    async def settle(self, conn: Conn, turn: Turn, thought: Thought, now: datetime) -> None:
        """Store the reading, the tasks and one answer about all of them."""
        conversation = turn.conversation
        await store.add_extraction(
            conn,
            tenant_id=conversation.tenant_id,
            conversation_id=conversation.id,
            upto_seq=turn.upto_seq,
            model=thought.model,
            prompt_version=thought.prompt_version,
            reading=thought.reading,
            input_tokens=thought.usage.input,
            output_tokens=thought.usage.output,
            request_id=thought.request_id,
            now=now,
        )
        said = [await _settle_task(conn, turn, thought, found, now) for found in thought.reading.tasks]
        if said and not turn.answered:
            await _say(conn, turn, said, now)


async def _questions(runtime: Runtime, turn: Turn) -> dict[str, Asked]:
    async with runtime.connection() as conn:
        asked = await store.asked(conn, conversation_id=turn.conversation.id)
    return {f"Q{n}": each for n, each in enumerate(asked, 1)}


def _prompt(turn: Turn, refs: dict[str, Asked]) -> ExtractPrompt:
    conversation, newest = turn.conversation, turn.readable[-1]
    new = [Said("contact", message.text, message.context) for message in turn.readable]
    return ExtractPrompt(
        now=on_the_wall(reference(newest.sent_at, newest.received_at), conversation.zone),
        zone=conversation.zone,
        default_draft=conversation.default_action == "remind_and_draft",
        questions=tuple(OpenQuestion(ref, each.title) for ref, each in refs.items()),
        turns=(*turn.history[-REMEMBERED:], *new),
        unread=len(new),
        subject=newest.subject,
        private=(conversation.contact_name,) if conversation.contact_name else (),
        asker=str(conversation.contact_id),
    )


async def _settle_task(conn: Conn, turn: Turn, thought: Thought, found: FoundTask, now: datetime) -> ToSay:
    conversation, newest = turn.conversation, turn.readable[-1]
    when = resolve(found.when, zone=conversation.zone, now=now)
    question = thought.asked.get(found.answers or "")
    if question is not None:
        if isinstance(when, Due):
            await store.complete_question(
                conn,
                question.id,
                tenant_id=conversation.tenant_id,
                due_at=when.at,
                zone=when.zone,
                wall=when.wall,
                grain=when.grain,
                quote=found.when.quote if found.when else None,
                now=now,
            )
        return ToSay(question.title, when)
    due, title = when if isinstance(when, Due) else None, shortened(found.title, LONGEST_TITLE)
    await store.add(
        conn,
        tenant_id=conversation.tenant_id,
        conversation_id=conversation.id,
        inbound_message_id=_source(turn, found).id,
        title=title,
        kind="remind_and_draft" if found.draft else "remind",
        status="pending" if due else "needs_clarification",
        reason=when.reason if isinstance(when, Unclear) else None,
        due_at=due.at if due else None,
        zone=conversation.zone,
        wall=due.wall if due else None,
        grain=due.grain if due else None,
        quote=found.when.quote if found.when else None,
        correlation_id=newest.correlation_id,
        now=now,
    )
    return ToSay(title, when)


def _source(turn: Turn, found: FoundTask) -> Message:
    """The message a task was read from: the one that holds the words about its time, else the newest."""
    quote = found.when.quote if found.when else ""
    return next((each for each in turn.readable if quote and quote in each.text), turn.readable[-1])


async def _say(conn: Conn, turn: Turn, said: list[ToSay], now: datetime) -> None:
    """One message a turn; it asks if anything in it is unclear."""
    unclear = any(isinstance(each.when, Unclear) for each in said)
    kind: Kind = "clarification" if unclear else "confirmation"
    await say(conn, turn, kind, answer(said), about="followups", quotes=True, now=now)
