"""What Brevo's transactional webhooks say about mail that went out through its SMTP relay: one event, or a list.

Source: Brevo, “Transactional webhooks” (the payloads), “Batched webhooks”, and “Send transactional emails with SMTP
headers” (`X-Mailin-custom`, which comes back as it was). No event names the sender: the mark does.

| event | receipt | opt-out |
|---|---|---|
| request | sent | |
| delivered, opened, unique_opened, proxy_open, click | delivered | |
| hard_bounce, invalid_email | failed | its recipient |
| soft_bounce, blocked, error | failed | |
| spam, complaint, unsubscribe, unsubscribed | | its recipient |
| deferred: Brevo tries again | | |
"""

import json
from typing import Any

import msgspec
from msgspec import Raw as Json
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, decoded
from concierge.channels.email.batches import each
from concierge.channels.email.instants import instant
from concierge.channels.email.marks import Mark
from concierge.channels.email.verdicts import (
    BOUNCED,
    COMPLAINED,
    DELIVERED,
    FAILED,
    SENT,
    UNSUBSCRIBED,
    told,
)
from concierge.channels.model import Event, Raw
from concierge.errors import Malformed

EVENTS = {
    "request": SENT,
    "delivered": DELIVERED,
    "opened": DELIVERED,
    "unique_opened": DELIVERED,
    "proxy_open": DELIVERED,
    "unique_proxy_open": DELIVERED,
    "click": DELIVERED,
    "hard_bounce": BOUNCED,
    "invalid_email": BOUNCED,
    "soft_bounce": FAILED,
    "blocked": FAILED,
    "error": FAILED,
    "spam": COMPLAINED,
    "complaint": COMPLAINED,
    "unsubscribe": UNSUBSCRIBED,
    "unsubscribed": UNSUBSCRIBED,
}


class _Event(Struct):
    event: str
    email: str | None = None
    message_id: str | None = field(default=None, name="message-id")
    ts_epoch: float | None = (
        None  # milliseconds, UTC; `ts`, `ts_event` and `date` are on the clock of the Brevo account
    )
    reason: str | None = None
    custom: Any = field(default=None, name="X-Mailin-custom")


_list = Decoder(list[Json])
_event = Decoder(_Event)


def headers(mark: Mark) -> dict[str, str]:
    """What makes Brevo give the mark back."""
    return {"X-Mailin-custom": json.dumps(mark.fields())}


def events_in(raw: Raw) -> list[Event]:
    """What the webhook says about mail of ours, as far as it can be read. Raises Malformed where nothing can."""
    if not raw.body.lstrip().startswith(b"["):
        return _of_one(decoded(_event, raw.body), raw)
    items = decoded(_list, raw.body)
    if not items:
        raise Malformed("The list holds no event.")
    return each(items, lambda item, pointer: _of_one(decoded(_event, item, pointer), raw))


def _of_one(event: _Event, raw: Raw) -> list[Event]:
    return told(
        EVENTS.get(event.event),
        raw,
        fields=_fields(event.custom),
        recipient=event.email,
        at=instant(event.ts_epoch),
        message_id=event.message_id,
        code=event.event,
        error=event.reason,
    )


def _fields(custom: Any) -> dict[str, Any]:
    try:
        return msgspec.json.decode(custom, type=dict[str, Any]) if isinstance(custom, str) else {}
    except UNDECODABLE:
        return {}
