"""A mail that Amazon SES received: its content in the notification, or in an S3 object that the notification names.

Source: AWS, Amazon SES developer guide, “Contents of notifications for Amazon SES email receiving”.
"""

from base64 import b64decode
from binascii import Error
from typing import Any

import msgspec
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import decoded
from concierge.channels.email import letters
from concierge.channels.email.letters import Letter, happened, inbounds
from concierge.channels.email.mime import letter
from concierge.channels.email.words import decoded as unfolded
from concierge.channels.model import Event, Inbound, Raw

POINTER = "pointer"  # the kind of a message whose mail is still in S3


class _Verdict(Struct):
    status: str = ""


class _Action(Struct, rename="camel"):
    type: str = ""
    encoding: str = "UTF-8"
    bucket_name: str | None = None
    object_key: str | None = None


class _Receipt(Struct, rename="camel"):
    recipients: list[str] = []
    spam_verdict: _Verdict = field(default_factory=_Verdict)
    virus_verdict: _Verdict = field(default_factory=_Verdict)
    action: _Action = field(default_factory=_Action)


class _Header(Struct):
    name: str
    value: str


class _Mail(Struct, rename="camel"):
    message_id: str | None = None
    source: str | None = None
    destination: list[str] | None = None
    headers: list[_Header] | None = None


class _Notification(Struct):
    mail: _Mail
    receipt: _Receipt = field(default_factory=_Receipt)
    content: str | None = None


_notification = Decoder(_Notification)


def events_in(message: bytes, raw: Raw) -> list[Event]:
    """The mail, once for each recipient; one whose content lies in S3 is a pointer to it. Raises Malformed."""
    told = decoded(_notification, message, "/Message")
    known: dict[str, Any] = {
        "to": told.receipt.recipients or told.mail.destination or (),
        "sender": told.mail.source,
        "fallback_id": told.mail.message_id,
        "automated": _verdict(told.receipt),
    }
    if told.content is not None:
        return happened(letter(_content(told.content, told.receipt.action.encoding), **known), raw.received_at)
    headers = [(header.name.lower(), unfolded(header.value)) for header in told.mail.headers or ()]
    found = inbounds(Letter(headers=headers, raw=message, **known), raw.received_at)
    if told.receipt.action.bucket_name and told.receipt.action.object_key:
        return [msgspec.structs.replace(one, kind=POINTER) for one in found]
    return [*found]


def place_of(pointer: Inbound) -> tuple[str, str]:
    """(bucket, key) of the mail."""
    action = _notification.decode(pointer.raw).receipt.action
    return action.bucket_name or "", action.object_key or ""


def completed(pointer: Inbound, content: bytes) -> list[Event]:
    """The mail itself, for whom the pointer was, and what it reports."""
    mail = letter(content, to=[pointer.account], fallback_id=pointer.provider_message_id, automated=pointer.automated)
    return letters.completed(pointer, mail)


def _verdict(receipt: _Receipt) -> str | None:
    if receipt.virus_verdict.status.upper() == "FAIL":
        return "virus"
    return "spam" if receipt.spam_verdict.status.upper() == "FAIL" else None


def _content(text: str, encoding: str) -> bytes:
    if encoding.upper() == "BASE64":
        try:
            return b64decode(text)
        except (Error, ValueError):
            pass  # what was promised to be base64 is read as it is
    return text.encode()
