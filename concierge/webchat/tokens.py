"""Session tokens: who holds one may read and write one session, for an hour; the widget renews it in time.

`base64url(claims as JSON) . base64url(HMAC-SHA256)`, under a key derived from CONCIERGE_SECRET_KEYS, the first of which
signs while all verify. A token says nothing that its holder may not know, and nothing about anybody else.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
from msgspec import Struct

from concierge.errors import Forged
from concierge.settings import Settings

LIFETIME = timedelta(hours=1)
RENEWABLE = timedelta(days=30)  # for visitors who have nothing but their token to come back with
PURPOSE = b"concierge webchat session token v1"


class Claims(Struct, frozen=True, array_like=True):
    """What a token carries."""

    session_id: UUID
    tenant_id: UUID
    account_id: UUID
    address: str  # value of the contact identity
    expires: int  # seconds since 1970
    renewable: int  # seconds since 1970; until then a new token may be had for this one

    @property
    def expires_at(self) -> datetime:
        """When it is of no more use but for renewing it."""
        return datetime.fromtimestamp(self.expires, UTC)

    @property
    def renewable_until(self) -> datetime:
        """When it is of no more use at all."""
        return datetime.fromtimestamp(self.renewable, UTC)


def sign(claims: Claims, settings: Settings) -> str:
    """The token for these claims."""
    body = _encoded(msgspec.json.encode(claims))
    return f"{body}.{_encoded(_signature(body, _keys(settings)[0]))}"


def read(token: str, settings: Settings, *, now: datetime) -> Claims:
    """The claims of a token that may be used now. Raises Forged, with the code `expired` where it was good once."""
    claims = _verified(token, settings)
    if claims.expires_at <= now:
        raise Expired
    return claims


def read_for_renewal(token: str, settings: Settings, *, now: datetime) -> Claims:
    """The claims of a token that a new one may be had for. Raises Forged."""
    claims = _verified(token, settings)
    if claims.renewable_until <= now:
        raise Expired
    return claims


class Expired(Forged):
    """The token has expired: ask for another session."""

    code = "expired"


def _verified(token: str, settings: Settings) -> Claims:
    body, _, given = token.partition(".")
    try:
        signature = urlsafe_b64decode(given.encode("ascii") + b"==")
        if not any(hmac.compare_digest(_signature(body, key), signature) for key in _keys(settings)):
            raise Forged("the session token is not one of ours")
        return msgspec.json.decode(urlsafe_b64decode(body.encode() + b"=="), type=Claims)
    except (ValueError, msgspec.DecodeError):
        raise Forged("the session token cannot be read") from None


def _keys(settings: Settings) -> list[bytes]:
    return [hmac.digest(key.reveal().encode(), PURPOSE, "sha256") for key in settings.concierge_secret_keys]


def _signature(body: str, key: bytes) -> bytes:
    return hmac.digest(key, body.encode(), "sha256")


def _encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()
