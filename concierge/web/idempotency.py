"""`Idempotency-Key`: the same request twice is done once, and answered twice.

What the request does and its stored answer are one transaction (see `changing`), under an advisory lock of the key: a
process that dies leaves neither, two at once cannot both do it, and nobody has to guess whether a claim is still alive
(docs/decisions/0022-one-transaction-a-key.md).
"""

from hashlib import sha256
from uuid import UUID

from litestar.types import Scope
from msgspec import Struct

from concierge.errors import Conflicting, Invalid, KeyUsedBefore
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.tenants import answered
from concierge.tenants.vault import closed, revealed
from concierge.web.hearing import Heard, repeated
from concierge.web.noting import ids_of

METHODS = ("POST", "PATCH")
LONGEST_KEY = 255


class Asked(Struct, frozen=True):
    """A request under a key."""

    tenant_id: UUID
    key: str
    fingerprint: bytes


def key_of(scope: Scope) -> str | None:
    """The key of a POST or PATCH. Raises Invalid."""
    given = dict(scope["headers"]).get(b"idempotency-key")
    if given is None or scope.get("method") not in METHODS:
        return None
    key = given.decode("latin-1").strip()
    if not 1 <= len(key) <= LONGEST_KEY:
        raise Invalid([("/Idempotency-Key", f"must have 1 to {LONGEST_KEY} characters")])
    return key


def fingerprint(scope: Scope, body: bytes) -> bytes:
    """What makes two requests the same."""
    asked = f"{scope.get('method')} {scope['path']}?".encode() + scope["query_string"] + b"\n"
    return sha256(asked + body).digest()


async def answer_of(conn: Conn, asked: Asked, runtime: Runtime) -> Heard | None:
    """What was answered under the key; None: nothing yet, and until the transaction ends nobody else does it.

    Raises Conflicting, KeyUsedBefore.
    """
    if not await answered.lock(conn, tenant_id=asked.tenant_id, key=asked.key):
        raise Conflicting("a request with this Idempotency-Key is running")
    since = runtime.clock() - answered.KEPT
    kept = await answered.find(conn, tenant_id=asked.tenant_id, key=asked.key, since=since)
    if kept is None:
        return None
    if kept.fingerprint != asked.fingerprint:
        raise KeyUsedBefore
    if kept.body is None:
        raise Conflicting("a request with this Idempotency-Key was done; its answer was erased with whom it was about")
    return repeated(kept.status, kept.headers, revealed(kept.body, runtime.settings))


async def keep(conn: Conn, asked: Asked, heard: Heard, scope: Scope, runtime: Runtime) -> None:
    """The answer, for a day."""
    await answered.keep(
        conn,
        tenant_id=asked.tenant_id,
        key=asked.key,
        fingerprint=asked.fingerprint,
        status=heard.status,
        headers=heard.headers,
        body=closed(heard.body, runtime.settings),
        subject_ids=ids_of(scope, heard),
        now=runtime.clock(),
    )
