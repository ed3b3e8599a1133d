"""API keys: long, random, shown once, kept only as a hash."""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from uuid import UUID

from concierge.api.caller import Caller
from concierge.errors import Conflicting, Forbidden, Forged, Missing
from concierge.postgres.query import Conn
from concierge.tenants import key_store
from concierge.tenants.key_store import Admitted
from concierge.tenants.model import ApiKey, NewApiKey, ShownApiKey

SIGN = "ck_"  # what every key of ours begins with, so that it is known where it should not be
SPAN = 60.0  # seconds a quota is for
OVERLAP = timedelta(hours=24)  # how long a key lives beside its successor


def hashed(key: str) -> bytes:
    """What is kept of a key."""
    return sha256(key.encode()).digest()


async def admit(conn: Conn, key: str | None, *, quota: int, now: datetime) -> Admitted:
    """Who calls, one more time of `quota` a minute. Raises Forged for a missing, unknown, revoked or expired key."""
    given = await key_store.admit(conn, hash=hashed(key), quota=quota, span=SPAN, now=now) if key else None
    if given is None:
        raise Forged("a valid API key is required, as `Authorization: Bearer …` or `x-api-key`")
    return given


async def make_key(
    conn: Conn, wish: NewApiKey, *, maker: Caller, now: datetime, tenant_id: UUID | None = None
) -> ShownApiKey:
    """A new key, readable this once, of the maker's tenant or another's. Raises Forbidden where it would open more."""
    if beyond := [scope for scope in wish.scopes if not maker.may(scope)]:
        raise Forbidden(f"your own key does not hold {', '.join(beyond)}")
    return await _keep(conn, wish.name, wish.scopes, tenant_id=tenant_id or maker.tenant_id, now=now)


async def rotate(conn: Conn, id: UUID, *, maker: Caller, now: datetime) -> ShownApiKey:
    """A successor with the same name and scopes; the old one ends after a day.

    Raises Missing, Conflicting, Forbidden.
    """
    old = await find_key(conn, id, tenant_id=maker.tenant_id)
    shown = await make_key(conn, NewApiKey(name=old.name, scopes=old.scopes), maker=maker, now=now)
    if await key_store.end(conn, id, tenant_id=maker.tenant_id, at=now + OVERLAP) is None:
        raise Conflicting("this key has ended, or has a successor already")
    return shown


async def find_key(conn: Conn, id: UUID, *, tenant_id: UUID) -> ApiKey:
    """One key of the tenant. Raises Missing."""
    found = await key_store.find(conn, id, tenant_id=tenant_id)
    if found is None:
        raise Missing("there is no such API key")
    return found


async def _keep(conn: Conn, name: str, scopes: list[str], *, tenant_id: UUID, now: datetime) -> ShownApiKey:
    key = SIGN + token_urlsafe(32)
    prefix = key[:10]
    id = await key_store.add(
        conn, tenant_id=tenant_id, name=name, hash=hashed(key), prefix=prefix, scopes=scopes, now=now
    )
    return ShownApiKey(id=id, name=name, scopes=scopes, prefix=prefix, created_at=now, key=key)
