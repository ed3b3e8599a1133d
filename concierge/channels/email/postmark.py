"""Reads Postmark's webhooks: JSON, mail with its attachments in it.

Source: Postmark, “Parse an email” and “Inbound webhook”; retries and basic auth: “Understanding inbound webhook
retries”. `MessageID` is Postmark's own; the mail's stands among `Headers`. Mail with neither is told by its bytes.
"""

from base64 import b64decode
from binascii import Error
from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any

from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE, decoded
from concierge.channels.email import postmark_events
from concierge.channels.email.addresses import written
from concierge.channels.email.door import MailDoor, basic
from concierge.channels.email.letters import Letter, happened
from concierge.channels.email.mime import kind_of
from concierge.channels.email.returned import REPORTED, reported
from concierge.channels.email.words import decoded as unfolded
from concierge.channels.model import Attachment, Event, Raw

PREFIX = "postmark:"


class _Full(Struct, rename="pascal"):
    email: str | None = None
    name: str | None = None


class _Header(Struct, rename="pascal"):
    name: str
    value: str | None = None


class _Attachment(Struct, rename="pascal"):
    name: str | None = None
    content: str | None = None
    data: str | None = None  # instead of Content in the payload of Postmark's “Check” button
    content_type: str | None = None


class _Mail(Struct, rename="pascal"):
    record_type: Any = None  # of what is no mail
    from_full: _Full | None = None
    from_: str | None = field(default=None, name="From")
    to_full: list[_Full] | None = None
    cc_full: list[_Full] | None = None
    bcc_full: list[_Full] | None = None
    to: str | None = None
    original_recipient: str | None = None
    reply_to: str | None = None
    subject: str | None = None
    date: str | None = None
    text_body: str | None = None
    html_body: str | None = None
    message_id: str | None = field(default=None, name="MessageID")
    headers: list[_Header] | None = None
    attachments: list[_Attachment] | None = None


_mail = Decoder(_Mail)


class Postmark(MailDoor):
    """The reader of Postmark's webhook."""

    vendor = "postmark"

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Postmark signs nothing: the webhook's URL carries `user:password`."""
        return basic(raw, secrets)

    def read(self, raw: Raw) -> list[Event]:
        """The one mail in the request, or what became of one of ours (`postmark_events`). Raises Malformed."""
        mail = decoded(_mail, raw.body)
        if mail.record_type not in {None, "Inbound"}:
            return postmark_events.events_in(raw)
        headers = [(name, unfolded(value)) for name, value in _headers(mail) if value]
        letter = Letter(
            headers=headers,
            text=mail.text_body,
            html=mail.html_body,
            attachments=tuple(_referenced(n, one) for n, one in enumerate(mail.attachments or ())),
            to=[mail.original_recipient] if mail.original_recipient else (),
            fallback_id=mail.message_id,
            reports=reported(headers, mail.text_body, _reports(mail)),
            raw=raw.body,
        )
        return happened(letter, raw.received_at)


def attachment_in(body: bytes, locator: str) -> bytes | None:
    """The bytes of the attachment that `postmark:<n>` names; None where the webhook has no such one."""
    number = locator.removeprefix(PREFIX)
    try:
        found = (_mail.decode(body).attachments or ())[int(number)] if number.isdecimal() else None
    except (*UNDECODABLE, IndexError, ValueError):
        return None
    return _content(found) if found else None


def _headers(mail: _Mail) -> Iterator[tuple[str, str | None]]:
    yield "from", _full(mail.from_full) if mail.from_full else mail.from_
    yield from (("to", _full(one)) for one in mail.to_full or ())
    yield from (("cc", _full(one)) for one in mail.cc_full or ())
    yield from (("bcc", _full(one)) for one in mail.bcc_full or ())
    if not mail.to_full:
        yield "to", mail.to
    yield "reply-to", mail.reply_to
    yield "subject", mail.subject
    yield "date", mail.date
    yield from ((header.name.lower(), header.value) for header in mail.headers or ())


def _reports(mail: _Mail) -> Iterator[tuple[str, bytes]]:
    """What may be of a delivery status notification."""
    for one in mail.attachments or ():
        if (mime_type := _mime_type(one)) in REPORTED:
            yield mime_type, _content(one)


def _full(one: _Full) -> str:
    return written(one.email or "", one.name)


def _referenced(n: int, one: _Attachment) -> Attachment:
    content = _content(one)
    mime_type = _mime_type(one)
    return Attachment(
        kind=kind_of(mime_type),
        locator=f"{PREFIX}{n}",
        mime_type=mime_type,
        filename=unfolded(one.name or "") or None,
        size=len(content),
        sha256=sha256(content).hexdigest(),
    )


def _mime_type(one: _Attachment) -> str:
    return (one.content_type or "application/octet-stream").partition(";")[0].strip().lower()


def _content(one: _Attachment) -> bytes:
    text = one.content or one.data or ""
    try:
        return b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return b""
