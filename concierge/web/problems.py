"""Errors as RFC 9457 problems; an unforeseen one says nothing about our inside."""

import math
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from psycopg import OperationalError

from concierge.errors import Malformed, Rejected, TooMany
from concierge.log import logger
from concierge.web.correlation import correlation_id

TITLES = {
    400: "Bad request",
    401: "Not authenticated",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Conflict",
    413: "Too large",
    429: "Too many requests",
    500: "Internal error",
    503: "Try again",
}
MEDIA_TYPE = "application/problem+json"

log = logger(__name__)


def problem(error: Rejected, correlation: str) -> dict[str, Any]:
    """The body of a refusal; `errors` names the field at fault by its JSON pointer."""
    pointer = error.pointer if isinstance(error, Malformed) else None
    return _body(
        error.status,
        error.code,
        str(error),
        correlation,
        [{"pointer": pointer, "detail": str(error)}] if pointer else [],
    )


def _body(status: int, code: str, detail: str, correlation: str, errors: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "about:blank",
        "title": TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "correlation_id": correlation,
        "errors": errors,
    }


def on_rejected(request: Request[Any, Any, Any], error: Rejected) -> Response[Any]:
    """A refusal of ours."""
    body = problem(error, correlation_id(request.headers.get("x-correlation-id")))
    headers = {"retry-after": str(math.ceil(error.retry_after))} if isinstance(error, TooMany) else None
    return Response(body, status_code=error.status, media_type=MEDIA_TYPE, headers=headers)


def on_http_exception(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """A refusal of the framework's: no such route, wrong parameter."""
    correlation = correlation_id(request.headers.get("x-correlation-id"))
    fields = [
        {"pointer": f"/{each.get('key', '')}", "detail": each.get("message", "")}
        for each in (error.extra or [] if isinstance(error, ValidationException) else [])
        if isinstance(each, dict)
    ]
    code = TITLES.get(error.status_code, "error").lower().replace(" ", "-")
    body = _body(error.status_code, code, str(error.detail), correlation, fields)
    return Response(body, status_code=error.status_code, media_type=MEDIA_TYPE, headers=error.headers)


def on_database_away(request: Request[Any, Any, Any], error: OperationalError) -> Response[Any]:
    """Nobody's fault here: the same request may work in a moment."""
    correlation = correlation_id(request.headers.get("x-correlation-id"))
    log.warning("database away", path=request.url.path, error=type(error).__name__, correlation_id=correlation)
    body = _body(503, "try-again", "the database does not answer", correlation, [])
    return Response(body, status_code=503, media_type=MEDIA_TYPE)


def on_surprise(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """A fault of ours: the log knows more, the caller gets its correlation id."""
    correlation = correlation_id(request.headers.get("x-correlation-id"))
    log.error("surprise", path=request.url.path, error=type(error).__name__, correlation_id=correlation, exc_info=error)
    body = _body(500, "internal-error", "something went wrong on our side", correlation, [])
    return Response(body, status_code=500, media_type=MEDIA_TYPE)
