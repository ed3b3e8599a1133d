"""What a key may do: `noun:read` or `noun:write`, `*:read`, `*:write`, `admin:*`, `platform:*`."""

from typing import Annotated, Any

from msgspec import Meta

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
MAYBE_THERE = {"maybe_there": True}  # 200 instead of 201 where what is to be made was made before
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
