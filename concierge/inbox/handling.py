"""Handling a turn: think first, with nothing open; then settle everything at once, behind the fence."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from concierge.conversations import store
from concierge.conversations.keeping import advance, load_turn
from concierge.conversations.model import Handle, Message, Skill, Turn
from concierge.credits.model import Reserve
from concierge.errors import ConciergeError, OutOfCredits, TurnFailed, UnknownSkill
from concierge.inbox import paying
from concierge.inbox.acknowledging import acknowledging
from concierge.inbox.consenting import Asked, heed, obey
from concierge.inbox.lateness import note, timely
from concierge.inbox.skills import SKILLS
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.outbox.holding import open_window
from concierge.postgres.query import Conn
from concierge.postgres.queue import put
from concierge.runtime import Runtime

FORGOTTEN = timedelta(minutes=5)
MOST_SWEEPS = 3
FIRST_WAIT = timedelta(minutes=1)  # after the job's own retries; doubles
LONGEST_WAIT = timedelta(hours=1)
MOST_RETRIES = 28  # about a day
NOTICED = 3  # retries, about a quarter of an hour, after which operators are told
BATCH = 500

Thoughts = list[tuple[Skill, Turn, Any]]  # each with the turn as the skill was shown it

log = logger(__name__)


async def handle(runtime: Runtime, conversation_id: UUID) -> None:
    """Handle everything new in the conversation. Raises TurnFailed; harmless to run twice at once."""
    async with runtime.connection() as conn:
        turn = await load_turn(conn, conversation_id)
        if turn is None:
            return
        if (until := turn.conversation.quiet_until) is not None and until > runtime.clock():
            await store.wait_on(conn, conversation_id)
            return
    seen, correlation_id = turn.conversation.last_seq, turn.messages[-1].correlation_id
    with correlate(correlation_id):
        try:
            asked, rest = heed(turn)
            rest, old = timely(rest, runtime.clock())
            reserve = await paying.reserve(runtime, rest) if rest else None
            await _settle(runtime, turn, asked, old, await _think(runtime, rest) if rest else [], reserve)
        except OutOfCredits:
            await paying.wait(runtime, turn, asked)
        except ConciergeError as error:
            raise TurnFailed(
                str(error),
                seen=seen,
                permanent=error.permanent,
                correlation_id=correlation_id,
                retry_after=getattr(error, "retry_after", None),
            ) from error
        except Exception as error:
            name = type(error).__name__
            raise TurnFailed(name, seen=seen, permanent=False, correlation_id=correlation_id) from error


async def _think(runtime: Runtime, turn: Turn) -> Thoughts:
    if odd := [name for name in turn.agent.skills if name not in SKILLS]:
        raise UnknownSkill(f"the agent has a skill that does not exist: {', '.join(odd)}")
    thoughts: Thoughts = []
    async with acknowledging(runtime, turn):
        for name in turn.agent.skills:
            skill = SKILLS[name]
            if turn.conversation.status != "bot" and not skill.listens:
                continue
            thought = await skill.think(runtime, turn)
            if thought is not None:
                thoughts.append((skill, turn, thought))
                turn = msgspec.structs.replace(
                    turn,
                    answered=turn.answered or skill.answers(thought),
                    taken=turn.taken | skill.takes(thought),
                )
    return thoughts


async def _settle(
    runtime: Runtime,
    turn: Turn,
    asked: Asked | None,
    old: list[Message],
    thoughts: Thoughts,
    reserve: Reserve | None,
) -> None:
    async with runtime.begin() as conn:
        status = await advance(conn, turn)
        if status is None:
            log.info("settled by another worker", conversation=str(turn.conversation.id))
            return
        if asked is not None:
            await obey(conn, turn, asked, runtime.clock())
        if old:
            await note(conn, turn, old, runtime.clock())
        if status != "bot":  # a human took over, or somebody closed it, while this was thought about
            thoughts = [each for each in thoughts if each[0].listens]
        for skill, seen, thought in thoughts:
            await skill.settle(conn, seen, thought, runtime.clock())
        # behind the skills: everybody takes a booking or a follow-up first, and then the messages about it
        if turn.conversation.held_back:
            await _catch_up(conn, turn, runtime.clock())
        if reserve is not None:
            await paying.settle(conn, reserve, thoughts, runtime.clock())
        if not turn.agent.skills:
            await _miss_an_agent(conn, turn, runtime.clock())
    log.info("handled", conversation=str(turn.conversation.id), messages=len(turn.messages))


async def _catch_up(conn: Conn, turn: Turn, now: datetime) -> None:
    conversation = turn.conversation
    await open_window(conn, conversation_id=conversation.id, tenant_id=conversation.tenant_id, now=now)


async def _miss_an_agent(conn: Conn, turn: Turn, now: datetime) -> None:
    """Nobody answers on this account: messages are kept, and somebody should know."""
    conversation, text = turn.conversation, "messages arrive on an account that has no agent"
    account = conversation.channel_account_id
    await notify(conn, conversation.tenant_id, "channel_account", account, "no_agent", text, now=now)


async def give_up(runtime: Runtime, conversation_id: UUID, error: BaseException) -> None:
    """The job's own retries are used up: try again later if that may help, else park it and tell an operator.

    If the conversation has heard more than the failed run knew of, that deserves a try first: those messages found
    it busy and left no job.
    """
    now = runtime.clock()
    async with runtime.begin() as conn:
        conversation = await store.hold(conn, conversation_id)
        if conversation is None:
            return
        if isinstance(error, TurnFailed) and conversation.last_seq > error.seen:
            await put(conn, Handle(conversation_id))
        elif getattr(error, "permanent", False) or conversation.retries >= MOST_RETRIES:
            await _park(conn, conversation, str(error), now)
        else:
            asked = timedelta(seconds=getattr(error, "retry_after", None) or 0)
            wait = min(max(FIRST_WAIT * 2**conversation.retries, asked), LONGEST_WAIT)
            await store.postpone(conn, conversation_id, retry_at=now + wait, reason=str(error))
            if conversation.retries == NOTICED:
                tenant_id, text = conversation.tenant_id, f"not handled for a while: {error}"
                await notify(conn, tenant_id, "conversation", conversation_id, "delayed", text, now=now)


async def _park(conn: Conn, conversation: store.Unhandled, reason: str, now: datetime) -> None:
    await store.park(conn, conversation.id, reason=reason, now=now)
    await notify(conn, conversation.tenant_id, "conversation", conversation.id, "parked", reason, now=now)


async def retry(runtime: Runtime) -> None:
    """Tick: wake conversations whose wait is over."""
    async with runtime.begin() as conn:
        ids = await store.due_again(conn, now=runtime.clock(), limit=BATCH)
        await put(conn, *(Handle(id) for id in ids))


async def quiet(runtime: Runtime) -> None:
    """Tick: wake conversations in which nobody has written for as long as their agent waits."""
    async with runtime.begin() as conn:
        ids = await store.gone_quiet(conn, now=runtime.clock(), limit=BATCH)
        await put(conn, *(Handle(id) for id in ids))


async def sweep(runtime: Runtime) -> None:
    """Tick: wake conversations whose wake-up was lost; one that must be woken again and again is parked."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.forgotten(conn, before=now - FORGOTTEN, limit=BATCH)
        for swept in await store.count_sweep(conn, ids=ids):
            if swept.count <= MOST_SWEEPS:
                await put(conn, Handle(swept.id))
            elif conversation := await store.hold(conn, swept.id):
                await _park(conn, conversation, "never finished", now)
