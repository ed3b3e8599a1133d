"""What a browser is told (CORS): whether a page may ask at all, and read the answer.

A browser asks before it sends (the preflight) and names neither widget nor session: it is told yes for a page on which
any widget may stand. The request itself is then held against the list of its own account (`origins`).
"""

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


class Origins:
    """Which pages some widget may stand on; answers are remembered for a few seconds."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self._known: dict[str, tuple[float, bool]] = {}

    async def knows(self, origin: str) -> bool:
        """Whether any account lists the origin."""
        now = self.runtime.clock().timestamp()
        at, answer = self._known.get(origin, (0.0, False))
        if abs(now - at) >= FRESH:
            async with self.runtime.connection() as conn:
                answer = await store.is_known_origin(conn, origin=origin)
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[origin] = now, answer
        return answer


def cors(app: ASGIApp) -> ASGIApp:
    """A middleware that answers preflights, and lets pages read answers, where a widget may stand."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        origins: Origins = scope["litestar_app"].state.origins
        given = next((value for name, value in scope["headers"] if name == b"origin"), None)
        headers = [(b"vary", b"origin")]
        if given is not None and await origins.knows(given.decode("latin-1")):
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
