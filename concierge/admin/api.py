"""The operators' endpoints: S1's literal paths, behind a key with the scope `admin:*`."""

from typing import Any
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.admin import accounts, media, outbound, own, retrying, store, templates
from concierge.api.caller import Caller
from concierge.api.scopes import IN_BITES
from concierge.errors import Missing
from concierge.runtime import Runtime

PAGE = 100


@get("/tasks/failed")
async def failed_tasks(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """Follow-ups that could not be done, latest first."""
    async with runtime.connection() as conn:
        return {"data": await store.failed_tasks(conn, tenant_id=operator.tenant_id, limit=PAGE)}


@get("/outbox/failed")
async def failed_messages(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """Messages that were given up, latest first."""
    async with runtime.connection() as conn:
        return {"data": await store.failed_messages(conn, tenant_id=operator.tenant_id, limit=PAGE)}


@get("/conversations/parked")
async def parked_conversations(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """Conversations whose newest messages could not be handled, latest first."""
    async with runtime.connection() as conn:
        return {"data": await store.parked_conversations(conn, tenant_id=operator.tenant_id, limit=PAGE)}


@get("/tasks/{id:uuid}/events")
async def task_events(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, Any]:
    """Everything that happened to a follow-up and its reminder."""
    async with runtime.connection() as conn:
        if not await store.is_task(conn, id, tenant_id=operator.tenant_id):
            raise Missing("there is no such task")
        return {"data": await store.timeline(conn, id, tenant_id=operator.tenant_id)}


@get("/outbox/{id:uuid}/events")
async def message_events(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, Any]:
    """Everything that happened to an outbound message."""
    async with runtime.connection() as conn:
        if not await store.is_message(conn, id, tenant_id=operator.tenant_id):
            raise Missing("there is no such message")
        return {"data": await store.timeline(conn, id, tenant_id=operator.tenant_id)}


@post("/tasks/{id:uuid}/retry", status_code=200)
async def retry_task(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, str]:
    """Another round for a failed follow-up."""
    async with runtime.begin() as conn:
        await retrying.retry_task(conn, id, tenant_id=operator.tenant_id, by=operator.actor, now=runtime.clock())
    return {"status": "due", "id": str(id)}


@post("/outbox/{id:uuid}/retry", status_code=200)
async def retry_message(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, str]:
    """All attempts again for a failed message."""
    async with runtime.begin() as conn:
        await retrying.retry_message(conn, id, tenant_id=operator.tenant_id, by=operator.actor, now=runtime.clock())
    return {"status": "queued", "id": str(id)}


@post("/conversations/{id:uuid}/retry", status_code=200)
async def retry_conversation(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, str]:
    """Handle a parked conversation again."""
    async with runtime.begin() as conn:
        await retrying.retry_conversations(
            conn, id, tenant_id=operator.tenant_id, by=operator.actor, now=runtime.clock()
        )
    return {"status": "queued", "id": str(id)}


@post("/conversations/retry", status_code=200)
async def retry_conversations(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, int]:
    """Handle the parked conversations again, at most a thousand at a time."""
    async with runtime.begin() as conn:
        count = await retrying.retry_conversations(
            conn, None, tenant_id=operator.tenant_id, by=operator.actor, now=runtime.clock()
        )
    return {"retried": count}


@post("/retention/redact", status_code=200, opt=IN_BITES)
async def run_redaction(
    operator: NamedDependency[Caller], runtime: NamedDependency[Runtime], correlation: NamedDependency[str]
) -> dict[str, Any]:
    """Redact what is older than RETENTION_DAYS now; how many rows of each kind were. Files go within the hour."""
    return {"redacted": await own.redacted_now(runtime, operator, correlation)}


HANDLERS = (
    failed_tasks,
    failed_messages,
    parked_conversations,
    task_events,
    message_events,
    retry_task,
    retry_message,
    retry_conversation,
    retry_conversations,
    run_redaction,
    *accounts.HANDLERS,
    *outbound.HANDLERS,
    *templates.HANDLERS,
    media.download,
    media.retry,
)
