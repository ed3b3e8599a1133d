"""Signing in and out."""

import math
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.di import NamedDependency
from litestar.params import FromQuery

from concierge.console import sessions
from concierge.console.guarding import LOGIN
from concierge.console.model import Acting
from concierge.console.rendering import plain
from concierge.errors import TooMany
from concierge.runtime import Runtime
from concierge.webchat.limits import Limit

AnyRequest = Request[Any, Any, Any]
HOME = "/console"


@get("/login")
async def show_login(next: FromQuery[str] = HOME) -> Response[str]:
    """The form."""
    return plain("login", next=_inside(next), wrong=None, login="")


@post("/login")
async def sign_in(request: AnyRequest, runtime: NamedDependency[Runtime]) -> Response[Any]:
    """To where one wanted to go; or the form again, which does not say which of the two was wrong.

    It needs no CSRF token: SameSite keeps other sites' cookies out, and there is no session to ride on yet.
    """
    form = await request.form()
    login, password, target = (str(form.get(name, "")) for name in ("login", "password", "next"))
    try:
        _limit(request)
        token = await sessions.sign_in(runtime, login, password)
    except TooMany as error:
        minutes = math.ceil(error.retry_after / 60)
        wrong = f"Too many tries. Try again in {minutes} minute{'s' if minutes > 1 else ''}."
        return plain("login", 429, next=_inside(target), wrong=wrong, login=login)
    if token is None:
        return plain("login", 401, next=_inside(target), wrong="Login and password do not go together.", login=login)
    return Response(None, status_code=303, headers={"location": _inside(target)}, cookies=[_cookie(request, token)])


@post("/logout")
async def sign_out(
    request: AnyRequest,
    own: NamedDependency[Acting],  # noqa: ARG001 - the form must be ours
    runtime: NamedDependency[Runtime],
) -> Response[None]:
    """The session ends."""
    await sessions.sign_out(runtime, request.cookies[sessions.COOKIE])
    gone = _cookie(request, "")
    gone.max_age = 0
    return Response(None, status_code=303, headers={"location": LOGIN}, cookies=[gone])


def _limit(request: AnyRequest) -> None:
    """Trying a password takes a core for 50 ms, whoever asks. Raises TooMany."""
    tries: Limit = request.app.state.logins
    tries.take(request.client.host if request.client else None)


def _cookie(request: AnyRequest, token: str) -> Cookie:
    public: Runtime = request.app.state.runtime
    return Cookie(
        key=sessions.COOKIE,
        value=token,
        path=HOME,
        httponly=True,
        samesite="lax",
        # browsers take no Secure cookie from plain http, which only a development machine speaks
        secure=public.settings.concierge_env == "production",
        max_age=int(sessions.LIFETIME.total_seconds()),
    )


def _inside(target: str) -> str:
    """Only pages of the console are gone to."""
    ours = target == HOME or target.startswith((f"{HOME}/", f"{HOME}?"))
    # a line break would end the header and begin another
    return target if ours and target.isascii() and target.isprintable() else HOME


HANDLERS = (show_login, sign_in, sign_out)
