"""API keys: made and shown once, replaced by a successor, revoked. For admins."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.paging import Paging
from concierge.api.scopes import NOUNS
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.errors import Conflicting
from concierge.runtime import Runtime
from concierge.tenants import key_store, keys
from concierge.tenants.model import NewApiKey

AnyRequest = Request[Any, Any, Any]


@get("/keys")
async def show_keys(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Every key, those that have ended too."""
    async with runtime.connection() as conn:
        rows = await key_store.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("keys", operator, keys=listing.page(rows), nouns=NOUNS, now=runtime.clock(), said=said)


@post("/keys", status_code=200)
async def add_key(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """A new one, readable in this answer and never again."""
    now, form = runtime.clock(), await entered(request)
    wish = form.given(NewApiKey, name=form.word("name"), scopes=form.lines("scopes"))
    async with runtime.begin() as conn:
        made = await keys.make_key(conn, wish, maker=admin.caller, now=now)
        await admin.note(conn, "add", "api_key", made.id, now=now)
    return page("secret", admin.operator, what=f"The key {made.name}", secret=made.key, place="/keys")


@post("/keys/{id:uuid}/rotate", status_code=200)
async def rotate_key(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[str]:
    """A successor; both open for a day."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        made = await keys.rotate(conn, id, maker=admin.caller, now=now)
        await admin.note(conn, "rotate", "api_key", id, now=now)
    return page("secret", admin.operator, what=f"The key {made.name}", secret=made.key, place="/keys")


@post("/keys/{id:uuid}/revoke")
async def revoke_key(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It opens nothing any more."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await keys.find_key(conn, id, tenant_id=admin.tenant_id)
        if await key_store.revoke(conn, id, tenant_id=admin.tenant_id, now=now) is None:
            raise Conflicting("this key was revoked before")
        await admin.note(conn, "revoke", "api_key", id, now=now)
    return back("/keys", said="done")


HANDLERS = (show_keys, add_key, rotate_key, revoke_key)
