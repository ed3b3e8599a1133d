"""Links that end e-mails with one click (RFC 8058): signed, so that nobody can end somebody else's.

A token names tenant and identity and never ends: an unsubscribe link in an old e-mail must work. The keys are those of
the settings; the first signs, all verify, so keys rotate by putting a new one in front.
"""

import base64
import binascii
import hmac
from datetime import datetime
from uuid import UUID

from concierge.consent import store
from concierge.consent.model import Reader
from concierge.errors import Missing
from concierge.postgres.query import Conn
from concierge.secret import Secret
from concierge.settings import Settings

PATH = "/unsubscribe"
_PURPOSE = b"concierge unsubscribe v1"  # the keys sign other things too
_MAC = 16  # bytes


def url(settings: Settings, reader: Reader) -> str | None:
    """Where `reader` unsubscribes; None while the settings do not say where people reach us."""
    if settings.public_url is None:
        return None
    return f"{settings.public_url.rstrip('/')}{PATH}/{token(settings, reader)}"


def token(settings: Settings, reader: Reader) -> str:
    """What the link carries."""
    named = reader.tenant_id.bytes + reader.identity_id.bytes
    mac = _sign(named, settings.concierge_secret_keys[0])
    return base64.urlsafe_b64encode(named + mac).decode().rstrip("=")


def reader(settings: Settings, token: str) -> Reader:
    """Whom the token is for. Raises Missing for one that we never made."""
    try:
        whole = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Missing("this link is not one of ours") from None
    named, mac = whole[:-_MAC], whole[-_MAC:]
    if len(named) != 32 or not any(
        hmac.compare_digest(mac, _sign(named, key)) for key in settings.concierge_secret_keys
    ):
        raise Missing("this link is not one of ours")
    return Reader(UUID(bytes=named[:16]), UUID(bytes=named[16:]))


async def unsubscribe(conn: Conn, reader: Reader, *, now: datetime) -> None:
    """Never write to this person on this channel again; harmless to repeat."""
    await store.suppress_person(
        conn,
        tenant_id=reader.tenant_id,
        identity_id=reader.identity_id,
        scope="all",
        reason="the link in an e-mail",
        source="unsubscribe",
        now=now,
    )


def _sign(named: bytes, key: Secret) -> bytes:
    derived = hmac.digest(key.reveal().encode(), _PURPOSE, "sha256")
    return hmac.digest(derived, named, "sha256")[:_MAC]
