"""The cursor of a conversation: what is new, and moving past it exactly once."""

from uuid import UUID

from concierge.conversations import store
from concierge.conversations.model import Handle, Turn
from concierge.postgres.query import Conn
from concierge.postgres.queue import put

MOST_MESSAGES = 50  # a turn reads at most so many; the rest is the next turn
REMEMBERED = 20  # earlier messages, both sides, that a model is shown: ten of a person's and what was answered


async def load_turn(conn: Conn, conversation_id: UUID) -> Turn | None:
    """Everything unhandled in the conversation; None when nothing is."""
    conversation = await store.find(conn, conversation_id)
    if conversation is None or conversation.handled_seq == conversation.last_seq:
        return None
    cursor = conversation.handled_seq
    read = await store.read(
        conn, conversation_id=conversation_id, after=cursor, most=MOST_MESSAGES, remembered=REMEMBERED
    )
    if not read.messages:  # they went to another conversation meanwhile
        return None
    return Turn(conversation=conversation, messages=read.messages, history=read.history)


async def advance(conn: Conn, turn: Turn) -> str | None:
    """Move the cursor past the turn. The conversation's status as it is now; from here on nobody else changes it.

    None: somebody else was first, everything thought of must be dropped. Messages that came meanwhile found the
    conversation busy and left no job, so one is put here, unless another fragment is waited for.
    """
    conversation = turn.conversation
    moved = await store.advance(conn, conversation.id, since=conversation.handled_seq, upto=turn.upto_seq)
    if moved is None:
        return None
    if moved.last_seq > turn.upto_seq and not moved.waits:
        await put(conn, Handle(conversation.id))
    return moved.status
