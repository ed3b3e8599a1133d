"""ETag and If-Match: who changes a thing says which state of it they saw, and loses no other's change."""

from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from litestar import Request, Response

from concierge.errors import Outdated

T = TypeVar("T")


def tag(shown: object) -> str:
    """The ETag of a representation: the same words, the same tag."""
    return f'"{sha256(msgspec.json.encode(shown)).hexdigest()[:32]}"'


def tagged(shown: T, *, status_code: int = 200) -> Response[T]:
    """An answer with its ETag."""
    return Response(shown, status_code=status_code, headers={"etag": tag(shown)})


def match(request: Request[Any, Any, Any], shown: object) -> None:
    """Hold If-Match, where there is one, against the present state (read under a lock). Raises Outdated."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return
    if tag(shown) not in [each.strip().removeprefix("W/") for each in given.split(",")]:
        raise Outdated
