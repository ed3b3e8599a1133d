"""What an event of a vendor means for a message of ours and for whom it was sent to; alike for all vendors.

A receipt needs the message: by its mark, or by a Message-ID of ours. That an address bounces or complains also counts
without it, for the mailbox that the mail was from. Events about other people's mail say nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct

from concierge.channels.decoding import clean
from concierge.channels.email.addresses import found_in
from concierge.channels.email.marks import mark_in
from concierge.channels.model import Address, Event, OptOut, Raw, Receipt

KEPT = 2_000  # characters of what the other side said


class Verdict(Struct, frozen=True, kw_only=True):
    """What became of the mail, and why its recipient is not to be written to any more (or is again)."""

    status: Literal["sent", "delivered", "failed"] | None = None
    reason: Literal["bounce", "complaint", "unsubscribe", "reactivated"] | None = None


SENT, DELIVERED, FAILED = Verdict(status="sent"), Verdict(status="delivered"), Verdict(status="failed")
BOUNCED = Verdict(status="failed", reason="bounce")
COMPLAINED, UNSUBSCRIBED = Verdict(reason="complaint"), Verdict(reason="unsubscribe")
REACTIVATED = Verdict(reason="reactivated")
KEPT_BACK = {
    "bounce": BOUNCED,
    "complaint": Verdict(status="failed", reason="complaint"),
    "unsubscribe": Verdict(status="failed", reason="unsubscribe"),
}
"""Not sent, because the address is on the vendor's own list for this reason."""


def told(
    verdict: Verdict | None,
    raw: Raw,
    *,
    fields: Mapping[str, Any],
    recipient: str | None,
    at: datetime | None,
    sender: str | None = None,
    message_id: str | None = None,
    code: str | None = None,
    error: str | None = None,
) -> list[Event]:
    """The receipt and the opt-outs. Without a `sender` in the event, `?account=` of the webhook's URL names it."""
    asked = (sender or "", raw.query.get("account", ""))
    mailbox = next((one.address for text in asked for one in found_in(text)), None)
    mark = mark_in(fields, message_id=message_id, mailbox=mailbox)
    account = mark.mailbox if mark else mailbox
    if verdict is None or account is None:
        return []
    events: list[Event] = []
    moment = at or raw.received_at
    if mark is not None and verdict.status is not None:
        failed = verdict.status == "failed"
        receipt = Receipt(
            account=account,
            provider_message_id=None,
            outbound_id=mark.outbound_id,
            attempt=mark.attempt,
            status=verdict.status,
            at=moment,
            error_code=clean(code)[:100] if code and failed else None,
            error=clean(error).strip()[:KEPT] or None if error and failed else None,
        )
        events.append(receipt)
    if verdict.reason is not None:
        wants: Literal["stop", "resume"] = "resume" if verdict.reason == "reactivated" else "stop"
        events += [
            OptOut(
                account=account, address=Address("email", one.address), wants=wants, reason=verdict.reason, at=moment
            )
            for one in found_in(recipient or "")
        ]
    return events
