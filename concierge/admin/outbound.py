"""What has not been sent, and why: messages that wait or are blocked, and people who are not written to."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.admin import store
from concierge.api.caller import Caller
from concierge.consent import store as consent
from concierge.errors import Missing
from concierge.runtime import Runtime

PAGE = 100


@get("/outbox/unsent")
async def unsent_messages(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """Held, blocked and queued messages with the reason, latest first."""
    async with runtime.connection() as conn:
        return {"data": await store.unsent_messages(conn, tenant_id=operator.tenant_id, limit=PAGE)}


@get("/suppressions")
async def list_suppressions(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """Addresses that are not written to, latest first."""
    async with runtime.connection() as conn:
        return {"data": await consent.live(conn, tenant_id=operator.tenant_id, limit=PAGE)}


@post("/suppressions/{id:uuid}/lift", status_code=200)
async def lift_suppression(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, str]:
    """The address may be written to again: the person has said so in another way."""
    async with runtime.connection() as conn:
        if await consent.lift_one(conn, id, tenant_id=operator.tenant_id, now=runtime.clock()) is None:
            raise Missing("there is no such suppression")
    return {"status": "lifted", "id": str(id)}


HANDLERS = (unsent_messages, list_suppressions, lift_suppression)
