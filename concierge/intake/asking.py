"""One step through the form in every turn, as long as something is missing."""

from datetime import datetime
from typing import ClassVar

from msgspec import Struct

from concierge.conversations.answering import moved_on, say
from concierge.conversations.handover.moving import request
from concierge.conversations.handover.recap import recap
from concierge.conversations.model import Skill, Turn
from concierge.intake import store
from concierge.intake.flow import following
from concierge.intake.model import Answer, Intake, Progress, Thought, usual
from concierge.llm.purposes import IntakePrompt, Learnt, Offer, Said, Wanted
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

REMEMBERED = 10  # earlier messages that it takes to understand a new one
LONGEST = 200  # characters of an answer


class Asking(Skill):
    """Asks for what is missing, one question a turn, and hands over when nothing is."""

    name: ClassVar[str] = "intake"
    settings: ClassVar[type[Struct]] = Intake

    async def think(self, runtime: Runtime, turn: Turn) -> Thought | None:
        """Read what the turn says, decide what comes next; None when nobody wrote, or the form is done."""
        if not turn.readable:
            return None
        form = turn.agent.configured(self.name, Intake, usual(turn.conversation.language))
        async with runtime.connection() as conn:
            progress = await store.progress(
                conn,
                conversation_id=turn.conversation.id,
                tenant_id=turn.conversation.tenant_id,
                keys=[each.key for each in form.fields],
                lasting=[each.key for each in form.fields if each.of == "person"],
            )
        if progress.completed:
            return None
        read = await runtime.ask(_prompt(turn, form, progress), Learnt, on=turn.behalf)
        return _thought(turn, form, progress, read.value)

    def answers(self, thought: Thought) -> bool:
        """Unless an earlier skill does, or nothing is left to ask."""
        return thought.text is not None

    async def settle(self, conn: Conn, turn: Turn, thought: Thought, now: datetime) -> None:
        """Keep the answers, ask the question, or hand over."""
        conversation = turn.conversation
        whose = {"tenant_id": conversation.tenant_id, "conversation_id": conversation.id}
        for each in thought.answers:
            await store.keep_answer(
                conn, **whose, inbound_message_id=each.inbound_message_id, key=each.key, value=each.value, now=now
            )
        if thought.text is None and not thought.complete:
            return
        asked = thought.ask.key if thought.ask else None
        await store.move(conn, **whose, asked=asked, times=thought.times, complete=thought.complete, now=now)
        if thought.text is None:
            return
        quotes = await moved_on(conn, turn, now)
        if thought.hand_over is None:
            await say(conn, turn, "question", thought.text, about=asked or self.name, quotes=quotes, now=now)
        else:
            await say(conn, turn, "handoff", thought.text, about="handoff", quotes=quotes, now=now)
            await request(conn, turn, reason=thought.hand_over, summary=recap(turn, thought.facts), now=now)


def _thought(turn: Turn, form: Intake, progress: Progress, read: Learnt) -> Thought:
    fields = {each.key: each for each in form.fields}
    told = {fact.key: fact.value.strip()[:LONGEST] for fact in read.facts if fact.key in fields and fact.value.strip()}
    known = {each.key: each.value for each in progress.known} | told
    answers = [Answer(key, value, turn.newest.id) for key, value in told.items()]
    facts = {each.label or each.key: known[each.key] for each in form.fields if each.key in known}
    if turn.answered:  # nothing is asked in this turn; what was said in passing is kept
        return Thought(answers=answers, facts=facts)
    if read.wants_human:
        why = "they asked for a human"
        return Thought(answers=answers, facts=facts, text=form.farewell, complete=True, hand_over=why)
    step = following(form, progress, known)
    match step.step:
        case "ask":
            return Thought(answers=answers, facts=facts, ask=step.question, text=step.text, times=step.times)
        case "give_up":
            label = step.question.key if step.question else ""
            why = f"“{label}” was asked {form.patience} times and not answered"
            return Thought(answers=answers, facts=facts, text=form.farewell, complete=True, hand_over=why)
        case "complete":
            why = "the intake is complete"
            return Thought(answers=answers, facts=facts, text=form.farewell, complete=True, hand_over=why)
        case "nothing":
            return Thought(answers=answers, facts=facts, complete=True)


def _prompt(turn: Turn, form: Intake, progress: Progress) -> IntakePrompt:
    conversation = turn.conversation
    known = {each.key for each in progress.known}
    asked = [each.key for question in form.questions if question.key == progress.asked for each in question.fields]
    new = [Said("contact", message.text, message.context) for message in turn.readable]
    return IntakePrompt(
        wanted=tuple(
            Wanted(each.key, each.kind, each.ask or question.ask)
            for question in form.questions
            for each in question.fields
        ),
        asked=tuple(key for key in asked if key not in known),
        offers=tuple(Offer(each.name, tuple(each.words)) for each in form.services),
        turns=(*turn.history[-REMEMBERED:], *new),
        unread=len(new),
        private=(conversation.contact_name,) if conversation.contact_name else (),
        asker=str(conversation.contact_id),
    )
