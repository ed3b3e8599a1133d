"""`Idempotency-Key`: the same request twice is done once, and answered twice.

What the request does and its stored answer are one transaction, under an advisory lock of the key: a process that dies
leaves neither, two at once cannot both do it, and nobody has to guess whether a claim is still alive
(docs/decisions/0022-one-transaction-a-key.md).
"""

from contextlib import suppress
from hashlib import sha256
from typing import Any

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from concierge.api.caller import Caller
from concierge.errors import Conflicting, Invalid, KeyUsedBefore
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.tenants import answered
from concierge.tenants.vault import closed, revealed
from concierge.web.reading import read_body

METHODS = ("POST", "PATCH")
KEPT_HEADERS = ("content-type", "etag", "location")
LONGEST_KEY = 255
LARGEST_BODY = 256 * 1024  # bytes


def idempotent(app: ASGIApp) -> ASGIApp:
    """Stands behind `admission`. Raises Invalid, Conflicting while the first request runs, KeyUsedBefore."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        headers: dict[bytes, bytes] = dict(scope["headers"])
        given = headers.get(b"idempotency-key")
        if given is None or scope.get("method") not in METHODS:
            await app(scope, receive, send)
            return
        key = given.decode("latin-1").strip()
        if not 1 <= len(key) <= LONGEST_KEY:
            raise Invalid([("/Idempotency-Key", f"must have 1 to {LONGEST_KEY} characters")])
        body = await read_body(headers.get(b"content-length", b"").decode("latin-1"), receive, LARGEST_BODY)
        heard = _Heard()
        with suppress(_NothingDone):
            await _once(scope, key, body, app, heard)
        for message in heard.messages:
            await send(message)

    return answer


async def _once(scope: Scope, key: str, body: bytes, app: ASGIApp, heard: "_Heard") -> None:
    runtime: Runtime = scope["litestar_app"].state.runtime
    caller: Caller = scope["user"]
    fingerprint = _fingerprint(scope, body)
    now = runtime.clock()
    async with runtime.join() as conn:
        if not await answered.lock(conn, tenant_id=caller.tenant_id, key=key):
            raise Conflicting("a request with this Idempotency-Key is running")
        kept = await answered.find(conn, tenant_id=caller.tenant_id, key=key, since=now - answered.KEPT)
        if kept is None:
            await app(scope, _again(body), heard)
            await _keep(conn, runtime, caller, key, fingerprint, heard)
        elif kept.fingerprint != fingerprint:
            raise KeyUsedBefore
        else:
            heard.replay(kept.status, kept.headers, revealed(kept.body, runtime.settings))


async def _keep(conn: Conn, runtime: Runtime, caller: Caller, key: str, fingerprint: bytes, heard: "_Heard") -> None:
    """A refusal changed nothing and is not kept: the same key may be tried again. Raises _NothingDone."""
    if heard.status >= 400:
        raise _NothingDone
    await answered.keep(
        conn,
        tenant_id=caller.tenant_id,
        key=key,
        fingerprint=fingerprint,
        status=heard.status,
        headers=heard.headers,
        body=closed(heard.body, runtime.settings),
        now=runtime.clock(),
    )


class _NothingDone(Exception):
    """Rolls the transaction back."""


class _Heard:
    """The answer of the application, held back until it is committed."""

    def __init__(self) -> None:
        self.messages: list[Any] = []

    async def __call__(self, message: Message) -> None:
        self.messages.append(message)

    @property
    def status(self) -> int:
        return int(self.messages[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        given = ((name.decode("latin-1"), value.decode("latin-1")) for name, value in self.messages[0]["headers"])
        return {name: value for name, value in given if name in KEPT_HEADERS}

    @property
    def body(self) -> bytes:
        return b"".join(each.get("body", b"") for each in self.messages[1:])

    def replay(self, status: int, kept: dict[str, str], body: bytes) -> None:
        given = kept | {"idempotency-replayed": "true", "content-length": str(len(body))}
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in given.items()]
        self.messages = [
            {"type": "http.response.start", "status": status, "headers": headers},
            {"type": "http.response.body", "body": body, "more_body": False},
        ]


def _again(body: bytes) -> Receive:
    """A body that was read already, for the next reader."""

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _fingerprint(scope: Scope, body: bytes) -> bytes:
    """What makes two requests the same."""
    asked = f"{scope.get('method')} {scope['path']}?".encode() + scope["query_string"] + b"\n"
    return sha256(asked + body).digest()
