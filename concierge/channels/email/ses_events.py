"""What became of mail that went out through Amazon SES: receipts, and addresses not to be written to any more.

Source: AWS, Amazon SES developer guide, “Examples of event data that Amazon SES publishes to Amazon SNS” and “Amazon
SNS notification contents for Amazon SES”. Both shapes are alike but for the name of their type.

| event | receipt | opt-out |
|---|---|---|
| Send | sent | |
| Delivery, Open, Click | delivered | |
| Bounce, Permanent | failed | its recipients |
| Bounce, Transient or Undetermined | failed: SES has given up on this mail | |
| Complaint | | its recipients |
| Complaint, OnAccountSuppressionList | failed: SES did not send it | its recipients |
| Reject, Rendering Failure | failed | |
| Subscription, unsubscribed from all | | its recipients |
| DeliveryDelay, others | | |
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import clean, decoded
from concierge.channels.email.addresses import found_in
from concierge.channels.email.instants import instant
from concierge.channels.model import Address, Event, OptOut, Receipt
from concierge.errors import Malformed

Status = Literal["sent", "delivered", "failed"]
RECEIPTS: dict[str, Status] = {
    "Send": "sent",
    "Delivery": "delivered",
    "Open": "delivered",
    "Click": "delivered",
    "Bounce": "failed",
    "Reject": "failed",
    "Rendering Failure": "failed",
}
SUPPRESSED = "OnAccountSuppressionList"


class _Recipient(Struct, rename="camel"):
    email_address: str
    diagnostic_code: str | None = None


class _Preferences(Struct, rename="camel"):
    unsubscribe_all: bool = False


class _Details(Struct, rename="camel"):
    """The members of any event's own object that matter here."""

    timestamp: str | None = None
    bounce_type: str | None = None
    bounce_sub_type: str | None = None
    bounced_recipients: list[_Recipient] = []
    complained_recipients: list[_Recipient] = []
    complaint_sub_type: str | None = None
    reason: str | None = None
    error_message: str | None = None
    new_topic_preferences: _Preferences | None = None


class _Headers(Struct, rename="camel"):
    from_: list[str] = field(default_factory=list, name="from")


class _Mail(Struct, rename="camel"):
    message_id: str | None = None
    source: str | None = None
    timestamp: str | None = None
    destination: list[str] = []
    tags: dict[str, list[str]] = {}
    common_headers: _Headers | None = None


class _Event(Struct):
    mail: _Mail | None = None  # absent: “AmazonSnsSubscriptionSucceeded”
    bounce: _Details | None = None
    complaint: _Details | None = None
    delivery: _Details | None = None
    reject: _Details | None = None
    failure: _Details | None = None
    open: _Details | None = None
    click: _Details | None = None
    subscription: _Details | None = None

    def details(self) -> _Details:
        """The object of the event's own; only one is there."""
        every = (self.bounce, self.complaint, self.delivery, self.reject, self.failure, self.open, self.click)
        return next((one for one in (*every, self.subscription) if one), _Details())


_event = Decoder(_Event)


def events_in(message: bytes, kind: str, received_at: datetime) -> list[Event]:
    """What the event says about our message and about its recipients. Raises Malformed."""
    told = decoded(_event, message, "/Message")
    if told.mail is None:
        return []
    details, account = told.details(), _account(told.mail)
    at = instant(details.timestamp or told.mail.timestamp) or received_at
    events: list[Event] = []
    status = RECEIPTS.get(kind) or ("failed" if details.complaint_sub_type == SUPPRESSED else None)
    if status:
        receipt = Receipt(
            account=account,
            provider_message_id=told.mail.message_id,
            outbound_id=_outbound_id(told.mail),
            attempt=_attempt(told.mail),
            status=status,
            at=at,
            error_code=_code(kind, details) if status == "failed" else None,
            error=_error(details) if status == "failed" else None,
        )
        events.append(receipt)
    reason, recipients = _refused(kind, details, told.mail)
    addresses = dict.fromkeys(one.address for text in recipients for one in found_in(text))
    events += [OptOut(account=account, address=Address("email", each), reason=reason, at=at) for each in addresses]
    return events


def _refused(
    kind: str, details: _Details, mail: _Mail
) -> tuple[Literal["bounce", "complaint", "unsubscribe"], list[str]]:
    if kind == "Bounce" and details.bounce_type == "Permanent":
        return "bounce", [one.email_address for one in details.bounced_recipients]
    if kind == "Complaint":
        return "complaint", [one.email_address for one in details.complained_recipients]
    if kind == "Subscription" and details.new_topic_preferences and details.new_topic_preferences.unsubscribe_all:
        return "unsubscribe", mail.destination
    return "bounce", []


def _account(mail: _Mail) -> str:
    """The mailbox it was sent from: our From, which stays what the account is where the envelope's sender differs."""
    named = [*(mail.common_headers.from_ if mail.common_headers else ()), mail.source or ""]
    found = next((one.address for text in named for one in found_in(text)), None)
    if found is None:
        raise Malformed("The event does not say who sent the mail.", pointer="/Message/mail/source")
    return found


def _outbound_id(mail: _Mail) -> UUID | None:
    try:
        return UUID(mail.tags.get("outbound_id", [""])[0])
    except (ValueError, IndexError):
        return None


def _attempt(mail: _Mail) -> int | None:
    number = next(iter(mail.tags.get("attempt", [])), "")
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 6 else None


def _code(kind: str, details: _Details) -> str:
    return ".".join(one for one in (details.bounce_type or kind, details.bounce_sub_type) if one)


def _error(details: _Details) -> str | None:
    said = next((one.diagnostic_code for one in details.bounced_recipients if one.diagnostic_code), None)
    told = said or details.reason or details.error_message
    return clean(told)[:2_000] if told else None
