"""Query parameters that nobody knows are refused by name: a filter with a typo must not answer with everything.

So are values that no text in Postgres can hold, and a second value, of which one would be taken silently: each of ours
has one.
"""

from collections import Counter
from functools import lru_cache
from urllib.parse import parse_qsl

from litestar import Litestar
from litestar.routes import HTTPRoute
from litestar.types import ASGIApp, Receive, Scope, Send

from concierge.errors import Invalid, Malformed


def one_value(app: ASGIApp) -> ASGIApp:
    """Stands behind `admission`. Raises Malformed with every name that is given more than once."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if b"&" in scope["query_string"]:
            given = Counter(name for name, _ in _pairs(scope["query_string"]))
            if repeated := [name for name, times in given.items() if times > 1]:
                said = f"one value is meant, and there are more: {', '.join(repeated)}"
                raise Malformed(said, pointer=f"/{repeated[0]}")
        await app(scope, receive, send)

    return answer


def strict_query(app: ASGIApp) -> ASGIApp:
    """Stands behind `admission`. Raises Invalid with every unknown name, or every value that cannot be."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"] and not scope["route_handler"].opt.get("any_query"):
            known = _known(scope["litestar_app"]).get(id(scope["route_handler"]), frozenset())
            given = _pairs(scope["query_string"])
            if unknown := [name for name in dict.fromkeys(name for name, _ in given) if name not in known]:
                raise Invalid([(f"/{name}", "there is no such query parameter") for name in unknown])
            if unstorable := [name for name, value in given if "\0" in value]:
                raise Invalid([(f"/{name}", "must hold no NUL character") for name in unstorable])
        await app(scope, receive, send)

    return answer


def _pairs(query: bytes) -> list[tuple[str, str]]:
    return parse_qsl(query.decode("latin-1"), keep_blank_values=True)


@lru_cache(maxsize=4)
def _known(app: Litestar) -> dict[int, frozenset[str]]:
    """The names that each handler takes, itself or by what it depends on."""
    return {
        id(handler): frozenset(each.field_alias for each in model.expected_query_params)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler, model in route.route_handler_map.values()
    }
