"""Who calls, how often, and may they: asked before anything else is done, by the first middleware of the API."""

from collections.abc import Iterable, Mapping
from math import ceil

from litestar.types import ASGIApp, Message, Receive, Scope, Send

from concierge.api.caller import Caller
from concierge.api.guarding import check
from concierge.errors import TooMany
from concierge.log import correlate
from concierge.runtime import Runtime
from concierge.tenants.key_store import Admitted
from concierge.tenants.keys import SPAN, admit
from concierge.web.correlation import always, correlation_of
from concierge.web.methods import tell_methods


def admission(app: ASGIApp) -> ASGIApp:
    """Finds the caller of a key. Raises Forged, TooMany and Forbidden; every answer says what is left of the quota."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "OPTIONS":  # which methods there are is no secret
            await tell_methods(scope, send)
            return

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _with(message["headers"], always(scope))
            await send(message)

        with correlate(correlation_of(scope)):
            scope["user"] = await _caller(scope)
            check(scope["user"], scope["route_handler"])
            await app(scope, receive, send_on)

    return answer


def key_of(scope: Scope) -> str | None:
    """`x-api-key`, or the token of `Authorization: Bearer`."""
    headers = dict(scope["headers"])
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    plain = headers.get(b"x-api-key", b"").decode("latin-1")
    return plain or (token.strip() if scheme.lower() == "bearer" else None)


async def _caller(scope: Scope) -> Caller:
    runtime: Runtime = scope["litestar_app"].state.runtime
    quota = runtime.settings.api_rate_limit
    async with runtime.connection() as conn:
        admitted = await admit(conn, key_of(scope), quota=quota, now=runtime.clock())
    always(scope).update(_limits(admitted, quota))
    if admitted.wait is not None:
        raise TooMany(f"this key may ask {quota} times a minute", retry_after=max(admitted.wait, 0.001))
    return Caller(admitted.tenant_id, admitted.key_id, admitted.scopes, f"key:{admitted.name}")


def _limits(admitted: Admitted, quota: int) -> dict[str, str]:
    """As draft-ietf-httpapi-ratelimit-headers says it: `r` requests are left, all of them again in `t` seconds."""
    return {
        "ratelimit-policy": f'"default";q={quota};w={SPAN:.0f}',
        "ratelimit": f'"default";r={admitted.remaining};t={ceil(admitted.full_in)}',
    }


def _with(headers: Iterable[tuple[bytes, bytes]], more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    added = [(name.encode(), value.encode("latin-1")) for name, value in more.items()]
    names = {name for name, _ in added}
    return [*(each for each in headers if each[0].lower() not in names), *added]
