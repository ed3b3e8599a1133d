"""What Resend's webhooks say about mail that went out through its SMTP server.

Source: Resend, “Event types” and the page of each event, “Idempotency keys” (`Resend-Idempotency-Key` by SMTP).
A mail's own headers come back in `data.headers`. Of one key Resend sends one mail a day: a retry cannot come twice.

| event | receipt | opt-out |
|---|---|---|
| email.sent | sent | |
| email.delivered, email.opened, email.clicked | delivered | |
| email.bounced | failed | its recipient, where the bounce is `Permanent` |
| email.failed | failed | |
| email.suppressed | failed | its recipient |
| email.complained | | its recipient |
| email.delivery_delayed, others | | |
"""

import json
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, decoded
from concierge.channels.email.instants import instant
from concierge.channels.email.marks import Mark
from concierge.channels.email.verdicts import BOUNCED, COMPLAINED, DELIVERED, FAILED, KEPT_BACK, SENT, Verdict, told
from concierge.channels.model import Event, Raw

HEADER = "X-Concierge"
EVENTS = {
    "email.sent": SENT,
    "email.delivered": DELIVERED,
    "email.opened": DELIVERED,
    "email.clicked": DELIVERED,
    "email.failed": FAILED,
    "email.suppressed": KEPT_BACK["bounce"],
    "email.complained": COMPLAINED,
}


class _Header(Struct):
    name: str
    value: Any = None


class _Bounce(Struct, rename="camel"):
    type: str | None = None
    sub_type: str | None = None
    message: str | None = None


class _Failed(Struct):
    reason: str | None = None


class _Mail(Struct):
    from_: str | None = field(default=None, name="from")
    to: list[str] | None = None
    message_id: str | None = None
    headers: list[_Header] | None = None
    bounce: _Bounce | None = None
    failed: _Failed | None = None


class _Event(Struct):
    type: str
    created_at: str | None = None
    data: _Mail = field(default_factory=_Mail)


_event = Decoder(_Event)


def headers(mark: Mark) -> dict[str, str]:
    """What makes Resend give the mark back, and send a message once, however often it is handed over.

    The same for every attempt: under one key Resend takes the same mail only.
    """
    any_attempt = msgspec.structs.replace(mark, attempt=None)
    return {HEADER: json.dumps(any_attempt.fields()), "Resend-Idempotency-Key": str(mark.outbound_id)}


def events_in(raw: Raw) -> list[Event]:
    """What the webhook says about a mail of ours. Raises Malformed."""
    event = decoded(_event, raw.body)
    mail, bounce = event.data, event.data.bounce or _Bounce()
    return told(
        _verdict(event.type, bounce),
        raw,
        fields=_fields(mail.headers or []),
        recipient=next(iter(mail.to or ()), None),
        at=instant(event.created_at),
        sender=mail.from_,
        message_id=mail.message_id,
        code=".".join(one for one in (bounce.type, bounce.sub_type) if one) or event.type,
        error=bounce.message or (mail.failed.reason if mail.failed else None),
    )


def _verdict(type: str, bounce: _Bounce) -> Verdict | None:
    if type == "email.bounced":
        return BOUNCED if bounce.type == "Permanent" else FAILED
    return EVENTS.get(type)


def _fields(named: list[_Header]) -> dict[str, Any]:
    for header in named:
        if header.name.lower() == HEADER.lower() and isinstance(header.value, str):
            try:
                return msgspec.json.decode(header.value, type=dict[str, Any])
            except UNDECODABLE:
                break
    return {}
