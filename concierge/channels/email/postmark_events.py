"""What Postmark's other webhooks say about mail that went out through its SMTP server.

Source: Postmark, “Webhooks overview” and its pages, “Bounce types”, “Custom metadata FAQ” (`X-PM-Metadata-…`, 80
characters a value), “Sending email with SMTP” (`X-PM-KeepID`).

| RecordType | receipt | opt-out |
|---|---|---|
| Delivery, Open, Click | delivered | |
| Bounce of a type in `BOUNCES`; where Postmark deactivated the address | failed | as its type says; the address |
| Bounce of another type: delays, auto-replies | | |
| SpamComplaint | | its recipient |
| SubscriptionChange | | as its reason says; a reactivated address may be written to again |
"""

from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import decoded
from concierge.channels.email.instants import instant
from concierge.channels.email.marks import Mark
from concierge.channels.email.verdicts import (
    BOUNCED,
    COMPLAINED,
    DELIVERED,
    FAILED,
    KEPT_BACK,
    REACTIVATED,
    UNSUBSCRIBED,
    Verdict,
    told,
)
from concierge.channels.model import Event, Raw

LONGEST = 80  # characters of one value
RECORDS = {"Delivery": DELIVERED, "Open": DELIVERED, "Click": DELIVERED, "SpamComplaint": COMPLAINED}
BOUNCES = {
    "HardBounce": BOUNCED,
    "BadEmailAddress": BOUNCED,
    "SpamComplaint": KEPT_BACK["complaint"],
    "SpamNotification": KEPT_BACK["complaint"],
    "Unsubscribe": UNSUBSCRIBED,
    "SoftBounce": FAILED,
    "Blocked": FAILED,
    "DMARCPolicy": FAILED,
    "ManuallyDeactivated": FAILED,
    "SMTPApiError": FAILED,
    "TemplateRenderingFailed": FAILED,
    "Unconfirmed": FAILED,
    "VirusNotification": FAILED,
}
REASONS = {"HardBounce": "bounce", "SpamComplaint": "complaint", "ManualSuppression": "unsubscribe"}


class _Told(Struct, rename="pascal"):
    record_type: str
    type: str | None = None
    inactive: bool = False
    from_: str | None = field(default=None, name="From")
    email: str | None = None
    recipient: str | None = None
    description: str | None = None
    details: str | None = None
    delivered_at: str | None = None
    bounced_at: str | None = None
    received_at: str | None = None
    changed_at: str | None = None
    suppress_sending: bool = True
    suppression_reason: str | None = None
    metadata: dict[str, Any] | None = None


_told = Decoder(_Told)


def headers(mark: Mark) -> dict[str, str]:
    """What makes Postmark give the mark back, and keep our Message-ID, which replies name."""
    metadata = {f"X-PM-Metadata-{name}": value for name, value in mark.fields().items() if len(value) <= LONGEST}
    return {**metadata, "X-PM-KeepID": "true"}


def events_in(raw: Raw) -> list[Event]:
    """What the webhook says about a mail of ours. Raises Malformed."""
    event = decoded(_told, raw.body)
    when = event.delivered_at or event.bounced_at or event.received_at or event.changed_at
    return told(
        _verdict(event),
        raw,
        fields=event.metadata or {},
        recipient=event.recipient or event.email,
        at=instant(when),
        sender=event.from_,
        code=event.type,
        error=event.details or event.description,
    )


def _verdict(event: _Told) -> Verdict | None:
    if event.record_type == "Bounce":
        verdict = BOUNCES.get(event.type or "")
        return BOUNCED if verdict == FAILED and event.inactive else verdict
    if event.record_type == "SubscriptionChange":
        reason = REASONS.get(event.suppression_reason or "", "unsubscribe")
        return msgspec.structs.replace(KEPT_BACK[reason], status=None) if event.suppress_sending else REACTIVATED
    return RECORDS.get(event.record_type)
