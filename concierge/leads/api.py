"""Leads and the readings they come from."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from msgspec import Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.errors import Missing
from concierge.leads import listing
from concierge.leads.listing import Extraction, Lead, Purpose
from concierge.runtime import Runtime


@get("/leads", opt=needs("readings:read"))
async def list_leads(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    contact_id: Annotated[UUID | None, QueryParameter(description="Only this contact's")] = None,
) -> Page[Lead]:
    """Conversations that were read as leads, newest first."""
    async with runtime.connection() as conn:
        return paging.page(
            await listing.leads(conn, tenant_id=caller.tenant_id, contact_id=contact_id, **paging.asked())
        )


@get("/leads/{id:uuid}", opt=needs("readings:read"))
async def show_lead(id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Lead:
    """One lead."""
    async with runtime.connection() as conn:
        found = await listing.lead(conn, id, tenant_id=caller.tenant_id)
    if found is None:
        raise Missing("there is no such lead")
    return found


@get("/extractions", opt=needs("readings:read"))
async def list_extractions(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    purpose: Annotated[Purpose | None, QueryParameter(description="Only these")] = None,
    conversation_id: Annotated[UUID | None, QueryParameter(description="Only this conversation's")] = None,
) -> Page[Extraction]:
    """What models read in conversations, newest first."""
    async with runtime.connection() as conn:
        rows = await listing.extractions(
            conn,
            tenant_id=caller.tenant_id,
            purpose=purpose,
            conversation_id=conversation_id,
            **paging.asked(),
        )
    return paging.page(rows)


@get("/extractions/{id:uuid}", opt=needs("readings:read"))
async def show_extraction(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Extraction:
    """One reading."""
    async with runtime.connection() as conn:
        found = await listing.extraction(conn, id, tenant_id=caller.tenant_id)
    if found is None:
        raise Missing("there is no such extraction")
    return found


class UserExtraction(Struct, frozen=True):
    """A reading of a lead, in the words of the multi-channel agent's design."""

    extraction_id: UUID
    conversation_id: UUID
    name: str | None
    email: str | None
    company: str | None
    intent: str | None
    urgency: int | None
    budget: int | None
    fit: int | None
    engagement: int | None
    demo_datetime: str | None
    smart_notification: str | None
    extracted_at: datetime


SAME = ("name", "email", "company", "intent", "urgency", "budget", "fit", "engagement")


@get("/{user_id:str}/extractions", opt=needs("readings:read"))
async def list_user_extractions(
    user: NamedDependency[UUID],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
) -> Page[UserExtraction]:
    """What was read of a tenant's leads, newest first."""
    async with runtime.connection() as conn:
        rows = await listing.extractions(conn, tenant_id=user, purpose="score", conversation_id=None, **paging.asked())
    page = paging.page(rows)
    return Page([_worded(each) for each in page.data], page.next_cursor, page.has_more)


def _worded(row: Extraction) -> UserExtraction:
    said: dict[str, Any] = row.reading or {}
    return UserExtraction(
        extraction_id=row.id,
        conversation_id=row.conversation_id,
        demo_datetime=said.get("demo_at"),
        smart_notification=said.get("notice"),
        extracted_at=row.created_at,
        **{name: said.get(name) for name in SAME},
    )


HANDLERS = (list_leads, show_lead, list_extractions, show_extraction)
OF_USERS = (list_user_extractions,)
