"""Reads SendGrid's Inbound Parse: a multipart form with the parsed mail, or with the raw one in `email`.

Source: Twilio SendGrid, “Setting up the Inbound Parse webhook” and “Securing your Parse webhooks”: where a security
policy is attached, ECDSA over timestamp and body, with the policy's public key as the account's webhook secret; else
`user:password` in the URL. SendGrid delivers again only after 5xx.
"""

from base64 import b64decode
from binascii import Error
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from msgspec import Struct, field
from msgspec.json import Decoder

from concierge.channels.decoding import UNDECODABLE
from concierge.channels.email import sendgrid_events
from concierge.channels.email.door import MailDoor, basic
from concierge.channels.email.forms import Form, attachments, form, parts
from concierge.channels.email.letters import Letter, happened
from concierge.channels.email.mime import headers_of, letter
from concierge.channels.email.returned import reported
from concierge.channels.model import Event, Raw
from concierge.errors import Malformed

SIGNATURE = "x-twilio-email-event-webhook-signature"
TIMESTAMP = "x-twilio-email-event-webhook-timestamp"


class _Envelope(Struct):
    to: list[str] = []
    from_: str | None = field(default=None, name="from")


_envelope = Decoder(_Envelope)
_charsets = Decoder(dict[str, str])


class SendGrid(MailDoor):
    """The reader of Inbound Parse and of the Event Webhook, which is signed the same way, with a key of its own."""

    vendor = "sendgrid"

    def authentic(self, raw: Raw, secrets: Sequence[str]) -> bool:
        """Whether one of the public keys signed the request, or its URL carries one of the passwords."""
        return basic(raw, secrets) or any(_signed(raw, secret) for secret in secrets if ":" not in secret)

    def read(self, raw: Raw) -> list[Event]:
        """The one mail in the request, or what became of ours (`sendgrid_events`). Raises Malformed."""
        if raw.body.lstrip().startswith(b"["):
            return sendgrid_events.events_in(raw)
        posted = form(raw.headers, raw.body)
        to, sender = _recipients(posted)
        mail = posted.fields.get("email")
        if mail is not None:
            return happened(letter(mail, to=to, sender=sender), raw.received_at)
        if "headers" not in posted.fields:
            raise Malformed("The form holds neither headers nor email.", pointer="/headers")
        charsets = _named_charsets(posted)
        headers = headers_of(posted.text("headers") or "")
        parsed = Letter(
            headers=headers,
            text=posted.text("text", charsets.get("text")),
            html=posted.text("html", charsets.get("html")),
            attachments=attachments(posted),
            to=to,
            sender=sender,
            reports=reported(headers, posted.text("text", charsets.get("text")), parts(posted)),
            raw=raw.body,
        )
        return happened(parsed, raw.received_at)


def _signed(raw: Raw, key: str) -> bool:
    signature, timestamp = raw.headers.get(SIGNATURE), raw.headers.get(TIMESTAMP)
    if not signature or not timestamp:
        return False
    try:
        public = load_der_public_key(b64decode(key))
        if not isinstance(public, EllipticCurvePublicKey):
            return False
        told = timestamp.encode() + raw.body
        public.verify(b64decode(signature), told, ECDSA(SHA256()))
    except (InvalidSignature, UnsupportedAlgorithm, Error, ValueError):
        return False
    return True


def _recipients(posted: Form) -> tuple[list[str], str | None]:
    try:
        envelope = _envelope.decode(posted.fields.get("envelope", b"{}"))
    except UNDECODABLE:
        return [], None
    return envelope.to, envelope.from_


def _named_charsets(posted: Form) -> dict[str, str]:
    try:
        return _charsets.decode(posted.fields.get("charsets", b"{}"))
    except UNDECODABLE:
        return {}
