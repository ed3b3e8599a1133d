"""What a browser is told (CORS): whether a page may ask at all, and read the answer.

A browser asks before it sends (the preflight) and names neither widget nor session: it is told yes for a page on which
any widget may stand. The request itself is then held against the list of its own account (`origins`).
"""

from collections.abc import Callable

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from concierge.runtime import Runtime
from concierge.webchat import store

FRESH = 5.0  # seconds an answer about an origin is remembered
MOST = 10_000
PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST"),
    (b"access-control-allow-headers", b"authorization, content-type, last-event-id, x-correlation-id"),
    (b"access-control-max-age", b"600"),
)


def cors(runtime: Runtime) -> Callable[[ASGIApp], ASGIApp]:
    """A middleware that answers preflights, and lets pages read answers, where a widget may stand.

    A function, because Litestar copies whatever else stands in a router.
    """
    known: dict[str, tuple[float, bool]] = {}

    async def is_known(origin: str) -> bool:
        now = runtime.clock().timestamp()
        at, answer = known.get(origin, (0.0, False))
        if abs(now - at) >= FRESH:
            async with runtime.connection() as conn:
                answer = await store.is_known_origin(conn, origin=origin)
            if len(known) >= MOST:
                known.clear()
            known[origin] = now, answer
        return answer

    def around(app: ASGIApp) -> ASGIApp:
        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            given = next((value for name, value in scope["headers"] if name == b"origin"), None)
            headers = [(b"vary", b"origin")]
            if given is not None and await is_known(given.decode("latin-1")):
                headers.append((b"access-control-allow-origin", given))
                headers.append((b"access-control-expose-headers", b"retry-after"))

            async def send_on(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message["headers"], *headers]
                await send(message)

            if scope.get("method") != "OPTIONS":
                await app(scope, receive, send_on)
                return
            allowed = PREFLIGHT if len(headers) > 1 else ()
            await send_on({"type": "http.response.start", "status": 204, "headers": allowed})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return answer

    return around
