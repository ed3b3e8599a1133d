"""What stands behind an API key: admission before everything, strict bodies, problems for everything that is wrong."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Request, Response, Router
from litestar.di import NamedDependency, Provide
from litestar.exceptions import ValidationException
from litestar.handlers import HTTPRouteHandler
from litestar.types import Middleware

from concierge.api.caller import Caller
from concierge.api.paging import provide_counting, provide_paging
from concierge.api.requests import StrictRequest
from concierge.errors import Invalid
from concierge.web import problems
from concierge.web.admission import admission
from concierge.web.changing import LARGEST_BODY
from concierge.web.parameters import one_value


def keyed(
    path: str,
    handlers: Sequence[HTTPRouteHandler],
    *middleware: Middleware,
    opt: dict[str, Any] | None = None,
    more: Mapping[str, Provide] | None = None,
) -> Router:
    """A router whose handlers know who calls (`caller`; for operators' endpoints `operator`); `more` adds to that."""
    return Router(
        path=path,
        route_handlers=handlers,
        dependencies={
            "caller": Provide(provide_caller),
            "operator": Provide(provide_operator),
            "paging": Provide(provide_paging),
            "counting": Provide(provide_counting),
            **(more or {}),
        },
        middleware=[admission, one_value, *middleware],
        opt=opt,
        request_class=StrictRequest,
        request_max_body_size=LARGEST_BODY,
        exception_handlers={ValidationException: on_validation},
    )


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Who calls: the middleware has found out."""
    caller: Caller = request.user
    return caller


async def provide_operator(caller: NamedDependency[Caller]) -> Caller:
    """The caller, where only operators come."""
    return caller


def on_validation(request: Request[Any, Any, Any], error: ValidationException) -> Response[Any]:
    """Parameters that the framework found wrong, said as we say it of bodies."""
    extra = error.extra if isinstance(error.extra, list) else []
    faults = [_fault(each) for each in extra if isinstance(each, dict)]
    return problems.on_rejected(request, Invalid(faults or [("", str(error.detail))]))


def _fault(each: dict[str, Any]) -> tuple[str, str]:
    if each.get("key") == "data":
        return "", "a JSON body is required"
    message = str(each.get("message", "")).partition(" - at `")[0]
    return f"/{each.get('key', '')}", message[:1].lower() + message[1:]
