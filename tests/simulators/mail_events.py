"""What vendors post about a mail that came to their SMTP server, made from the mail itself: with what they give back.

body = delivered("postmark", received.content)
"""

import json
from email import message_from_bytes
from email.policy import default
from typing import Any

PEOPLE = {"from": "concierge@example.com", "to": "bob@example.org"}
AT = 1749416400  # unix seconds


def delivered(vendor: str, content: bytes) -> bytes:
    """The webhook that says that it has arrived."""
    mail = message_from_bytes(content, policy=default)
    headers = {name.lower(): " ".join(str(value).split()) for name, value in mail.items()}
    return json.dumps(_VENDORS[vendor](headers)).encode()


def _postmark(headers: dict[str, str]) -> Any:
    prefix = "x-pm-metadata-"
    metadata = {name.removeprefix(prefix): value for name, value in headers.items() if name.startswith(prefix)}
    return {"RecordType": "Delivery", "Recipient": PEOPLE["to"], "Metadata": metadata, "MessageID": "postmark-1"}


def _mailgun(headers: dict[str, str]) -> Any:
    variables = json.loads(headers["x-mailgun-variables"])
    event = {"event": "delivered", "timestamp": AT, "recipient": PEOPLE["to"], "user-variables": variables}
    return {"signature": {}, "event-data": event}


def _sendgrid(headers: dict[str, str]) -> Any:
    unique = json.loads(headers["x-smtpapi"])["unique_args"]
    return [{"event": "delivered", "email": PEOPLE["to"], "timestamp": AT, "smtp-id": headers["message-id"], **unique}]


def _brevo(headers: dict[str, str]) -> Any:
    custom = headers["x-mailin-custom"]
    return {"event": "delivered", "email": PEOPLE["to"], "ts_epoch": AT * 1000, "X-Mailin-custom": custom}


def _resend(headers: dict[str, str]) -> Any:
    named = [{"name": name.title(), "value": value} for name, value in headers.items() if name.startswith("x-")]
    return {"type": "email.delivered", "data": {"from": headers["from"], "to": [headers["to"]], "headers": named}}


_VENDORS = {
    "postmark": _postmark,
    "mailgun": _mailgun,
    "sendgrid": _sendgrid,
    "brevo": _brevo,
    "resend": _resend,
}
