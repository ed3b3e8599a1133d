"""What an operation has beside its shapes: who may, what it can refuse, and its headers."""

from typing import Any

from concierge.web.problems import TITLES

KEYED = ("/v1/", "/admin/", "/users", "/api/")
IDEMPOTENT = ("/v1/", "/users", "/admin/", "/api/bookings", "/api/notifications")
PROBLEM = "#/components/responses/"
HEADER = "#/components/headers/"
REFUSALS = {status: f"Problem{status}" for status in TITLES}

HEADERS = {
    "x-correlation-id": "The id of this request, in our logs too: the one that was sent, or a new one.",
    "RateLimit-Policy": 'Such as "default";q=1000;w=60: a thousand requests a minute and key.',
    "RateLimit": "What is left: r requests, all of them again in t seconds.",
}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same request under the same key is done once and answered alike for 24 hours.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the state that was read: refused with 412 when it has changed.",
    "schema": {"type": "string", "pattern": "^[!-~]{1,100}$"},
}


def complete(path: str, method: str, operation: dict[str, Any], *, scope: str | None, etag: bool) -> None:
    """Add what holds for the operation's path and method, in place."""
    parameters = operation.setdefault("parameters", [])
    if scope is not None:
        operation["security"] = [{"bearer": []}, {"key": []}]
        operation["x-scope"] = scope or "any key"
    if method in {"post", "patch"} and path.startswith(IDEMPOTENT):
        parameters.append(KEY)
    if method == "patch" and etag:
        parameters.append(IF_MATCH)
    if not parameters:
        del operation["parameters"]
    statuses = _refusals(path, method, operation, keyed=scope is not None, etag=etag)
    for status in sorted(statuses):
        operation["responses"].setdefault(str(status), {"$ref": PROBLEM + REFUSALS[status]})
    for answer in operation["responses"].values():
        if "$ref" not in answer:
            answer["headers"] = {name: {"$ref": HEADER + name} for name in HEADERS if scope is not None}


def _refusals(path: str, method: str, operation: dict[str, Any], *, keyed: bool, etag: bool) -> set[int]:
    found = {500, 503}
    if keyed:
        found |= {401, 403, 429}
    inputs = operation.get("parameters", [])
    if "{" in path or path.startswith("/v1/admin/ops"):
        found |= {404}
    if any(each["in"] in {"query", "header"} for each in inputs) or "requestBody" in operation:
        found |= {400, 422}
    if path.startswith("/v1/"):
        found |= {422}  # for a query parameter that nobody knows
    if method != "get":
        found |= {400, 404, 408, 409, 413, 422}
    if "requestBody" in operation:
        found |= {415}
    if method == "patch" and etag:
        found |= {412}
    return found


def headers() -> dict[str, Any]:
    """The headers of every answer, for `components`."""
    return {name: {"description": said, "schema": {"type": "string"}} for name, said in HEADERS.items()}


def responses() -> dict[str, Any]:
    """The refusals, for `components`."""
    return {
        name: {
            "description": TITLES[status],
            "headers": {
                "x-correlation-id": {"$ref": HEADER + "x-correlation-id"},
                **(
                    {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
                    if status == 429
                    else {}
                ),
            },
            "content": {
                "application/problem+json": {
                    "schema": {"$ref": "#/components/schemas/Problem"},
                    "example": _problem(status),
                }
            },
        }
        for status, name in REFUSALS.items()
    }


def _problem(status: int) -> dict[str, Any]:
    code = {422: "invalid", 404: "missing", 409: "conflicting", 401: "forged", 403: "forbidden", 429: "too-many"}
    named = code.get(status, TITLES[status].lower().replace(" ", "-"))
    return {
        "type": f"/problems/{named}",
        "title": TITLES[status],
        "status": status,
        "detail": "/name: is missing" if status == 422 else TITLES[status].lower(),
        "instance": "/v1/api-keys",
        "code": named,
        "correlation_id": "0f7c2a",
        "errors": [{"pointer": "/name", "detail": "is missing"}] if status == 422 else [],
    }


PROBLEM_SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `type` is a page that says more; `errors` names every field at fault by a JSON pointer.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "correlation_id", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": ["string", "null"]},
        "code": {"type": "string"},
        "correlation_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}
