"""API keys: long, random, kept only as a hash."""

from hashlib import sha256

from concierge.errors import Forged
from concierge.postgres.query import Conn
from concierge.tenants import store
from concierge.tenants.model import Caller


def hashed(key: str) -> bytes:
    """What is kept of a key."""
    return sha256(key.encode()).digest()


async def identify(conn: Conn, key: str | None) -> Caller:
    """Who calls. Raises Forged for a missing, unknown or revoked key."""
    caller = await store.find_caller(conn, hash=hashed(key)) if key else None
    if caller is None:
        raise Forged("a valid API key is required, as `Authorization: Bearer …` or `x-api-key`")
    return caller
