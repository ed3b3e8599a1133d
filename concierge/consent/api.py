"""Addresses that are not to be written to."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.channels.addressing import LONGEST, AddressKind, ChannelName, normal
from concierge.consent import store
from concierge.consent.model import Listed, Scope
from concierge.errors import Conflicting, Invalid, Missing
from concierge.runtime import Runtime


class NewSuppression(Struct, frozen=True, kw_only=True):
    """An address that is not to be written to. `scope`: nothing at all, or no marketing. No `reason`: who asked."""

    channel: ChannelName
    kind: AddressKind
    value: Annotated[str, Meta(min_length=1, max_length=LONGEST, examples=["alice@example.com", "+4915112345678"])]
    scope: Scope = "all"
    reason: Annotated[str, Meta(max_length=500)] = ""


@get("/suppressions", opt=needs("suppressions:read"))
async def list_suppressions(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Listed]:
    """Addresses that are not written to, newest first."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=caller.tenant_id, **paging.asked())
    return paging.page(rows, _place)


@post("/suppressions", opt=needs("suppressions:write"))
async def add_suppression(
    data: JSONBody[NewSuppression], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Listed:
    """Never write to this address again, whether a contact has it or not. What is queued for it will be blocked."""
    try:
        value = normal(data.channel, data.kind, data.value)
    except ValueError as error:
        field = "/kind" if str(error).startswith(data.channel) else "/value"
        raise Invalid([(field, str(error))]) from None
    async with runtime.begin() as conn:
        id = await store.suppress(
            conn,
            tenant_id=caller.tenant_id,
            channel=data.channel,
            kind=data.kind,
            value=value,
            scope=data.scope,
            reason=data.reason or f"asked for by {caller.actor}",
            source="operator",
            at=runtime.clock(),
        )
        made = await store.find(conn, id, tenant_id=caller.tenant_id) if id else None
    if made is None:
        raise Conflicting("this address is suppressed already")
    return made


@get("/suppressions/{id:uuid}", opt=needs("suppressions:read"))
async def show_suppression(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Listed:
    """One suppression, also when it was lifted."""
    async with runtime.connection() as conn:
        found = await store.find(conn, id, tenant_id=caller.tenant_id)
    if found is None:
        raise Missing("there is no such suppression")
    return found


@delete("/suppressions/{id:uuid}", opt=needs("suppressions:write"))
async def lift_suppression(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> None:
    """The address may be written to again: the person has said so in another way."""
    async with runtime.begin() as conn:
        if await store.lift_one(conn, id, tenant_id=caller.tenant_id, now=runtime.clock()) is None:
            raise Missing("there is no such suppression that holds")


def _place(row: Listed) -> tuple[datetime, UUID]:
    return row.at, row.id


HANDLERS = (list_suppressions, add_suppression, show_suppression, lift_suppression)
