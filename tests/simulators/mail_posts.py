"""Posts as the vendors of mail make them: a body, signed each vendor's way.

post = Postmark(); headers, body = post.signed(body, at)     # `post.secret` is what the account must know
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from concierge.channels.email import mailgun, svix
from concierge.channels.signature import sign

Signed = tuple[dict[str, str], bytes]


class Post(Protocol):
    """One vendor. `covered`: whether its signature covers the body."""

    covered: bool
    secret: str

    def signed(self, body: bytes, at: datetime) -> Signed:
        """Headers and body of the request."""
        ...


class ByPassword:
    """Postmark and Brevo: a password in the URL."""

    covered = False
    secret = "concierge:correct horse"

    def signed(self, body: bytes, at: datetime) -> Signed:
        return {"authorization": "Basic " + b64encode(self.secret.encode()).decode()}, body


class Mailgun:
    covered = False
    secret = "key-3ax6xnjp29jd6fds4gc373sgvjxteol0"

    def signed(self, body: bytes, at: datetime) -> Signed:
        timestamp, token = str(int(at.timestamp())), f"token-{len(body)}"
        fields = {"timestamp": timestamp, "token": token, "signature": mailgun.sign(timestamp, token, self.secret)}
        if body.startswith(b"{"):
            return {}, json.dumps({**json.loads(body), "signature": fields}).encode()
        return {}, _with_fields(body, fields)


class SendGrid:
    covered = True

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        public = self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        self.secret = b64encode(public).decode()

    def signed(self, body: bytes, at: datetime) -> Signed:
        timestamp = str(int(at.timestamp()))
        signature = self._key.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return {
            "x-twilio-email-event-webhook-timestamp": timestamp,
            "x-twilio-email-event-webhook-signature": b64encode(signature).decode(),
        }, body


class Resend:
    covered = True
    secret = "whsec_" + b64encode(b"a secret of Resend").decode()

    def signed(self, body: bytes, at: datetime) -> Signed:
        id, timestamp = "msg_1", str(int(at.timestamp()))
        signature = svix.sign(id, timestamp, body, self.secret)
        return {"svix-id": id, "svix-timestamp": timestamp, "svix-signature": f"v1,AAAA {signature}"}, body


class RawMail:
    covered = True
    secret = "secret of the relay"

    def signed(self, body: bytes, at: datetime) -> Signed:
        return {"x-signature-256": sign(body, self.secret)}, body


def _with_fields(body: bytes, fields: Mapping[str, str]) -> bytes:
    """The form with these fields behind its own; the last of a name counts."""
    if not body.startswith(b"--"):
        return b"&".join([body, *(f"{name}={value}".encode() for name, value in fields.items())])
    boundary = body[: body.index(b"\r\n")]
    parts = (
        f'\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{value}\r\n'.encode() for n, value in fields.items()
    )
    return body.removesuffix(boundary + b"--\r\n") + b"".join(boundary + part for part in parts) + boundary + b"--\r\n"


def posts() -> dict[str, Post]:
    """Every vendor but SES, which tests/simulators/sns.py is."""
    return {
        "email/postmark": ByPassword(),
        "email/brevo": ByPassword(),
        "email/mailgun": Mailgun(),
        "email/sendgrid": SendGrid(),
        "email/resend": Resend(),
        "email/raw": RawMail(),
    }
