"""The body and headers of a webhook, as Standard Webhooks has them. Pure.

Source: Standard Webhooks, specification: `webhook-id` stays the same over all attempts, `webhook-timestamp` is that of
the attempt, `webhook-signature` holds one `v1,…` for each live secret, separated by blanks.
"""

import base64
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from concierge.channels.email.svix import sign


def new_secret() -> str:
    """A secret as the specification wants it: 24 to 64 random bytes in base64."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def body(type: str, at: datetime, data: Mapping[str, Any], words: Mapping[str, Any] | None) -> bytes:
    """What is sent; the same bytes for every attempt."""
    return msgspec.json.encode({"type": type, "timestamp": at, "data": {**data, **(words or {})}}, order="sorted")


def headers(id: UUID, body: bytes, live: Sequence[str], *, now: datetime) -> dict[str, str]:
    """The headers of one attempt."""
    timestamp = str(int(now.timestamp()))
    return {
        "content-type": "application/json",
        "user-agent": "Concierge-Webhooks/1",
        "webhook-id": str(id),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(sign(str(id), timestamp, body, secret) for secret in live),
    }
