"""STOP and START come before every skill: they are heeded whatever the conversation is about and whoever leads it."""

from datetime import datetime

import msgspec
from msgspec import Struct

from concierge.consent import store
from concierge.consent.words import Word, said
from concierge.conversations.model import Message, Turn
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn


class Asked(Struct, frozen=True):
    """The last word in a turn that asked for silence, or for its end."""

    word: Word
    message: Message


def heed(turn: Turn) -> tuple[Asked | None, Turn | None]:
    """What the turn asks for, and what is left of it to think about; None when nothing is.

    What a silent person writes is kept and not thought about. START means something to them only: to everybody else
    it is a word like any other.
    """
    silent, asked = turn.conversation.suppressed, None
    left: list[Message] = []
    for message in turn.messages:
        word = said(message.text) if message.automated is None else None
        if word is not None and word.wants == "stop":
            asked = Asked(word, message)
            if word.scope == "all":
                silent, left = True, []
        elif word is not None and silent:
            silent, asked = False, Asked(word, message)
        elif not silent:
            left.append(message)
    return asked, msgspec.structs.replace(turn, messages=left) if left else None


async def obey(conn: Conn, turn: Turn, asked: Asked, now: datetime) -> None:
    """Suppress or lift, and say so once: a second STOP is met with silence."""
    conversation, word = turn.conversation, asked.word
    who = {"tenant_id": conversation.tenant_id, "identity_id": conversation.identity_id}
    if word.wants == "stop":
        reason = f"wrote “{asked.message.text.strip()[:50]}”"
        changed = await store.suppress_person(conn, **who, scope=word.scope, reason=reason, source="word", now=now)
    else:
        changed = await store.lift_person(conn, **who, now=now)
    if changed:
        answer = NewMessage(
            tenant_id=conversation.tenant_id,
            channel_account_id=conversation.channel_account_id,
            conversation_id=conversation.id,
            identity_id=conversation.identity_id,
            kind="consent",
            payload=Payload(text=word.answer, subject=asked.message.subject, quotes=asked.message.provider_message_id),
            correlation_id=asked.message.correlation_id,
        )
        await post(conn, answer, key=f"conversation:{conversation.id}:consent:{asked.message.seq}", now=now)
