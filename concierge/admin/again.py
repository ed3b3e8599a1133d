"""Another try, and what somebody has found out: `/v1`'s moves that reach over several rooms."""

from typing import Literal
from uuid import UUID

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Struct

from concierge.admin import retrying
from concierge.api.caller import Caller
from concierge.api.scopes import needs
from concierge.followups import api as followups
from concierge.followups.showing import FollowUp
from concierge.outbox import showing
from concierge.outbox.showing import Outbound
from concierge.runtime import Runtime


class Resolution(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody has found out at the provider's."""

    status: Literal["sent", "failed"]


@post("/follow-ups/{id:uuid}/retry", opt=needs("follow-ups:write"), status_code=200)
async def retry_follow_up(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> FollowUp:
    """Another round for a failed follow-up, with a reminder of its own."""
    async with runtime.begin() as conn:
        await followups.found(conn, id, caller)
        await retrying.retry_task(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return await followups.found(conn, id, caller)


@post("/outbound-messages/{id:uuid}/retry", opt=needs("messages:write"), status_code=200)
async def retry_outbound_message(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Outbound:
    """All attempts again for a message that failed or was blocked, or whose fate was handed to the operators."""
    async with runtime.begin() as conn:
        await showing.found(conn, id, tenant_id=caller.tenant_id)
        await retrying.retry_message(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return await showing.found(conn, id, tenant_id=caller.tenant_id)


@post("/outbound-messages/{id:uuid}/resolve", opt=needs("messages:write"), status_code=200)
async def resolve_outbound_message(
    id: FromPath[UUID],
    data: JSONBody[Resolution],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Outbound:
    """Settle an unknown outcome by hand: it was sent, or it was not and counts as failed."""
    async with runtime.begin() as conn:
        await retrying.resolve_message(
            conn, id, tenant_id=caller.tenant_id, status=data.status, by=caller.actor, now=runtime.clock()
        )
        return await showing.found(conn, id, tenant_id=caller.tenant_id)


HANDLERS = (retry_follow_up, retry_outbound_message, resolve_outbound_message)
