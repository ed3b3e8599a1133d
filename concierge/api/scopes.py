"""What a key may do: `noun:read` or `noun:write`, `*:read`, `*:write`, `admin:*`, `platform:*`."""

from collections.abc import Iterable
from typing import Annotated, Any

from litestar.handlers import BaseRouteHandler, HTTPRouteHandler
from msgspec import Meta

from concierge.api.caller import Caller
from concierge.errors import Forbidden

NOUNS = (
    "tenants",
    "keys",
    "channel-accounts",
    "message-templates",
    "agents",
    "prompts",
    "contacts",
    "suppressions",
    "conversations",
    "messages",
    "follow-ups",
    "bookings",
    "readings",
    "credits",
    "webhooks",
    "events",
    "notifications",
    "*",
)
ANY_QUERY = {"any_query": True}  # in a handler's `opt=`: it looks at every query parameter itself
CHANGES_NOTHING = {"changes": False}  # a POST that only works something out
IN_BITES = {"in_bites": True}  # takes long, in transactions of its own, and notes by itself that it was asked for
OWN = ""  # any live key: what it asks about is itself
SCOPES = frozenset({f"{noun}:{verb}" for noun in NOUNS for verb in ("read", "write")} | {"admin:*", "platform:*"})


def _is_known(scope: str) -> str | None:
    return None if scope in SCOPES else f"there is no such scope; there are {', '.join(sorted(SCOPES))}"


Scope = Annotated[str, Meta(extra={"check": _is_known}, extra_json_schema={"enum": sorted(SCOPES)})]


def needs(scope: str) -> dict[str, Any]:
    """The `opt=` of a handler: what a key must hold. `OWN`: any key will do."""
    if scope != OWN and scope not in SCOPES:
        raise ValueError(f"{scope} is not in NOUNS")
    return {"scope": scope}


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
