"""What a person wants to be different from now on."""

import re
from datetime import datetime
from zoneinfo import available_timezones

from concierge.audit import record
from concierge.conversations.model import Turn
from concierge.followups.acting import store
from concierge.followups.acting.model import Line
from concierge.followups.texts.phrases import phrases
from concierge.followups.texts.wording import place
from concierge.llm.purposes import Preferred
from concierge.postgres.query import Conn

_LANGUAGE = re.compile(r"[a-z]{2,3}(_[A-Z]{2})?")
_LONGEST = {"name": 80, "tone": 60}  # characters


def language_of(wanted: Preferred | None) -> str | None:
    """The language they want to be spoken to in, where it makes sense."""
    language = wanted.language if wanted else None
    return language if language and _LANGUAGE.fullmatch(language) else None


async def prefer(conn: Conn, turn: Turn, wanted: Preferred, now: datetime) -> list[Line]:
    """Keep what makes sense; what to say about it."""
    conversation, lines = turn.conversation, []
    name, tone = _line(wanted.name, "name"), _line(wanted.tone, "tone")
    zone = wanted.zone if wanted.zone in available_timezones() else None
    language, words = language_of(wanted), phrases(conversation.language)
    known = {"name": name, "zone": zone, "tone": tone, "language": language}
    told = known | {"zone": zone and place(now, zone, conversation.language)}
    chosen = [field for field, value in known.items() if value is not None]
    if chosen and await store.prefer(conn, tenant_id=conversation.tenant_id, conversation_id=conversation.id, **known):
        said = {"name": words.name, "zone": words.zone, "tone": words.tone, "language": words.language}
        lines = [Line(said[field].format(**told)) for field in chosen]
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
        lines.append(Line(words.unknown_zone, asks=True))
    return lines


def _line(text: str | None, field: str) -> str | None:
    """One line of printable text, or None."""
    words = " ".join("".join(each if each.isprintable() else " " for each in text or "").split())
    return words[: _LONGEST[field]] or None
