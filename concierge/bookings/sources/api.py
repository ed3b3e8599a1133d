"""Calendars elsewhere over HTTP: what tenants manage, and the webhook that the calendars call."""

from datetime import datetime
from secrets import token_urlsafe
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.values import Name
from concierge.bookings.policies.choosing import policy_of
from concierge.bookings.sources import calcom, store
from concierge.bookings.sources.store import Source
from concierge.bookings.sources.taking import take
from concierge.errors import Conflicting, Forged, Missing
from concierge.runtime import Runtime
from concierge.tenants.vault import closed, revealed

PATH = "/webhook/calcom"
LARGEST = 256 * 1024  # bytes


class SourceBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A calendar to listen to. Without a `secret` one is made."""

    kind: Literal["calcom"] = "calcom"
    name: Name
    secret: Annotated[str, Meta(min_length=16, max_length=200)] | None = None
    policy_id: UUID | None = None


class SourceMade(Struct, frozen=True, kw_only=True):
    """What to enter there. The secret is in this answer and nowhere else."""

    id: UUID
    kind: str
    name: str
    policy_id: UUID | None
    created_at: datetime
    path: str
    secret: str


@get("/booking-sources", opt=needs("bookings:read"))
async def list_sources(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Source]:
    """The tenant's, newest first."""
    async with runtime.connection() as conn:
        return paging.page(await store.some(conn, tenant_id=caller.tenant_id, **paging.asked()))


@post("/booking-sources", opt=needs("bookings:write"))
async def add_source(
    data: JSONBody[SourceBody], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> SourceMade:
    """A path and a secret for Cal.com's webhook settings."""
    secret, now = data.secret or token_urlsafe(32), runtime.clock()
    async with runtime.begin() as conn:
        if data.policy_id is not None:
            await policy_of(conn, data.policy_id, tenant_id=caller.tenant_id, now=now)
        made = await store.add(
            conn,
            tenant_id=caller.tenant_id,
            name=data.name,
            secret=closed(secret.encode(), runtime.settings),
            policy_id=data.policy_id,
            now=now,
        )
    if made is None:
        raise Conflicting("a source has this name already")
    return SourceMade(
        id=made.id,
        kind=made.kind,
        name=made.name,
        policy_id=made.policy_id,
        created_at=made.created_at,
        path=f"{PATH}/{made.id}",
        secret=secret,
    )


@delete("/booking-sources/{id:uuid}", opt=needs("bookings:write"))
async def remove_source(id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> None:
    """Its webhook is not taken any more; its bookings stay."""
    async with runtime.connection() as conn:
        if await store.remove(conn, id, tenant_id=caller.tenant_id, now=runtime.clock()) is None:
            raise Missing("there is no such source")


@post(PATH + "/{id:uuid}", status_code=200, request_max_body_size=LARGEST)
async def hear_calcom(
    request: Request[Any, Any, Any], id: FromPath[UUID], runtime: NamedDependency[Runtime]
) -> dict[str, Any]:
    """One event of Cal.com. 200 once it is kept or means nothing here; 401 where the signature is not its own."""
    body, now = await request.body(), runtime.clock()
    async with runtime.connection() as conn:
        sender = await store.sender(conn, id)
    secret = revealed(sender.secret, runtime.settings).decode() if sender else ""
    if sender is None or not calcom.authentic(body, request.headers.get(calcom.HEADER), secret):
        raise Forged("the signature is missing or wrong")
    told = calcom.read(body, zone=sender.zone, region=runtime.settings.phone_region)
    if told is None:
        return {"ok": True, "status": "ignored"}
    async with runtime.begin() as conn:
        outcome = await take(
            conn, told, source=f"calcom:{id}", tenant_id=sender.tenant_id, policy_id=sender.policy_id, now=now
        )
    return {"ok": True, "status": outcome}


HANDLERS = (list_sources, add_source, remove_source)
WEBHOOKS = (hear_calcom,)
