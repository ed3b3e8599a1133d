"""A request that changes something is one transaction: what it does, its line in the action log, its stored answer.

Whoever has the answer finds all three; where one of them fails, none is there
(docs/decisions/0085-keys-are-noted-at-the-door.md).
"""

from litestar.types import ASGIApp, Receive, Scope, Send

from concierge.api.caller import Caller
from concierge.api.scopes import CHANGES_NOTHING, IN_BITES
from concierge.postgres.query import Conn
from concierge.runtime import Runtime
from concierge.web import idempotency
from concierge.web.hearing import Heard, again
from concierge.web.noting import note
from concierge.web.reading import read_body

METHODS = ("POST", "PUT", "PATCH", "DELETE")
LARGEST_BODY = 256 * 1024  # bytes


def changing(app: ASGIApp) -> ASGIApp:
    """Stands behind `admission`. Raises Invalid, Conflicting while the first request runs, KeyUsedBefore."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") not in METHODS:
            await app(scope, receive, send)
            return
        key = idempotency.key_of(scope)
        if key is None and scope["route_handler"].opt.items() >= IN_BITES.items():
            await app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"").decode("latin-1")
        body = await read_body(declared, receive, LARGEST_BODY)
        runtime: Runtime = scope["litestar_app"].state.runtime
        try:
            async with runtime.join() as conn:
                heard = await _once(conn, app, scope, key, body)
        except _Refused as refused:
            heard = refused.heard
        for message in heard.messages:
            await send(message)

    return answer


class _Refused(Exception):
    """Rolls the transaction back: a refusal changed nothing. It is not kept, the same key may be tried again."""

    def __init__(self, heard: Heard) -> None:
        self.heard = heard


async def _once(conn: Conn, app: ASGIApp, scope: Scope, key: str | None, body: bytes) -> Heard:
    runtime: Runtime = scope["litestar_app"].state.runtime
    caller: Caller = scope["user"]
    if key is None:
        return await _done(conn, app, scope, body)
    asked = idempotency.Asked(caller.tenant_id, key, idempotency.fingerprint(scope, body))
    before = await idempotency.answer_of(conn, asked, runtime)
    if before is not None:
        return before
    heard = await _done(conn, app, scope, body)
    await idempotency.keep(conn, asked, heard, scope, runtime)
    return heard


async def _done(conn: Conn, app: ASGIApp, scope: Scope, body: bytes) -> Heard:
    """Do it and note it. Raises _Refused."""
    heard = Heard()
    await app(scope, again(body), heard)
    if heard.status >= 400:
        raise _Refused(heard)
    opt = scope["route_handler"].opt.items()
    if not (opt >= CHANGES_NOTHING.items() or opt >= IN_BITES.items()):
        await note(conn, scope, heard)
    return heard
