"""Who may see a page, and who may change something: dependencies of the handlers."""

from hmac import compare_digest
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.di import NamedDependency

from concierge.console import sessions
from concierge.console.model import Acting, Operator, Role
from concierge.errors import ConciergeError, Forbidden, Forged
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]
LOGIN = "/console/login"
HEADER, FIELD = "x-csrf-token", "csrf"


class SignInFirst(ConciergeError):
    """nobody is signed in"""


async def provide_operator(request: AnyRequest, runtime: NamedDependency[Runtime]) -> Operator:
    """Who is signed in. Raises SignInFirst."""
    operator = await sessions.find(runtime, request.cookies.get(sessions.COOKIE))
    if operator is None:
        raise SignInFirst
    return operator


async def provide_acting(request: AnyRequest, operator: NamedDependency[Operator]) -> Acting:
    """An operator whose form is ours. Raises Forged, Forbidden."""
    return await _acting(request, operator, "operator")


async def provide_admin(request: AnyRequest, operator: NamedDependency[Operator]) -> Acting:
    """An admin whose form is ours. Raises Forged, Forbidden."""
    return await _acting(request, operator, "admin")


async def provide_platform(operator: NamedDependency[Operator]) -> Operator:
    """Somebody who may see the machine. Raises Forbidden."""
    if not operator.platform:
        raise Forbidden("this page is about the machine, not about your business")
    return operator


async def provide_machinist(request: AnyRequest, platform: NamedDependency[Operator]) -> Acting:
    """An admin of the machine whose form is ours. Raises Forged, Forbidden."""
    return await _acting(request, platform, "admin")


async def provide_own(request: AnyRequest, operator: NamedDependency[Operator]) -> Acting:
    """Anybody signed in whose form is ours: for one's own session. Raises Forged."""
    return await _acting(request, operator, "viewer")


async def _acting(request: AnyRequest, operator: Operator, role: Role) -> Acting:
    given = request.headers.get(HEADER) or str((await request.form()).get(FIELD, ""))
    if not compare_digest(given.encode(), operator.csrf.encode()):
        raise Forged("this form is not of your session; go back, load the page again, and repeat")
    if not operator.may(role):
        raise Forbidden(f"this needs the role {role}; yours is {operator.role}")
    return Acting(operator=operator)


def on_sign_in_first(request: AnyRequest, _: SignInFirst) -> Response[None]:
    """To the login, and back afterwards; htmx is told to take the whole page there."""
    path = request.url.path if request.method == "GET" else "/console"
    target = f"{LOGIN}?{urlencode({'next': path})}"
    if request.headers.get("hx-request"):
        return Response(None, status_code=200, headers={"hx-redirect": target})
    return Response(None, status_code=303, headers={"location": target})
