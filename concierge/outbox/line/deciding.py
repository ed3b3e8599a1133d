"""What is to become of the head of a line. Pure: the rules of consent, quiet hours and windows on one page."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from concierge.channels.model import Template
from concierge.outbox.line.model import Head
from concierge.outbox.model import POLICIES, SUPPRESSED
from concierge.outbox.quiet import release
from concierge.templates.choosing import Fitting, choose

TEMPLATE_REQUIRED = "template_required"
LONGER = timedelta(days=6)
"""After the day that Instagram gives to everything it gives people's own words a week in all (Meta, “Human agent”)."""
WITHDRAWN = "what it speaks of has changed"


class Clear(Struct, frozen=True):
    """It may be sent: as it is, as a template, or as a person's own words after the window."""

    extra: Template | None
    by_human_agent: bool = False


class Aside(Struct, frozen=True):
    """It is not to be sent now; `until` where it waits for a time."""

    status: Literal["held", "blocked", "expired", "cancelled"]
    reason: str
    until: datetime | None = None


def needs_template(head: Head, now: datetime) -> bool:
    """Whether it has none, and free text is not taken any more, or was never asked for."""
    if head.extra is not None or isinstance(head.payload.extra, Template):
        return False
    return head.windowed and (head.window_until is None or head.window_until <= now)


def decide(head: Head, templates: Sequence[Fitting], now: datetime) -> Clear | Aside:
    """Void, too late, talked over, unwanted, at a bad hour, in need of a template. `templates` stand for its kind."""
    if (pointless := _pointless(head, now)) is not None:
        return pointless
    if head.suppressed == "all" and not POLICIES[head.kind].despite_suppression:
        return Aside("blocked", SUPPRESSED)
    if (quiet := _quiet(head, now)) is not None:
        return quiet
    if not needs_template(head, now):
        return Clear(head.extra)
    return Clear(None, by_human_agent=True) if _by_human_agent(head, now) else _as_template(head, templates)


def _pointless(head: Head, now: datetime) -> Aside | None:
    """The bot does not talk over a human, and nobody is told what is over or has changed."""
    if head.withdrawn:
        return Aside("cancelled", WITHDRAWN)
    if head.human and POLICIES[head.kind].yields:
        return Aside("cancelled", "a human leads the conversation")
    if head.expires_at is not None and head.expires_at <= now:
        return Aside("expired", "it could not be sent in time")
    return None


def _quiet(head: Head, now: datetime) -> Aside | None:
    """Held until the quiet hours are over; an answer, which somebody waits for, never is."""
    until = release(now, zone=head.zone, start=head.quiet_from, end=head.quiet_until)
    if until is None or POLICIES[head.kind].answers:
        return None
    if head.expires_at is not None and head.expires_at <= until:
        return Aside("expired", "quiet hours last longer than it is of use")
    return Aside("held", f"quiet hours until {until.isoformat(timespec='minutes')}", until)


def _by_human_agent(head: Head, now: datetime) -> bool:
    """Whether Instagram still takes it from a person, where Meta lets this account (its setting `human_agent`)."""
    allowed = head.channel == "instagram" and head.kind == "operator" and head.settings.get("human_agent") is True
    return allowed and head.window_until is not None and now < head.window_until + LONGER


def _as_template(head: Head, templates: Sequence[Fitting]) -> Clear | Aside:
    facts = {
        **head.payload.facts,
        "text": head.payload.text,
        "subject": head.payload.subject,
        "contact_name": head.contact_name,
        "tenant_name": head.tenant_name,
    }
    chosen = choose(templates, (head.language, head.tenant_language), facts)
    if chosen is None:
        return Aside("blocked", TEMPLATE_REQUIRED)
    if chosen.marketing and head.suppressed:
        return Aside("blocked", SUPPRESSED)
    if head.payload.part > 1:
        return Aside("cancelled", "the first part of it stands for the whole, as a template")
    return Clear(chosen.template)
