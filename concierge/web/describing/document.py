"""The document: Litestar knows paths and parameters, msgspec knows shapes; both are read from the routes."""

import inspect
from typing import Any, get_args, get_origin

import msgspec
from litestar import Litestar, Response
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from concierge import __version__
from concierge.web.describing.examples import example
from concierge.web.describing.operations import KEYED, PROBLEM_SCHEMA, complete, headers, responses
from concierge.web.describing.typed import typed

REF = "#/components/schemas/{name}"
ABOUT = """Keeps every message that reaches a business and makes each follow-up, reminder and reply happen once.

Authenticate with `Authorization: Bearer …` or `x-api-key`. Errors are problems (RFC 9457). Lists come in pages:
`?limit=&cursor=`. Instants are RFC 3339 with an offset, zones are IANA names, ids are UUIDs."""
EMPTY = {204}


def document(app: Litestar) -> dict[str, Any]:
    """OpenAPI 3.1 of every endpoint that says what it takes and gives. `app` has an `openapi_config`."""
    described: dict[str, Any] = app.openapi_schema.to_schema()
    handlers = _handlers(app)
    types = sorted({each for handler in handlers.values() for each in _types(handler) if each is not None}, key=repr)
    schemas, shapes = msgspec.json.schema_components(types, ref_template=REF)
    shown = {
        each: {"schema": typed(schema), "example": example(schema, shapes)}
        for each, schema in zip(types, schemas, strict=True)
    }
    shapes = {"Problem": PROBLEM_SCHEMA, **{name: typed(shape) for name, shape in shapes.items()}}
    paths = {}
    for path, item in sorted(described["paths"].items()):
        kept = {
            method: _operation(path, method, operation, handlers[path, method], shown)
            for method, operation in item.items()
            if (path, method) in handlers
        }
        if kept:
            paths[path] = kept
    return {
        "openapi": "3.1.0",
        "info": {"title": "Concierge", "version": __version__, "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": dict(sorted(shapes.items())),
            "responses": responses(),
            "headers": headers(),
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "key": {"type": "apiKey", "in": "header", "name": "x-api-key"},
            },
        },
    }


def _operation(
    path: str, method: str, operation: dict[str, Any], handler: HTTPRouteHandler, shown: dict[Any, Any]
) -> dict[str, Any]:
    said = inspect.cleandoc(handler.fn.__doc__ or "")
    taken, given = _types(handler)
    status = handler.status_code
    answer: dict[str, Any] = {"description": said.partition("\n")[0]}
    if given is not None and status not in EMPTY:
        answer["content"] = {"application/json": shown[given]}
    elif handler.opt.get("streams"):
        answer["content"] = {"text/event-stream": {"schema": {"type": "string"}}}
    elif status not in EMPTY:
        answer["content"] = {"*/*": {}}
    statuses = [200, status] if "maybe_there" in handler.opt else [status]
    whole: dict[str, Any] = {
        "operationId": _name(path, method, handler),
        "summary": said.replace("\n", " ").partition(". ")[0].rstrip("."),
        "description": said,
        "tags": [_tag(path)],
        "parameters": [_parameter(each) for each in operation.get("parameters", [])],
        "responses": {str(each): dict(answer) for each in statuses},
    }
    if taken is not None:
        whole["requestBody"] = {"required": True, "content": {"application/json": shown[taken]}}
    scope = handler.opt.get("scope") if path.startswith(KEYED) else None
    complete(path, method, whole, scope=scope, etag=_has_tag(handler))
    return whole


def _handlers(app: Litestar) -> dict[tuple[str, str], HTTPRouteHandler]:
    return {
        (route.path_format, method.lower()): handler
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for method, (handler, _) in route.route_handler_map.items()
        if method not in {"OPTIONS", "HEAD"} and route.path_format.startswith(KEYED)
    }


def _types(handler: HTTPRouteHandler) -> tuple[Any, Any]:
    """What an operation takes and gives as JSON; None: nothing, or nothing that has a shape."""
    data = handler.parsed_fn_signature.parameters.get("data")
    given = handler.parsed_fn_signature.return_type.annotation
    if get_origin(given) is Response:
        (given,) = get_args(given)
    shaped = get_origin(given) is dict or (
        isinstance(get_origin(given) or given, type) and issubclass(get_origin(given) or given, Struct)
    )
    return (data.annotation if data else None), (given if shaped else None)


def _parameter(given: dict[str, Any]) -> dict[str, Any]:
    """Without the words that say what is meant anyway; null cannot be said in a query."""
    schema = dict(given["schema"])
    members = schema.pop("oneOf", None)
    if members:
        schema = {**next(each for each in members if each.get("type") != "null"), **schema}
    if isinstance(schema.get("enum"), list):
        schema["enum"] = [each for each in schema["enum"] if each is not None]
    if isinstance(schema.get("type"), list):
        (schema["type"],) = set(schema["type"]) - {"null"}
    schema.pop("description", None)
    kept: dict[str, Any] = {name: given[name] for name in ("name", "in", "required", "description") if name in given}
    return {**kept, "schema": typed(schema)}


def _name(path: str, method: str, handler: HTTPRouteHandler) -> str:
    if path.startswith("/v1/"):
        return handler.fn.__name__
    return "_".join([path.split("/")[1], _tag(path), handler.fn.__name__, method])


def _tag(path: str) -> str:
    parts = [each for each in path.split("/") if each]
    return parts[1] if parts[0] in {"v1", "api", "admin"} and len(parts) > 1 else parts[0]


def _has_tag(handler: HTTPRouteHandler) -> bool:
    return get_origin(handler.parsed_fn_signature.return_type.annotation) is Response
