"""The one answer of a turn: greeted with once, polished, and posted under its key."""

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from concierge.audit import record
from concierge.conversations import store
from concierge.conversations.model import Agent, Turn
from concierge.outbox.manners import SERVICE_LISTS, Manners, greeting, phrases, sanitized
from concierge.outbox.model import POLICIES, Kind, NewMessage, Payload
from concierge.outbox.posting import post
from concierge.postgres.query import Conn

LATE = timedelta(seconds=10)  # after which people have gone on to something else


async def say(conn: Conn, turn: Turn, kind: Kind, text: str, *, about: str, quotes: bool, now: datetime) -> UUID | None:
    """Post the answer to the turn; its id, or None when it was given before.

    `about` (a question's key, "reply") makes its dedupe key, with the message that is answered: nothing is asked twice
    for one message. Mail is always a reply to something, whatever `quotes` says.
    """
    conversation, newest = turn.conversation, turn.newest
    manners = manners_of(turn.agent, conversation.language)
    if POLICIES[kind].polished:
        text = await _polished(conn, turn, text, manners, now)
    hello = "" if conversation.greeted else greeting(manners, agent=turn.agent.name, business=conversation.tenant_name)
    if hello and await store.greet(conn, conversation.id, tenant_id=conversation.tenant_id, now=now):
        text = f"{hello}\n\n{text}"
    message = NewMessage(
        tenant_id=conversation.tenant_id,
        channel_account_id=conversation.channel_account_id,
        conversation_id=conversation.id,
        identity_id=conversation.identity_id,
        kind=kind,
        payload=Payload(
            text=text,
            subject=newest.subject,
            quotes=newest.provider_message_id if quotes or conversation.channel == "email" else None,
        ),
        correlation_id=newest.correlation_id,
    )
    return await post(conn, message, key=f"{conversation.id}:{newest.id}:{about}", now=now)


async def moved_on(conn: Conn, turn: Turn, now: datetime) -> bool:
    """Whether it would be unclear what an answer is to: more has come since, or it comes late."""
    after = await store.count_after(conn, turn.conversation.id, seq=turn.upto_seq)
    return is_contextual(after, now - turn.newest.received_at)


def is_contextual(after: int, waited: timedelta) -> bool:
    """Whether an answer quotes its message: more than one came `after` it, or its writer `waited` more than 10 s."""
    return after > 1 or waited > LATE


def manners_of(agent: Agent, language: str) -> Manners:
    """An agent that asks its way through an intake greets, and lists no services, unless its settings say otherwise.

    What they do not say is said in `language`.
    """
    words = phrases(language)
    usual = Manners(fallback=words.fallback)
    if "intake" in agent.skills:
        usual = Manners(greeting=words.greeting, forbidden=SERVICE_LISTS, fallback=words.fallback)
    return msgspec.convert(msgspec.structs.asdict(usual) | agent.settings.get("manners", {}), Manners)


async def _polished(conn: Conn, turn: Turn, text: str, manners: Manners, now: datetime) -> str:
    clean, acted = sanitized(text, manners)
    if acted:
        conversation, detail = turn.conversation, f"taken out of an answer: {'; '.join(acted)}"
        await record(
            conn,
            conversation.tenant_id,
            "conversation",
            conversation.id,
            "conversation.sanitized",
            detail,
            correlation_id=turn.newest.correlation_id,
            now=now,
        )
    return clean
