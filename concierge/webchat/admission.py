"""Who asks: a session, by a token that is good now, from a page that may."""

from typing import Any
from uuid import UUID

from litestar import Request
from litestar.di import NamedDependency
from litestar.params import FromPath
from msgspec import Struct

from concierge.channels.model import ChannelAccount
from concierge.errors import Forged, Missing
from concierge.inbox.arrival import Arrivals
from concierge.runtime import Runtime
from concierge.tenants.directory import Directory
from concierge.webchat import store, tokens
from concierge.webchat.limits import Limits
from concierge.webchat.model import Session
from concierge.webchat.origins import check
from concierge.webchat.streams import Streams
from concierge.webchat.tokens import Claims

AnyRequest = Request[Any, Any, Any]


class Desk(Struct, frozen=True):
    """What the endpoints of one web process share."""

    runtime: Runtime
    arrivals: Arrivals
    streams: Streams
    directory: Directory
    limits: Limits


class Visitor(Struct, frozen=True):
    """Who asks: a session, by a token that is good now."""

    session: Session
    account: ChannelAccount
    claims: Claims


async def provide_visitor(id: FromPath[UUID], request: AnyRequest, desk: NamedDependency[Desk]) -> Visitor:
    """The session of the request. Raises Forged for a bad token, Missing for somebody else's session, Forbidden."""
    given = _bearer(request) or request.query_params.get("token", "")
    claims = tokens.read(given, desk.runtime.settings, now=desk.runtime.clock())
    if claims.session_id != id:
        raise Missing("there is no such session")
    desk.limits.requests.take(id)
    async with desk.runtime.connection() as conn:
        session = await store.find(conn, id, tenant_id=claims.tenant_id)
    if session is None:
        raise Missing("there is no such session")
    account = (await desk.directory.find("webchat", {session.widget})).get(session.widget)
    if account is None:
        raise Missing("this chat is not there any more")
    check(account, request.headers.get("origin"), may_be_missing=True)
    return Visitor(session, account, claims)


def _bearer(request: AnyRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme and scheme.lower() != "bearer":
        raise Forged("a session token is required, as `Authorization: Bearer …` or `?token=`")
    return token.strip()
