"""Reminder policies over HTTP. Spans are ISO 8601 durations: PT24H, PT2H, P1D."""

from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import UNSET, Meta, Struct, UnsetType

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.tags import match, tagged
from concierge.api.values import Hour, Name, checked
from concierge.bookings.policies import store
from concierge.bookings.policies.changing import change, held, make
from concierge.bookings.policies.model import ChannelName, Moves, NewPolicy, Policy
from concierge.errors import Conflicting, Invalid
from concierge.runtime import Runtime


def _is_span(said: str) -> str | None:
    span = msgspec.convert(said, timedelta)
    return None if timedelta(minutes=15) <= span <= timedelta(days=90) else "must lie between PT15M and P90D"


Span = Annotated[timedelta, Meta(extra=checked(_is_span), extra_json_schema={"format": "duration", "example": "PT2H"})]
CLOCKS = ("quiet_from", "quiet_until")
Channels = Annotated[list[ChannelName], Meta(min_length=1, max_length=4)]


class PolicyBody(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A policy to make. `every` counts from the booking on, `before` back from its start."""

    name: Name
    usual: bool = False
    every: Span | None = None
    before: Annotated[list[Span], Meta(max_length=20)] = msgspec.field(default_factory=list)
    most: Annotated[int, Meta(ge=1, le=1000)] | None = None
    quiet_from: Hour | None = None
    quiet_until: Hour | None = None
    late: Span | None = None
    channels: Channels = msgspec.field(default_factory=lambda: ["whatsapp", "email"])
    moves: Moves = "ask"


class PolicyChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is to be different."""

    name: Name | UnsetType = UNSET
    usual: Literal[True] | UnsetType = UNSET
    every: Span | UnsetType | None = UNSET
    before: Annotated[list[Span], Meta(max_length=20)] | UnsetType = UNSET
    most: Annotated[int, Meta(ge=1, le=1000)] | UnsetType | None = UNSET
    quiet_from: Hour | UnsetType | None = UNSET
    quiet_until: Hour | UnsetType | None = UNSET
    late: Span | UnsetType | None = UNSET
    channels: Channels | UnsetType = UNSET
    moves: Moves | UnsetType = UNSET


class PolicyShown(Struct, frozen=True, kw_only=True):
    """A policy."""

    id: UUID
    name: str
    usual: bool
    every: timedelta | None
    before: list[timedelta]
    most: int | None
    quiet_from: str | None
    quiet_until: str | None
    late: timedelta | None
    channels: list[str]
    moves: Moves
    created_at: datetime


def _shown(policy: Policy) -> PolicyShown:
    facts = msgspec.structs.asdict(policy)
    clocks = {name: facts[name] and facts[name].isoformat("minutes") for name in CLOCKS}
    return msgspec.convert(facts | clocks, PolicyShown)


def as_policy(facts: dict[str, Any]) -> NewPolicy:
    """What a body says, as the room has it. Raises Invalid."""
    if (facts.get("quiet_from") is None) != (facts.get("quiet_until") is None):
        raise Invalid([("/quiet_until", "quiet hours need both ends, or none")])
    clocks = {name: time.fromisoformat(facts[name]) for name in CLOCKS if isinstance(facts.get(name), str)}
    return msgspec.convert(facts | clocks, NewPolicy)


@get("/reminder-policies", opt=needs("bookings:read"))
async def list_policies(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[PolicyShown]:
    """The tenant's policies, newest first."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=caller.tenant_id, **paging.asked())
    return paging.page([_shown(row) for row in rows])


@post("/reminder-policies", opt=needs("bookings:write"))
async def add_policy(
    data: JSONBody[PolicyBody], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[PolicyShown]:
    """A new policy; a usual one takes the place of the one that was usual."""
    wanted = as_policy(msgspec.structs.asdict(data))
    async with runtime.begin() as conn:
        policy = await make(conn, wanted, tenant_id=caller.tenant_id, now=runtime.clock())
    return tagged(_shown(policy), status_code=201)


@get("/reminder-policies/{id:uuid}", opt=needs("bookings:read"))
async def show_policy(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Response[PolicyShown]:
    """One policy."""
    async with runtime.begin() as conn:
        return tagged(_shown(await held(conn, id, tenant_id=caller.tenant_id)))


@patch("/reminder-policies/{id:uuid}", opt=needs("bookings:write"))
async def change_policy(
    request: Request[Any, Any, Any],
    id: FromPath[UUID],
    data: JSONBody[PolicyChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Response[PolicyShown]:
    """Another policy: every booking it holds for is planned anew."""
    said = {name: value for name, value in msgspec.structs.asdict(data).items() if value is not UNSET}
    async with runtime.begin() as conn:
        old = await held(conn, id, tenant_id=caller.tenant_id)
        match(request, _shown(old))
        facts = msgspec.structs.asdict(old) | said
        wanted = as_policy({name: facts[name] for name in NewPolicy.__struct_fields__})
        policy = await change(conn, old, wanted, tenant_id=caller.tenant_id, now=runtime.clock())
    return tagged(_shown(policy))


@delete("/reminder-policies/{id:uuid}", opt=needs("bookings:write"))
async def remove_policy(id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> None:
    """Forget a policy that no booking has and that is not the usual one."""
    async with runtime.begin() as conn:
        await held(conn, id, tenant_id=caller.tenant_id)
        if await store.remove(conn, id, tenant_id=caller.tenant_id) is None:
            raise Conflicting("bookings have this policy, or it is the usual one")


HANDLERS = (list_policies, add_policy, show_policy, change_policy, remove_policy)
