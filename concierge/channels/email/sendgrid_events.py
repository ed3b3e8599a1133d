"""What SendGrid's Event Webhook says about mail that went out through its SMTP server: a list of events.

Source: Twilio SendGrid, “Event Webhook reference”, “X-SMTPAPI header” and “Unique arguments”, which stand in each event
as members of their own. `smtp-id` is the mail's own Message-ID. No event names the sender: the mark does.

| event | receipt | opt-out |
|---|---|---|
| processed | sent | |
| delivered, open, click | delivered | |
| bounce | failed | its recipient, unless the type is `blocked` |
| dropped | failed | where the reason is a list of SendGrid's |
| spamreport, unsubscribe, group_unsubscribe | | its recipient |
| deferred: SendGrid tries again | | |
"""

import json
from typing import Any

from msgspec import Raw as Json
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import decoded
from concierge.channels.email.batches import each
from concierge.channels.email.instants import instant
from concierge.channels.email.marks import MAILBOX, MESSAGE, Mark
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
from concierge.errors import Malformed

EVENTS = {
    "processed": SENT,
    "delivered": DELIVERED,
    "open": DELIVERED,
    "click": DELIVERED,
    "spamreport": COMPLAINED,
    "unsubscribe": UNSUBSCRIBED,
    "group_unsubscribe": UNSUBSCRIBED,
}
DROPPED = {
    "Bounced Address": KEPT_BACK["bounce"],
    "Spam Reporting Address": KEPT_BACK["complaint"],
    "Unsubscribed Address": KEPT_BACK["unsubscribe"],
}


class _Event(Struct):
    event: str
    email: str | None = None
    timestamp: float | None = None
    type: str | None = None
    reason: str | None = None
    status: str | None = None
    smtp_id: str | None = field(default=None, name="smtp-id")
    message: Any = field(default=None, name=MESSAGE)
    mailbox: Any = field(default=None, name=MAILBOX)


_list = Decoder(list[Json])
_event = Decoder(_Event)


def headers(mark: Mark) -> dict[str, str]:
    """What makes SendGrid give the mark back."""
    return {"X-SMTPAPI": json.dumps({"unique_args": mark.fields()})}


def events_in(raw: Raw) -> list[Event]:
    """What the webhook says about mail of ours, as far as it can be read. Raises Malformed where nothing can."""
    items = decoded(_list, raw.body)
    if not items:
        raise Malformed("The list holds no event.")
    return each(items, lambda item, pointer: _of_one(decoded(_event, item, pointer), raw))


def _of_one(event: _Event, raw: Raw) -> list[Event]:
    return told(
        _verdict(event),
        raw,
        fields={MESSAGE: event.message, MAILBOX: event.mailbox},
        recipient=event.email,
        at=instant(event.timestamp),
        message_id=event.smtp_id,
        code=event.status or event.type,
        error=event.reason,
    )


def _verdict(event: _Event) -> Verdict | None:
    match event.event:
        case "bounce":
            return FAILED if event.type == "blocked" else BOUNCED
        case "dropped":
            return DROPPED.get(event.reason or "", FAILED)
        case _:
            return EVENTS.get(event.event)
