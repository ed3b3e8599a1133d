"""`/v1`: every room's endpoints, behind a key (see concierge.api)."""

from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide
from litestar.exceptions import ValidationException

from concierge.api.bodies import StrictRequest
from concierge.api.caller import Caller
from concierge.api.paging import provide_paging
from concierge.api.scopes import closed, guard
from concierge.errors import Invalid
from concierge.tenants import api as tenants
from concierge.web import problems
from concierge.web.admission import admission

LARGEST_BODY = 256 * 1024  # bytes
ROOMS = (tenants,)
"""A room that has an `api.py` is listed here."""


async def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """Who calls: the middleware has found out."""
    caller: Caller = request.user
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


router = Router(
    path="/v1",
    route_handlers=closed(handler for room in ROOMS for handler in room.HANDLERS),
    dependencies={"caller": Provide(provide_caller), "paging": Provide(provide_paging)},
    guards=[guard],
    middleware=[admission],
    request_class=StrictRequest,
    request_max_body_size=LARGEST_BODY,
    exception_handlers={ValidationException: on_validation},
)
