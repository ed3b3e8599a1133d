"""Summaries: read, and asked for."""

from typing import Annotated
from uuid import UUID

from litestar import get, post, route
from litestar.di import NamedDependency
from litestar.enums import HttpMethod
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.errors import Missing
from concierge.runtime import Runtime
from concierge.summaries import listing, store
from concierge.summaries.listing import Summary
from concierge.summaries.model import Status


class NewSummary(Struct, frozen=True):
    """Whose last seven days are to be summed up."""

    contact_id: UUID


@get("/summaries", opt=needs("readings:read"))
async def list_summaries(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    contact_id: Annotated[UUID | None, QueryParameter(description="Only this contact's")] = None,
    status: Annotated[Status | None, QueryParameter(description="Only these")] = None,
) -> Page[Summary]:
    """Summaries, newest first."""
    async with runtime.connection() as conn:
        rows = await listing.some(
            conn, tenant_id=caller.tenant_id, contact_id=contact_id, status=status, **paging.asked()
        )
    return paging.page(rows)


@post("/summaries", opt=needs("readings:write"), status_code=202)
async def ask_for_summary(
    data: JSONBody[NewSummary],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Summary:
    """Have a summary written now; the one that waits already is the answer. It is there within seconds."""
    return await _asked(runtime, caller.tenant_id, data.contact_id, correlation)


@get("/summaries/{id:uuid}", opt=needs("readings:read"))
async def show_summary(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Summary:
    """One summary, whatever its state."""
    async with runtime.connection() as conn:
        found = await listing.find(conn, id, tenant_id=caller.tenant_id)
    if found is None:
        raise Missing("there is no such summary")
    return found


@get("/conversations/{id:uuid}/summary", opt=needs("readings:read"))
async def show_conversation_summary(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Summary:
    """The newest summary of what was said with the conversation's contact."""
    async with runtime.connection() as conn:
        found = await listing.newest(conn, conversation_id=id, tenant_id=caller.tenant_id)
    if found is None:
        raise Missing("there is no summary")
    return found


@post("/conversations/{id:uuid}/summary", opt=needs("readings:write"), status_code=202)
async def ask_for_conversation_summary(
    id: FromPath[UUID],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Summary:
    """Have the last seven days with the conversation's contact summed up now."""
    async with runtime.connection() as conn:
        contact_id = await listing.contact_of(conn, conversation_id=id, tenant_id=caller.tenant_id)
    if contact_id is None:
        raise Missing("there is no such conversation")
    return await _asked(runtime, caller.tenant_id, contact_id, correlation)


async def _asked(runtime: Runtime, tenant_id: UUID, contact_id: UUID, correlation: str) -> Summary:
    """Raises Missing."""
    async with runtime.begin() as conn:
        id = await store.ask(
            conn, tenant_id=tenant_id, contact_id=contact_id, correlation_id=correlation, now=runtime.clock()
        )
        found = await listing.find(conn, id, tenant_id=tenant_id) if id else None
    if found is None:
        raise Missing("there is no such contact")
    return found


class Enqueued(Struct, frozen=True, rename="camel"):
    """The summary that waits, in the words of the companion's design."""

    ok: bool
    job_id: UUID


TRIAL = "10000000000"  # the number that the companion's design tries things out with


@route("/enqueue-summary", http_method=[HttpMethod.GET, HttpMethod.POST], status_code=200, opt=needs("admin:*"))
async def enqueue_trial_summary(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], correlation: NamedDependency[str]
) -> Enqueued:
    """Have the messages of WhatsApp number +10000000000 summed up. Closed unless DEBUG_ROUTES is on."""
    if runtime.settings.debug_routes == "off":
        raise Missing("this path is closed: DEBUG_ROUTES is off")
    who = {"channel": "whatsapp", "kind": "phone", "value": TRIAL}
    async with runtime.connection() as conn:
        contact_id = await listing.contact_at(conn, tenant_id=caller.tenant_id, **who)
    if contact_id is None:
        raise Missing(f"+{TRIAL} has written nothing")
    return Enqueued(ok=True, job_id=(await _asked(runtime, caller.tenant_id, contact_id, correlation)).id)


HANDLERS = (
    list_summaries,
    ask_for_summary,
    show_summary,
    show_conversation_summary,
    ask_for_conversation_summary,
)
DEBUG = (enqueue_trial_summary,)
