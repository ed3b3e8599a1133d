"""Who calls, before anything else is done: the first middleware of the API."""

from collections.abc import Iterable

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from concierge.log import correlate
from concierge.runtime import Runtime
from concierge.tenants.keys import identify
from concierge.web.correlation import correlation_of


def admission(app: ASGIApp) -> ASGIApp:
    """Finds the caller of a key, or raises Forged; the answer carries the correlation id."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        runtime: Runtime = scope["litestar_app"].state.runtime
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        correlation = correlation_of(scope)

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with(message["headers"], b"x-correlation-id", correlation.encode())
            await send(message)

        with correlate(correlation):
            async with runtime.connection() as conn:
                scope["user"] = await identify(conn, key_of(headers), now=runtime.clock())
            await app(scope, receive, send_on)

    return answer


def key_of(headers: dict[str, str]) -> str | None:
    """`x-api-key`, or the token of `Authorization: Bearer`."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return headers.get("x-api-key") or (token.strip() if scheme.lower() == "bearer" else None)


def _with(headers: Iterable[tuple[bytes, bytes]], name: bytes, value: bytes) -> list[tuple[bytes, bytes]]:
    return [*(each for each in headers if each[0].lower() != name), (name, value)]
