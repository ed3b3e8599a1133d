"""What Mailgun's webhooks say about mail that went out through its SMTP server.

Source: Mailgun, “Webhooks” and “Webhook payloads” (`event-data`, signed by the `signature` beside it), “Attaching
metadata to messages” (`X-Mailgun-Variables`). The Message-ID is the mail's own.

| event | receipt | opt-out |
|---|---|---|
| accepted | sent | |
| delivered, opened, clicked | delivered | |
| failed, permanent | failed | where the address bounced, or is on a list of Mailgun's |
| failed, temporary: Mailgun tries again | | |
| rejected | failed | |
| complained, unsubscribed | | its recipient |
"""

import json
from typing import Any

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
    SENT,
    UNSUBSCRIBED,
    Verdict,
    told,
)
from concierge.channels.model import Event, Raw

EVENTS = {
    "accepted": SENT,
    "delivered": DELIVERED,
    "opened": DELIVERED,
    "clicked": DELIVERED,
    "rejected": FAILED,
    "complained": COMPLAINED,
    "unsubscribed": UNSUBSCRIBED,
}
REASONS = {
    "bounce": BOUNCED,
    "suppress-bounce": BOUNCED,
    "suppress-complaint": KEPT_BACK["complaint"],
    "suppress-unsubscribe": KEPT_BACK["unsubscribe"],
}


class Signature(Struct):
    """What proves the webhook, as the fields of the same names prove a form."""

    timestamp: str = ""
    token: str = ""
    signature: str = ""


class _Status(Struct):
    code: int | str | None = None
    message: str | None = None
    description: str | None = None


class _Envelope(Struct):
    sender: str | None = None


class _Message(Struct):
    headers: dict[str, Any] | None = None


class _Event(Struct, rename="kebab"):
    event: str
    timestamp: float | None = None
    recipient: str | None = None
    severity: str | None = None
    reason: str | None = None
    delivery_status: _Status | None = None
    envelope: _Envelope | None = None
    message: _Message | None = None
    user_variables: dict[str, Any] | None = None


class _Webhook(Struct, rename="kebab"):
    event_data: _Event
    signature: Signature = field(default_factory=Signature)


class _Signed(Struct):
    signature: Signature


_webhook = Decoder(_Webhook)
_signed = Decoder(_Signed)


def headers(mark: Mark) -> dict[str, str]:
    """What makes Mailgun give the mark back."""
    return {"X-Mailgun-Variables": json.dumps(mark.fields())}


def signature_of(body: bytes) -> Signature:
    """What the webhook is signed with. Raises Malformed."""
    return decoded(_signed, body).signature


def events_in(raw: Raw) -> list[Event]:
    """What the webhook says about a mail of ours. Raises Malformed."""
    event = decoded(_webhook, raw.body).event_data
    named = (event.message and event.message.headers) or {}
    status = event.delivery_status or _Status()
    return told(
        _verdict(event),
        raw,
        fields=event.user_variables or {},
        recipient=event.recipient,
        at=instant(event.timestamp),
        sender=str(named.get("from") or (event.envelope and event.envelope.sender) or ""),
        message_id=str(named.get("message-id") or ""),
        code=str(status.code or event.reason or ""),
        error=status.description or status.message or event.reason,
    )


def _verdict(event: _Event) -> Verdict | None:
    if event.event != "failed":
        return EVENTS.get(event.event)
    return None if event.severity == "temporary" else REASONS.get(event.reason or "", FAILED)
