"""Errors as RFC 9457 problems; an unforeseen one says nothing about our inside."""

import math
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from psycopg import OperationalError

from concierge.console import mishaps
from concierge.errors import Invalid, Malformed, Rejected, TooMany
from concierge.log import logger
from concierge.web.correlation import always, correlation_of

TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    412: "Changed meanwhile",
    413: "Too large",
    415: "Unsupported media type",
    422: "Not acceptable",
    429: "Too many requests",
    500: "Internal error",
    503: "Try again",
}
CODES = {400: "malformed", 401: "forged", 403: "forbidden", 404: "missing", 405: "not-allowed", 413: "too-large"}
"""What we call the framework's refusals."""
MEDIA_TYPE = "application/problem+json"
CATALOGUE = "/problems/"  # where the pages are that say more about a code

AnyRequest = Request[Any, Any, Any]

log = logger(__name__)


def problem(error: Rejected, correlation: str, *, instance: str | None = None) -> dict[str, Any]:
    """The body of a refusal; `errors` names each field at fault by its JSON pointer."""
    faults: tuple[tuple[str, str], ...] = ()
    if isinstance(error, Invalid):
        faults = error.faults
    elif isinstance(error, Malformed) and error.pointer:
        faults = ((error.pointer, str(error)),)
    return _body(error.status, error.code, str(error), correlation, faults=faults, instance=instance)


def _body(
    status: int,
    code: str,
    detail: str,
    correlation: str,
    *,
    faults: tuple[tuple[str, str], ...] = (),
    instance: str | None = None,
) -> dict[str, Any]:
    return {
        "type": CATALOGUE + code,
        "title": TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
        "correlation_id": correlation,
        "errors": [{"pointer": pointer, "detail": wrong} for pointer, wrong in faults],
    }


def on_rejected(request: AnyRequest, error: Rejected) -> Response[Any]:
    """A refusal of ours."""
    body = problem(error, correlation_of(request.scope), instance=request.scope["path"])
    headers: dict[str, str] = {}
    if isinstance(error, TooMany):
        headers["retry-after"] = str(math.ceil(error.retry_after))
    if error.status == 401:
        headers["www-authenticate"] = "Bearer"
    return _answer(request, body, headers)


def on_http_exception(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """A refusal of the framework's: no such route, wrong parameter."""
    if request.scope["path"].startswith("/console/"):
        return mishaps.on_http_exception(request, error)
    faults = tuple(
        (f"/{each.get('key', '')}", str(each.get("message", "")))
        for each in (error.extra or [] if isinstance(error, ValidationException) else [])
        if isinstance(each, dict)
    )
    code = CODES.get(error.status_code, "rejected")
    said = _body(
        error.status_code,
        code,
        str(error.detail),
        correlation_of(request.scope),
        faults=faults,
        instance=request.scope["path"],
    )
    return _answer(request, said, error.headers or {})


def on_database_away(request: AnyRequest, error: OperationalError) -> Response[Any]:
    """Nobody's fault here: the same request may work in a moment."""
    correlation = correlation_of(request.scope)
    log.warning("database away", path=request.url.path, error=type(error).__name__, correlation_id=correlation)
    body = _body(503, "try-again", "the database does not answer", correlation, instance=request.scope["path"])
    return _answer(request, body, {})


def on_surprise(request: AnyRequest, error: Exception) -> Response[Any]:
    """A fault of ours: the log knows more, the caller gets its correlation id."""
    correlation = correlation_of(request.scope)
    log.error("surprise", path=request.url.path, error=type(error).__name__, correlation_id=correlation, exc_info=error)
    body = _body(500, "internal-error", "something went wrong on our side", correlation, instance=request.scope["path"])
    return _answer(request, body, {})


def _answer(request: AnyRequest, body: dict[str, Any], headers: Mapping[str, str]) -> Response[Any]:
    return Response(
        body, status_code=body["status"], media_type=MEDIA_TYPE, headers={**headers, **always(request.scope)}
    )
