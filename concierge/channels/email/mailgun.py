"""Reads what a Mailgun route forwards: a form with the parsed mail, or the raw one where its URL ends in `mime`.

Its other webhooks say what became of mail of ours (`mailgun_events`).

Source: Mailgun, “Receive, forward and store messages: receiving messages via HTTP” and “Securing webhooks”. The
signature covers timestamp and token only, not the mail.
"""

import hmac
from collections.abc import Sequence
from datetime import timedelta
from itertools import chain

from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE
from concierge.channels.email import mailgun_events
from concierge.channels.email.door import MailDoor
from concierge.channels.email.forms import Form, attachments, form, parts
from concierge.channels.email.letters import Letter, happened
from concierge.channels.email.mime import letter
from concierge.channels.email.returned import reported
from concierge.channels.email.words import decoded
from concierge.channels.model import Event, Raw
from concierge.channels.signature import matches
from concierge.errors import Malformed

FRESH = timedelta(days=1)  # Mailgun delivers again for eight hours and does not say whether it signs anew
ADDRESSES = ("from", "to", "cc", "reply-to")

_pairs = Decoder(list[tuple[str, str]])


class Mailgun(MailDoor):
    """The reader of Mailgun's routes and webhooks."""

    vendor = "mailgun"

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether `signature` is the hex HMAC-SHA256 of timestamp and token under one of the signing keys."""
        try:
            timestamp, token, given = _signature(raw)
        except Malformed:
            return False
        if not (token and timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
            return False
        fresh = abs(raw.received_at.timestamp() - int(timestamp)) < FRESH.total_seconds()
        return fresh and any(matches(sign(timestamp, token, secret), given) for secret in secrets)

    def read(self, raw: Raw) -> list[Event]:
        """The one mail in the request, or what became of one of ours (`mailgun_events`). Raises Malformed."""
        if _is_event(raw):
            return mailgun_events.events_in(raw)
        posted = form(raw.headers, raw.body)
        to = [posted.text("recipient") or ""]
        sender, mail = posted.text("sender"), posted.fields.get("body-mime")
        if mail is None and "body-mime" in posted.files:
            mail = posted.files["body-mime"].content
        if mail is not None:
            return happened(letter(mail, to=to, sender=sender), raw.received_at)
        if not {"from", "message-headers", "body-plain", "body-html"} & posted.fields.keys():
            raise Malformed("The form holds no mail.", pointer="/body-plain")
        headers = _headers(posted)
        parsed = Letter(
            headers=headers,
            text=posted.text("body-plain"),
            html=posted.text("body-html"),
            attachments=attachments(posted),
            to=to,
            sender=sender,
            fallback_id=posted.text("token"),
            reports=reported(headers, posted.text("body-plain"), parts(posted)),
            raw=raw.body,
        )
        return happened(parsed, raw.received_at)


def sign(timestamp: str, token: str, secret: str) -> str:
    """What `signature` must be."""
    return hmac.digest(secret.encode(), f"{timestamp}{token}".encode(), "sha256").hex()


def _is_event(raw: Raw) -> bool:
    """Routes post forms, webhooks JSON."""
    return raw.body.lstrip().startswith(b"{")


def _signature(raw: Raw) -> tuple[str, str, str]:
    """Timestamp, token and signature; empty where there are none. Raises Malformed."""
    if _is_event(raw):
        told = mailgun_events.signature_of(raw.body)
        return told.timestamp, told.token, told.signature
    posted = form(raw.headers, raw.body)
    return posted.text("timestamp") or "", posted.text("token") or "", posted.text("signature") or ""


def _headers(posted: Form) -> list[tuple[str, str]]:
    try:
        pairs = _pairs.decode(posted.fields.get("message-headers", b"[]"))
    except UNDECODABLE:
        pairs = []
    named = {"from": "from", "subject": "subject", "To": "to", "Cc": "cc", "Reply-To": "reply-to", "Date": "date"}
    ids = {"Message-Id": "message-id", "In-Reply-To": "in-reply-to", "References": "references"}
    fields = ((header, posted.text(name)) for name, header in (named | ids).items())
    every = chain(pairs, ((name, value) for name, value in fields if value))
    return [(name.lower(), decoded(value, address=name.lower() in ADDRESSES)) for name, value in every]
