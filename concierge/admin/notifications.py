"""What a human should look at: listed, snoozed, acknowledged. `/api/notifications` is S3's literal path."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from msgspec import Struct

from concierge.admin import notification_store as store
from concierge.admin.notification_store import Notification
from concierge.api.caller import Caller
from concierge.api.paging import BEGINNING, Page, Paging
from concierge.api.scopes import needs
from concierge.api.values import Moment
from concierge.errors import Invalid, Missing
from concierge.runtime import Runtime

PAGE = Paging(100, BEGINNING)


class Snoozed(Struct, frozen=True):
    """Until when it is not shown."""

    until: Moment


@get("/notifications", opt=needs("notifications:read"))
async def list_notifications(
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    paging: NamedDependency[Paging],
    status: Annotated[
        Literal["open", "snoozed", "acknowledged", "all"], QueryParameter(description="open: neither of the others")
    ] = "open",
) -> Page[Notification]:
    """What failed, is blocked, unknown or stopped, each once, newest first."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=caller.tenant_id, status=status, now=runtime.clock(), **paging.asked())
    return paging.page(rows)


@get("/notifications/{id:uuid}", opt=needs("notifications:read"))
async def show_notification(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Notification:
    """One notification."""
    async with runtime.connection() as conn:
        return _found(await store.find(conn, id, tenant_id=caller.tenant_id))


@post("/notifications/{id:uuid}/snooze", opt=needs("notifications:write"), status_code=200)
async def snooze_notification(
    id: FromPath[UUID], data: JSONBody[Snoozed], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Notification:
    """Not shown until then. What it is about makes no second one meanwhile."""
    if data.until <= runtime.clock():
        raise Invalid([("/until", "must be in the future")])
    async with runtime.begin() as conn:
        return _found(await store.snooze(conn, id, tenant_id=caller.tenant_id, until=data.until))


@post("/notifications/{id:uuid}/acknowledge", opt=needs("notifications:write"), status_code=200)
async def acknowledge_notification(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Notification:
    """Seen to. Should it happen again, there is a new one."""
    async with runtime.begin() as conn:
        return _found(await store.acknowledge(conn, id, tenant_id=caller.tenant_id, now=runtime.clock()))


@get("/notifications", opt=needs("notifications:read"))
async def literal_notifications(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, list[dict[str, Any]]]:
    """What is not acknowledged and not snoozed any more; for consoles that know this path."""
    async with runtime.connection() as conn:
        rows = await store.some(conn, tenant_id=caller.tenant_id, status="open", now=runtime.clock(), **PAGE.asked())
    return {"notifications": [_literal(each) for each in rows[: PAGE.limit]]}


def _literal(each: Notification) -> dict[str, Any]:
    facts: dict[str, datetime | str | UUID | None] = {
        "id": each.id,
        "type": each.kind,
        "message": each.text,
        "subject": each.subject,
        "subjectId": each.subject_id,
        "createdAt": each.created_at,
        "snoozedUntil": each.snoozed_until,
    }
    return facts


def _found(notification: Notification | None) -> Notification:
    if notification is None:
        raise Missing("there is no such notification")
    return notification


HANDLERS = (list_notifications, show_notification, snooze_notification, acknowledge_notification)
LITERAL = (literal_notifications,)
