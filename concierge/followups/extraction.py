"""The skill `followups`: read what a turn asks for, make it so, and say it back in one message."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from concierge.clock import on_the_wall
from concierge.conversations.answering import say
from concierge.conversations.model import Skill, Turn
from concierge.followups import store
from concierge.followups.acting import store as acting
from concierge.followups.acting.changing import change
from concierge.followups.acting.deciding import decide, shown, waiting
from concierge.followups.acting.model import Line, Open
from concierge.followups.acting.preferring import language_of, prefer
from concierge.followups.bounds import bounded
from concierge.followups.drafting import store as drafting
from concierge.followups.drafting.model import Drafting, Waiting
from concierge.followups.noting import note, told
from concierge.followups.scheduling import reference
from concierge.followups.texts.phrases import phrases
from concierge.followups.texts.wording import answer, listed
from concierge.llm.model import Usage
from concierge.llm.purposes import ExtractPrompt, OpenQuestion, OpenTask, Reading, Said
from concierge.outbox.model import Kind
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

REMEMBERED = 10  # earlier messages that it takes to understand a new one
LATELY = timedelta(days=2)  # after which "done" no longer means what a reminder was about
MOST_OPEN = 20  # of each kind


class Thought(Struct, frozen=True, kw_only=True):
    """What a model read in a turn, with the follow-ups it was shown."""

    reading: Reading
    open: dict[str, Open]  # by ref
    drafts: dict[str, Waiting]  # by ref
    model: str
    prompt_version: str
    usage: Usage
    request_id: str | None


class FollowUps(Skill):
    """Finds follow-ups, asks when their time is unclear, confirms them when it is not, changes them when asked to."""

    name: ClassVar[str] = "followups"
    settings: ClassVar[type[Struct]] = Drafting

    async def think(self, runtime: Runtime, turn: Turn) -> Thought | None:
        """Ask the model what the new messages are about; None when no person wrote any."""
        if not turn.readable:
            return None
        has_tasks = turn.conversation.has_tasks
        refs = _refs(await _spoken_of(runtime, turn) if has_tasks else [])
        drafts = await waiting(runtime, turn) if has_tasks else {}
        answered = await runtime.ask(_prompt(turn, refs, drafts), Reading, on=turn.behalf)
        return Thought(
            reading=bounded(answered.value, nameless=phrases(turn.conversation.language).nameless),
            open=refs,
            drafts=drafts,
            model=answered.model,
            prompt_version=ExtractPrompt.version,
            usage=answered.usage,
            request_id=answered.request_id,
        )

    def answers(self, thought: Thought) -> bool:
        """What was found is confirmed or asked about."""
        reading = thought.reading
        decided = thought.drafts and reading.drafts
        return bool(reading.tasks or reading.changes or reading.preferred or reading.lists or decided)

    def says(self, turn: Turn, thought: Thought, now: datetime) -> str | None:
        """What it confirms, asks, or has to answer to somebody who has no follow-up yet."""
        reading = thought.reading
        turn = _in_their_language(turn, reading)
        lines = [told(turn, found, now) for found in reading.tasks]
        if reading.changes or reading.lists:
            lines.append(listed((), turn.conversation.language))
        return answer(lines) if lines and not turn.answered else None

    async def settle(self, conn: Conn, turn: Turn, thought: Thought, now: datetime) -> None:
        """Store the reading, make it so, and answer once about all of it."""
        reading = thought.reading
        turn = _in_their_language(turn, reading)
        conversation = turn.conversation
        await store.add_extraction(
            conn,
            tenant_id=conversation.tenant_id,
            conversation_id=conversation.id,
            upto_seq=turn.upto_seq,
            model=thought.model,
            prompt_version=thought.prompt_version,
            reading=reading,
            input_tokens=thought.usage.input,
            output_tokens=thought.usage.output,
            request_id=thought.request_id,
            now=now,
        )
        lines, asked = list[Line](), list[UUID]()
        for said in reading.drafts if thought.drafts else ():
            told, ids = await decide(conn, turn, said, thought.drafts, now)
            lines, asked = lines + told, asked + ids
        for wanted in reading.changes:
            lines += await change(conn, turn, wanted, thought.open, now)
        for found in reading.tasks:
            lines.append(await note(conn, turn, found, _question(thought, found.answers), now))
        if reading.preferred:
            lines += await prefer(conn, turn, reading.preferred, now)
        if reading.lists:
            lines.append(await _list(conn, turn, now))
        if lines and not turn.answered:
            await _say(conn, turn, lines, asked, now)


def _in_their_language(turn: Turn, reading: Reading) -> Turn:
    """Who asks for another language is answered in it at once."""
    language = language_of(reading.preferred) or turn.conversation.language
    return replace(turn, conversation=replace(turn.conversation, language=language))


async def _spoken_of(runtime: Runtime, turn: Turn) -> list[Open]:
    async with runtime.connection() as conn:
        return await acting.spoken_of(
            conn,
            tenant_id=turn.conversation.tenant_id,
            contact_id=turn.conversation.contact_id,
            conversation_id=turn.conversation.id,
            since=runtime.clock() - LATELY,
            most=MOST_OPEN,
        )


def _question(thought: Thought, ref: str | None) -> Open | None:
    task = thought.open.get(ref or "")
    return task if task and task.status == "needs_clarification" else None


def _refs(open: Sequence[Open]) -> dict[str, Open]:
    """What the model may call them: questions Q1, Q2, … and the others T1, T2, …"""
    asked = [each for each in open if each.status == "needs_clarification"]
    others = [each for each in open if each.status != "needs_clarification"]
    return {f"T{n}": each for n, each in enumerate(others, 1)} | {f"Q{n}": each for n, each in enumerate(asked, 1)}


def _prompt(turn: Turn, refs: dict[str, Open], drafts: dict[str, Waiting]) -> ExtractPrompt:
    conversation, newest = turn.conversation, turn.readable[-1]
    new = [Said("contact", message.text, message.context) for message in turn.readable]
    last = max((each.moved_at for each in refs.values()), default=None)
    return ExtractPrompt(
        now=on_the_wall(reference(newest.sent_at, newest.received_at), conversation.zone),
        zone=conversation.zone,
        default_draft=conversation.default_action == "remind_and_draft",
        questions=tuple(OpenQuestion(ref, each.title) for ref, each in refs.items() if ref[0] == "Q"),
        open=tuple(_shown(ref, each, latest=each.moved_at == last) for ref, each in refs.items() if ref[0] == "T"),
        drafts=tuple(shown(ref, each) for ref, each in drafts.items()),
        turns=(*turn.history[-REMEMBERED:], *new),
        unread=len(new),
        subject=newest.subject,
        private=(conversation.contact_name,) if conversation.contact_name else (),
        asker=str(conversation.contact_id),
    )


def _shown(ref: str, task: Open, *, latest: bool) -> OpenTask:
    due = task.wall.isoformat(timespec="minutes") if task.wall else None
    return OpenTask(ref, task.title, due, repeats=task.rule, reminded=task.reminded, latest=latest)


async def _list(conn: Conn, turn: Turn, now: datetime) -> Line:
    """As it is after everything else the turn brought."""
    conversation = turn.conversation
    open = await acting.spoken_of(
        conn,
        tenant_id=conversation.tenant_id,
        contact_id=conversation.contact_id,
        conversation_id=conversation.id,
        since=now - LATELY,
        most=MOST_OPEN,
    )
    return listed([each for each in open if each.live], conversation.language)


async def _say(conn: Conn, turn: Turn, lines: list[Line], asked: list[UUID], now: datetime) -> None:
    """One message a turn; it asks if anything in it is unclear, such as what to do with the drafts `asked` about."""
    kind: Kind = "clarification" if any(each.asks for each in lines) else "confirmation"
    id = await say(conn, turn, kind, answer(lines), about="followups", quotes=True, now=now)
    if id is not None and asked:
        await drafting.ask(conn, asked, tenant_id=turn.conversation.tenant_id, outbound_message_id=id)
