"""Endpoints of a tenant's own systems, and the log of what they were told."""

from typing import Annotated, Literal
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.values import Moment
from concierge.errors import Conflicting, Invalid, Missing
from concierge.runtime import Runtime
from concierge.settings import Settings
from concierge.webhooks.endpoints import store
from concierge.webhooks.endpoints.managing import Made, create, find, rotate, wrong_types, wrong_url
from concierge.webhooks.model import Delivery, Endpoint

Url = Annotated[str, Meta(min_length=1, max_length=2_000, examples=["https://crm.example.com/hooks/concierge"])]
Types = Annotated[
    list[Annotated[str, Meta(max_length=80)]], Meta(min_length=1, max_length=50, examples=[["message.*"]])
]
Description = Annotated[str, Meta(max_length=500)]


class NewEndpoint(Struct, frozen=True, kw_only=True):
    """An endpoint that is wanted. `include_text`: whether it is told what people wrote, beside ids and states."""

    url: Url
    event_types: Types
    description: Description = ""
    include_text: bool = False


class ChangedEndpoint(Struct, frozen=True, kw_only=True):
    """What is to be different. `active` after `disabled`: it begins anew; what failed meanwhile can be replayed."""

    url: Url | UnsetType = UNSET
    event_types: Types | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    include_text: bool | UnsetType = UNSET
    status: Literal["active", "disabled"] | UnsetType = UNSET


class Since(Struct, frozen=True):
    """From when on."""

    since: Moment


class Replayed(Struct, frozen=True):
    """How many deliveries are made again."""

    replayed: int


@get("/webhook-endpoints", opt=needs("webhooks:read"))
async def list_webhook_endpoints(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Endpoint]:
    """The tenant's endpoints, newest first."""
    async with runtime.connection() as conn:
        return paging.page(await store.some(conn, tenant_id=caller.tenant_id, **paging.asked()))


@post("/webhook-endpoints", opt=needs("webhooks:write"))
async def add_webhook_endpoint(
    data: JSONBody[NewEndpoint], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Made:
    """A new endpoint, told of what happens from now on. Its secret is in this answer and nowhere else."""
    refuse(runtime.settings, data.url, data.event_types)
    async with runtime.begin() as conn:
        return await create(
            conn,
            runtime.settings,
            tenant_id=caller.tenant_id,
            url=data.url,
            description=data.description,
            event_types=data.event_types,
            include_text=data.include_text,
            now=runtime.clock(),
        )


@get("/webhook-endpoints/{id:uuid}", opt=needs("webhooks:read"))
async def show_webhook_endpoint(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Endpoint:
    """One endpoint, without its secret."""
    async with runtime.connection() as conn:
        return await find(conn, id, tenant_id=caller.tenant_id)


@patch("/webhook-endpoints/{id:uuid}", opt=needs("webhooks:write"))
async def change_webhook_endpoint(
    id: FromPath[UUID],
    data: JSONBody[ChangedEndpoint],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Endpoint:
    """Another URL, other types, disabled or active again."""
    url, types = data.url or None, data.event_types or None
    refuse(runtime.settings, url, types)
    async with runtime.begin() as conn:
        changed = await store.change(
            conn,
            id,
            tenant_id=caller.tenant_id,
            url=url,
            description=None if data.description is UNSET else data.description,
            event_types=sorted(set(types)) if types else None,
            include_text=None if data.include_text is UNSET else data.include_text,
            status=data.status or None,
            by=caller.actor,
            now=runtime.clock(),
        )
    if changed is None:
        raise Missing("there is no such endpoint")
    return changed


@delete("/webhook-endpoints/{id:uuid}", opt=needs("webhooks:write"))
async def remove_webhook_endpoint(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> None:
    """It is told no more, and its log is deleted."""
    async with runtime.begin() as conn:
        if await store.remove(conn, id, tenant_id=caller.tenant_id) is None:
            raise Missing("there is no such endpoint")


@post("/webhook-endpoints/{id:uuid}/rotate", opt=needs("webhooks:write"), status_code=200)
async def rotate_webhook_secret(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Made:
    """A new secret, shown this once. For a day every webhook carries two signatures, the old secret's too."""
    async with runtime.begin() as conn:
        made = await rotate(conn, runtime.settings, id, tenant_id=caller.tenant_id, now=runtime.clock())
    if made is None:
        raise Missing("there is no such endpoint")
    return made


@get("/webhook-endpoints/{id:uuid}/deliveries", opt=needs("webhooks:read"))
async def list_webhook_deliveries(
    id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    status: Annotated[
        Literal["pending", "delivered", "failed"] | None, QueryParameter(description="Only these")
    ] = None,
) -> Page[Delivery]:
    """What the endpoint was told or is to be told, newest first."""
    async with runtime.connection() as conn:
        await find(conn, id, tenant_id=caller.tenant_id)
        return paging.page(
            await store.log(conn, endpoint_id=id, tenant_id=caller.tenant_id, status=status, **paging.asked())
        )


@post("/webhook-endpoints/{id:uuid}/deliveries/{delivery_id:uuid}/replay", opt=needs("webhooks:write"), status_code=200)
async def replay_webhook_delivery(
    id: FromPath[UUID],
    delivery_id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Replayed:
    """Tell it again, with the same webhook-id, whatever became of it before."""
    async with runtime.begin() as conn:
        endpoint = await find(conn, id, tenant_id=caller.tenant_id)
        if not await store.is_delivery(conn, delivery_id, endpoint_id=id, tenant_id=caller.tenant_id):
            raise Missing("there is no such delivery")
        again = await store.replay(
            conn, endpoint_id=id, tenant_id=caller.tenant_id, id=delivery_id, since=None, now=runtime.clock()
        )
    if not again:
        raise Conflicting("the endpoint is disabled" if endpoint.status == "disabled" else "it is on its way already")
    return Replayed(len(again))


@post("/webhook-endpoints/{id:uuid}/replay", opt=needs("webhooks:write"), status_code=200)
async def replay_failed_webhooks(
    id: FromPath[UUID], data: JSONBody[Since], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Replayed:
    """Tell again what has failed since then; the way back after an outage."""
    async with runtime.begin() as conn:
        endpoint = await find(conn, id, tenant_id=caller.tenant_id)
        if endpoint.status == "disabled":
            raise Conflicting("the endpoint is disabled")
        again = await store.replay(
            conn, endpoint_id=id, tenant_id=caller.tenant_id, id=None, since=data.since, now=runtime.clock()
        )
    return Replayed(len(again))


def refuse(settings: Settings, url: str | None, types: list[str] | None) -> None:
    """Raises Invalid with what is wrong."""
    wrong = {"/url": url and wrong_url(url, settings), "/event_types": types and wrong_types(types)}
    if found := [(pointer, said) for pointer, said in wrong.items() if said]:
        raise Invalid(found)


HANDLERS = (
    list_webhook_endpoints,
    add_webhook_endpoint,
    show_webhook_endpoint,
    change_webhook_endpoint,
    remove_webhook_endpoint,
    rotate_webhook_secret,
    list_webhook_deliveries,
    replay_webhook_delivery,
    replay_failed_webhooks,
)
