"""Signatures as Svix makes them, which Resend's webhooks carry.

Source: Standard Webhooks, specification, “Verifying webhook authenticity”: HMAC-SHA256 over `id.timestamp.body`, in
base64 behind `v1,`; several, separated by blanks, while a secret is replaced. Its Python library compares with the
machine's clock and raises three kinds of errors for a wrong secret; these lines take the request's own time.
"""

import hmac
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Sequence
from datetime import timedelta

from concierge.channels.model import Raw
from concierge.channels.signature import matches

TOLERANCE = timedelta(minutes=5)  # each attempt is signed with its own time


def sign(id: str, timestamp: str, body: bytes, secret: str) -> str:
    """The signature, behind its version. Raises ValueError for what is no `whsec_` secret."""
    key = b64decode(secret.removeprefix("whsec_"), validate=True)
    told = f"{id}.{timestamp}.".encode() + body
    return "v1," + b64encode(hmac.digest(key, told, "sha256")).decode()


def signed(raw: Raw, secrets: Sequence[str]) -> bool:
    """Whether one of the secrets signed the request within the last minutes."""
    id, timestamp, given = (_header(raw, name) for name in ("id", "timestamp", "signature"))
    if not (id and given and timestamp.isascii() and timestamp.isdecimal() and len(timestamp) < 12):
        return False
    if abs(raw.received_at.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return False
    expected = [one for secret in secrets if (one := _expected(id, timestamp, raw.body, secret))]
    return any(matches(one, each) for one in expected for each in given.split()[:10])


def _header(raw: Raw, name: str) -> str:
    return raw.headers.get(f"svix-{name}") or raw.headers.get(f"webhook-{name}") or ""


def _expected(id: str, timestamp: str, body: bytes, secret: str) -> str | None:
    if not secret.startswith("whsec_"):
        return None
    try:
        return sign(id, timestamp, body, secret)
    except (Error, ValueError):
        return None
