"""Who did it, as it is kept: a word that outlives the key."""

from concierge.api.caller import Caller
from concierge.postgres.query import Conn
from concierge.tenants import key_store


async def actor(conn: Conn, caller: Caller) -> str:
    """`key:` and the name of the caller's key."""
    key = await key_store.find(conn, caller.key_id, tenant_id=caller.tenant_id)
    return f"key:{key.name if key else caller.key_id}"
