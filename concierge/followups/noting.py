"""A follow-up that a turn asks for becomes a task, or the answer to a question completes one."""

from datetime import datetime

from concierge.conversations.model import Turn
from concierge.followups import store
from concierge.followups.acting import store as acting
from concierge.followups.acting.model import Line, Open
from concierge.followups.evidence import evidence, settled, source
from concierge.followups.scheduling import Due, Unclear
from concierge.followups.texts.wording import LONGEST_TITLE, noted, shortened
from concierge.llm.purposes import FoundTask
from concierge.postgres.query import Conn


async def note(conn: Conn, turn: Turn, found: FoundTask, question: Open | None, now: datetime) -> Line:
    """Write it down; what to say about it."""
    when = settled(found.when, turn, now=now)
    if question is not None:
        if isinstance(when, Due):
            await _complete(conn, turn, found, question, when, now)
        return noted(question.title, when, turn.conversation.language)
    due, title = when if isinstance(when, Due) else None, shortened(found.title, LONGEST_TITLE)
    spoken = found.when.quote if found.when else ""
    message = source(turn.readable, found.quote, spoken)
    await store.add(
        conn,
        tenant_id=turn.conversation.tenant_id,
        conversation_id=turn.conversation.id,
        inbound_message_id=message.id,
        title=title,
        kind="remind_and_draft" if found.draft else "remind",
        status="pending" if due else "needs_clarification",
        reason=when.reason if isinstance(when, Unclear) else None,
        due_at=due.at if due else None,
        zone=turn.conversation.zone,
        wall=due.wall if due else None,
        grain=due.grain if due else None,
        quote=spoken or None,
        evidence=evidence(message, found.quote, spoken),
        rule=due.rule if due else None,
        rule_from=due.rule_from if due else None,
        correlation_id=message.correlation_id,
        now=now,
    )
    return noted(title, when, turn.conversation.language)


def told(turn: Turn, found: FoundTask, now: datetime) -> Line:
    """What `note` would say of a new one."""
    title = shortened(found.title, LONGEST_TITLE)
    return noted(title, settled(found.when, turn, now=now), turn.conversation.language)


async def _complete(conn: Conn, turn: Turn, found: FoundTask, question: Open, when: Due, now: datetime) -> None:
    await acting.put_at(
        conn,
        question.id,
        tenant_id=turn.conversation.tenant_id,
        snooze=False,
        due_at=when.at,
        wall=when.wall,
        zone=when.zone,
        grain=when.grain,
        quote=found.when.quote if found.when else None,
        rule=when.rule,
        rule_from=when.rule_from,
        now=now,
    )
