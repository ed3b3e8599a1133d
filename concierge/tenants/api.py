"""Who calls, the keys of a tenant, and tenants."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import OWN, needs
from concierge.errors import Conflicting
from concierge.runtime import Runtime
from concierge.tenants import businesses, key_store, keys
from concierge.tenants.model import ApiKey, Business, BusinessChange, NewApiKey, NewBusiness, ShownApiKey


class Me(Struct, frozen=True):
    """Whose key it is, and what it may do."""

    tenant_id: UUID
    key_id: UUID
    scopes: list[str]


@get("/me", opt=needs(OWN))
async def show_me(caller: NamedDependency[Caller]) -> Me:
    """The caller: its tenant, its key and the scopes of that."""
    return Me(caller.tenant_id, caller.key_id, caller.scopes)


@get("/api-keys", opt=needs("keys:read"))
async def list_api_keys(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[ApiKey]:
    """The tenant's keys, those that have ended too, newest first."""
    async with runtime.connection() as conn:
        return paging.page(await key_store.some(conn, tenant_id=caller.tenant_id, **paging.asked()))


@post("/api-keys", opt=needs("keys:write"))
async def add_api_key(
    data: JSONBody[NewApiKey], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> ShownApiKey:
    """A new key. Its secret is in this answer and nowhere else."""
    async with runtime.begin() as conn:
        return await keys.make_key(conn, data, maker=caller, now=runtime.clock())


@get("/api-keys/{id:uuid}", opt=needs("keys:read"))
async def show_api_key(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> ApiKey:
    """One key: what it may do, and when it was used last."""
    async with runtime.connection() as conn:
        return await keys.find_key(conn, id, tenant_id=caller.tenant_id)


@post("/api-keys/{id:uuid}/rotate", opt=needs("keys:write"))
async def rotate_api_key(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> ShownApiKey:
    """A successor with the same name and scopes. Both are live for a day, then the old one ends by itself."""
    async with runtime.begin() as conn:
        return await keys.rotate(conn, id, maker=caller, now=runtime.clock())


@delete("/api-keys/{id:uuid}", opt=needs("keys:write"))
async def revoke_api_key(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> None:
    """The key opens nothing any more, from now on."""
    async with runtime.begin() as conn:
        await keys.find_key(conn, id, tenant_id=caller.tenant_id)
        if await key_store.revoke(conn, id, tenant_id=caller.tenant_id, now=runtime.clock()) is None:
            raise Conflicting("this key was revoked before")


@get("/tenants", opt=needs("tenants:read"))
async def list_tenants(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Business]:
    """One's own tenant; with the scope `platform:*` all of them, newest first."""
    async with runtime.connection() as conn:
        return await businesses.some(conn, caller, paging)


@post("/tenants", opt=needs("platform:*"))
async def add_tenant(data: JSONBody[NewBusiness], runtime: NamedDependency[Runtime]) -> Business:
    """A new business. Its keys and accounts are its own; nobody else's key opens them."""
    async with runtime.begin() as conn:
        return await businesses.make(conn, data, now=runtime.clock())


@get("/tenants/{id:uuid}", opt=needs("tenants:read"))
async def show_tenant(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Business:
    """One tenant: its preferences, which hold for contacts that have none."""
    async with runtime.connection() as conn:
        return await businesses.find(conn, id, caller)


@patch("/tenants/{id:uuid}", opt=needs("tenants:write"))
async def change_tenant(
    id: FromPath[UUID],
    data: JSONBody[BusinessChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Business:
    """Change its name and preferences; what is not named stays."""
    async with runtime.begin() as conn:
        return await businesses.change(conn, id, data, caller)


@post("/tenants/{id:uuid}/api-keys", opt=needs("platform:*"))
async def add_key_of_tenant(
    id: FromPath[UUID],
    data: JSONBody[NewApiKey],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> ShownApiKey:
    """The first key of a new tenant, made by whoever made the tenant."""
    async with runtime.begin() as conn:
        await businesses.find(conn, id, caller)
        return await keys.make_key(conn, data, maker=caller, now=runtime.clock(), tenant_id=id)


HANDLERS = (
    show_me,
    list_api_keys,
    add_api_key,
    show_api_key,
    rotate_api_key,
    revoke_api_key,
    list_tenants,
    add_tenant,
    show_tenant,
    change_tenant,
    add_key_of_tenant,
)
