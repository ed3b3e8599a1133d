"""What a person wants to be different from now on."""

import re
from datetime import datetime
from zoneinfo import available_timezones

from concierge.audit import record
from concierge.conversations.model import Turn
from concierge.followups.acting import store
from concierge.followups.acting.model import Line
from concierge.llm.purposes import Preferred
from concierge.postgres.query import Conn

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_LONGEST = {"name": 80, "tone": 60}  # characters


async def prefer(conn: Conn, turn: Turn, wanted: Preferred, now: datetime) -> list[Line]:
    """Keep what makes sense; what to say about it."""
    conversation, lines = turn.conversation, []
    name, tone = _line(wanted.name, "name"), _line(wanted.tone, "tone")
    zone = wanted.zone if wanted.zone in available_timezones() else None
    language = wanted.language if wanted.language and _LANGUAGE.fullmatch(wanted.language) else None
    known = {"name": name, "zone": zone, "tone": tone, "language": language}
    chosen = [field for field, value in known.items() if value is not None]
    if chosen and await store.prefer(conn, tenant_id=conversation.tenant_id, conversation_id=conversation.id, **known):
        lines = [Line(_said(field, str(known[field]))) for field in chosen]
        detail, id = f"by message: {', '.join(chosen)}", turn.newest.correlation_id
        await record(
            conn,
            conversation.tenant_id,
            "contact",
            conversation.contact_id,
            "contact.preferred",
            detail,
            correlation_id=id,
            now=now,
        )
    if wanted.zone and zone is None:
        lines.append(Line("I don't know that time zone. Which larger city has the same time as you?", asks=True))
    return lines


def _line(text: str | None, field: str) -> str | None:
    """One line of printable text, or None."""
    words = " ".join("".join(each if each.isprintable() else " " for each in text or "").split())
    return words[: _LONGEST[field]] or None


def _said(field: str, value: str) -> str:
    return {
        "name": f"I'll call you {value}.",
        "zone": f"I'll go by {value} time from now on. What is planned already keeps its time.",
        "tone": f"I'll keep it {value}.",
        "language": f"Noted: you prefer the language “{value}”.",
    }[field]
