"""Every endpoint says what a key must hold, and is asked for it."""

from collections.abc import Iterable

from litestar.handlers import BaseRouteHandler, HTTPRouteHandler

from concierge.api.caller import Caller
from concierge.api.scopes import OWN
from concierge.errors import Forbidden


def check(caller: Caller, handler: BaseRouteHandler) -> None:
    """Raises Forbidden where the caller's key does not hold what the handler needs."""
    scope = handler.opt["scope"]
    if scope != OWN and not caller.may(scope):
        raise Forbidden(f"this needs a key with the scope {scope}")


def closed(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """The handlers, each of which must say what it needs: one that forgot to is a mistake, not an open door."""
    listed = list(handlers)
    for handler in listed:
        if "scope" not in handler.opt:
            raise LookupError(f"{handler.fn.__module__}.{handler.fn.__name__} has no opt=needs(…)")
    return listed
