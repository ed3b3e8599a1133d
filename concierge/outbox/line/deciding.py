"""What is to become of the head of a line. Pure: the rules of consent, quiet hours and windows on one page."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from concierge.channels.model import Template
from concierge.outbox.line.model import Head
from concierge.outbox.model import POLICIES, SUPPRESSED
from concierge.outbox.quiet import release
from concierge.templates.choosing import Fitting, choose

TEMPLATE_REQUIRED = "template_required"
WITHDRAWN = "what it speaks of has changed"


class Clear(Struct, frozen=True):
    """It may be sent: as it is, or as a template."""

    extra: Template | None


class Aside(Struct, frozen=True):
    """It is not to be sent now; `until` where it waits for a time."""

    status: Literal["held", "blocked", "expired", "cancelled"]
    reason: str
    until: datetime | None = None


def outside(head: Head, now: datetime) -> bool:
    """Whether free text is not taken any more, or was never asked for."""
    return head.windowed and (head.window_until is None or head.window_until <= now)


def decide(head: Head, templates: Sequence[Fitting], now: datetime) -> Clear | Aside:
    """Void, too late, talked over, unwanted, at a bad hour, in need of a template. `templates` stand for its kind."""
    if (pointless := _pointless(head, now)) is not None:
        return pointless
    if head.suppressed == "all" and not POLICIES[head.kind].despite_suppression:
        return Aside("blocked", SUPPRESSED)
    if (quiet := _quiet(head, now)) is not None:
        return quiet
    if head.extra is not None or not outside(head, now):
        return Clear(head.extra)
    verdict = _as_template(head, templates)
    if head.payload.part > 1 and isinstance(verdict, Clear):
        return Aside("cancelled", "the first part of it stands for the whole, as a template")
    return verdict


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
    return Clear(chosen.template)
