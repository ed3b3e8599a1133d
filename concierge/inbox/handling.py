"""Handling a turn: think first, with nothing open; then settle everything at once, behind the fence."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from concierge.conversations import store
from concierge.conversations.keeping import advance, load_turn
from concierge.conversations.model import Handle, Skill, Turn
from concierge.errors import ConciergeError, TurnFailed
from concierge.inbox.consenting import Asked, heed, obey
from concierge.inbox.skills import SKILLS
from concierge.log import correlate, logger
from concierge.notifications import notify
from concierge.postgres.queue import put
from concierge.runtime import Runtime

FORGOTTEN = timedelta(minutes=5)
MOST_SWEEPS = 3
BATCH = 500

log = logger(__name__)


async def handle(runtime: Runtime, conversation_id: UUID) -> None:
    """Handle everything new in the conversation. Raises TurnFailed; harmless to run twice at once."""
    async with runtime.connection() as conn:
        turn = await load_turn(conn, conversation_id)
    if turn is None:
        return
    with correlate(turn.messages[-1].correlation_id):
        try:
            asked, rest = heed(turn)
            await _settle(runtime, turn, asked, rest, await _think(runtime, rest) if rest else [])
        except ConciergeError as error:
            raise TurnFailed(str(error), seen=turn.conversation.last_seq, permanent=error.permanent) from error
        except Exception as error:
            raise TurnFailed(type(error).__name__, seen=turn.conversation.last_seq, permanent=False) from error


async def _think(runtime: Runtime, turn: Turn) -> list[tuple[Skill, Any]]:
    if turn.conversation.status != "bot":
        return []
    skills = [SKILLS[name] for name in turn.conversation.skills if name in SKILLS]
    thoughts = [(skill, await skill.think(runtime, turn)) for skill in skills]
    return [(skill, thought) for skill, thought in thoughts if thought is not None]


async def _settle(
    runtime: Runtime, turn: Turn, asked: Asked | None, rest: Turn | None, thoughts: list[tuple[Skill, Any]]
) -> None:
    async with runtime.begin() as conn:
        if not await advance(conn, turn):
            log.info("settled by another worker", conversation=str(turn.conversation.id))
            return
        if asked is not None:
            await obey(conn, turn, asked, runtime.clock())
        for skill, thought in thoughts:
            await skill.settle(conn, rest or turn, thought, runtime.clock())
    log.info("handled", conversation=str(turn.conversation.id), messages=len(turn.messages))


async def give_up(runtime: Runtime, conversation_id: UUID, error: BaseException) -> None:
    """Park the conversation and tell an operator; if it has heard more meanwhile, that deserves a try first."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        conversation = await store.find(conn, conversation_id)
        if conversation is None:
            return
        seen = error.seen if isinstance(error, TurnFailed) else conversation.last_seq
        if await store.park(conn, conversation_id, seen=seen, reason=str(error), now=now):
            tenant_id = conversation.tenant_id
            await notify(conn, tenant_id, "conversation", conversation_id, "parked", str(error), now=now)
        elif conversation.last_seq > seen:
            await put(conn, Handle(conversation_id))


async def sweep(runtime: Runtime) -> None:
    """Tick: wake conversations whose wake-up was lost; one that must be woken again and again is parked."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.forgotten(conn, before=now - FORGOTTEN, limit=BATCH)
        for swept in await store.count_sweep(conn, ids=ids):
            if swept.count <= MOST_SWEEPS:
                await put(conn, Handle(swept.id))
            elif await store.park(conn, swept.id, seen=swept.last_seq, reason="never finished", now=now):
                await notify(conn, swept.tenant_id, "conversation", swept.id, "parked", "never finished", now=now)
