"""The id that joins a request, its log lines, its rows and the provider calls that follow from it."""

import re
from random import getrandbits
from typing import Any

_SOUND = re.compile(r"[\w.:/+=-]{1,128}", re.ASCII)


def correlation_id(given: str | None) -> str:
    """The caller's `x-correlation-id`, or a new one where it has none or an unsound one. Unique, not secret."""
    return given if given and _SOUND.fullmatch(given) else f"{getrandbits(128):032x}"


def correlation_of(scope: Any) -> str:
    """The id of a request: the same one however often it is asked for."""
    return always(scope)["x-correlation-id"]


def always(scope: Any) -> dict[str, str]:
    """Headers that the answer will have, whatever it is; what is put in here is said."""
    state: dict[str, Any] = scope.setdefault("state", {})
    if "headers" not in state:
        given = next((value for name, value in scope["headers"] if name == b"x-correlation-id"), b"")
        state["headers"] = {"x-correlation-id": correlation_id(given.decode("latin-1"))}
    headers: dict[str, str] = state["headers"]
    return headers
