"""What an operator does to a follow-up and to its draft: the API's own moves."""

from collections.abc import Awaitable
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from concierge.admin.retrying import retry_task
from concierge.api.changes import changed, named
from concierge.audit import record_change
from concierge.clock import instant_of, on_the_wall
from concierge.console.entered import Entered, entered
from concierge.console.model import Acting
from concierge.console.rendering import back
from concierge.errors import Conflicting, Invalid, Missing
from concierge.followups import showing
from concierge.followups.api import FollowUpChange, check_time
from concierge.followups.drafting.api import Manner, Words
from concierge.followups.drafting.approving import approve
from concierge.followups.drafting.wanting import again, instead
from concierge.followups.recurring import stopping
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]
MORNING = time(9)


@post("/follow-ups/{id:uuid}/change")
async def change(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Another title, kind, zone or time; the time is what a clock in that zone shows."""
    now, form = runtime.clock(), await entered(request, acting.operator.zone)
    async with runtime.begin() as conn:
        await showing.lock(conn, id, tenant_id=acting.tenant_id)
        present = await _found(conn, id, acting)
        wish = _wish(form, present)
        if wish.due_at:
            check_time(wish.due_at, now, "/wall")
        wanted = changed(present, wish)
        if await showing.change(conn, id, tenant_id=acting.tenant_id, now=now, **wanted) is None:
            raise Conflicting(f"the follow-up is {present.status}")
        await record_change(conn, acting.tenant_id, "task", id, named(wish), by=acting.actor, now=now)
        await acting.note(conn, "change", "task", id, now=now)
    return back(f"/follow-ups/{id}", said="saved")


@post("/follow-ups/{id:uuid}/snooze")
async def snooze(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Later: by an hour, or until a time on the clock of its contact."""
    now, form = runtime.clock(), await entered(request)
    async with runtime.begin() as conn:
        zone = (await _found(conn, id, acting)).zone
        until = pauses(now, zone).get(form.word("for") or "") or form.moment("until", zone)
        if until is None:
            raise Invalid([("/until", "is missing")])
        check_time(until, now, "/until")
        if await showing.snooze_on(conn, id, tenant_id=acting.tenant_id, until=until, now=now) is None:
            snoozed = showing.snooze(conn, id, tenant_id=acting.tenant_id, until=until, by=acting.actor, now=now)
            await _moved(conn, id, acting, snoozed)
        await acting.note(conn, "snooze", "task", id, now=now)
    return back(f"/follow-ups/{id}", said="saved")


@post("/follow-ups/{id:uuid}/complete")
async def complete(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It is done."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        moved = showing.complete(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await _moved(conn, id, acting, moved)
        await acting.note(conn, "complete", "task", id, now=now)
    return back(f"/follow-ups/{id}", said="done")


@post("/follow-ups/{id:uuid}/cancel")
async def cancel(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It is not wanted any more."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        moved = stopping.cancel(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await _moved(conn, id, acting, moved)
        await acting.note(conn, "cancel", "task", id, now=now)
    return back(f"/follow-ups/{id}", said="cancelled")


@post("/follow-ups/{id:uuid}/retry")
async def retry(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Another round."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        await retry_task(conn, id, tenant_id=acting.tenant_id, by=acting.actor, now=now)
        await acting.note(conn, "retry", "task", id, now=now)
    return back(f"/follow-ups/{id}", said="retried")


@post("/follow-ups/{id:uuid}/draft/approve")
async def approve_draft(
    id: FromPath[UUID], acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It may go."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        draft = await approve(conn, id, tenant_id=acting.tenant_id, now=now)
        await acting.note(conn, "approve", "draft", draft.id, now=now)
    return back(f"/follow-ups/{id}", said="done")


@post("/follow-ups/{id:uuid}/draft/change")
async def change_draft(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """One's own words in its place."""
    now, form = runtime.clock(), await entered(request)
    words = form.given(Words, text=form.word("text"))
    async with runtime.begin() as conn:
        draft = await instead(conn, id, tenant_id=acting.tenant_id, text=words.text, now=now)
        await acting.note(conn, "change", "draft", draft.id, now=now)
    return back(f"/follow-ups/{id}", said="saved")


@post("/follow-ups/{id:uuid}/draft/again")
async def write_draft(
    id: FromPath[UUID], request: AnyRequest, acting: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A model writes the next version."""
    now, form = runtime.clock(), await entered(request)
    manner = form.given(Manner, tone=form.word("tone"), length=form.word("length"), language=form.word("language"))
    async with runtime.begin() as conn:
        draft = await again(
            conn,
            id,
            tenant_id=acting.tenant_id,
            tone=manner.tone,
            length=manner.length,
            language=manner.language,
            now=now,
        )
        await acting.note(conn, "regenerate", "draft", draft.id, now=now)
    return back(f"/follow-ups/{id}", said="queued_draft")


def pauses(now: datetime, zone: str) -> dict[str, datetime]:
    """Until when something is put off, by its name; mornings are those of the zone."""
    today = on_the_wall(now, zone).date()
    monday = today + timedelta(days=7 - today.weekday())
    return {
        "hour": now + timedelta(hours=1),
        "tomorrow": instant_of(datetime.combine(today + timedelta(days=1), MORNING), zone),
        "week": instant_of(datetime.combine(monday, MORNING), zone),
    }


def _wish(form: Entered, present: showing.FollowUp) -> FollowUpChange:
    """What the form says; a time that was left as it stands is none. Raises Invalid."""
    zone = form.given(FollowUpChange, zone=form.word("zone") or present.zone).zone or present.zone
    wall, before = form.wall("wall"), present.wall and present.wall.replace(second=0, microsecond=0)
    other = wall is not None and (wall != before or zone != present.zone)
    return form.given(
        FollowUpChange,
        title=form.word("title"),
        kind=form.word("kind"),
        zone=zone,
        due_at=instant_of(wall, zone).isoformat() if wall and other else None,
    )


async def _found(conn: Conn, id: UUID, acting: Acting) -> showing.FollowUp:
    present = await showing.find(conn, id, tenant_id=acting.tenant_id)
    if present is None:
        raise Missing("there is no such follow-up")
    return present


async def _moved(conn: Conn, id: UUID, acting: Acting, move: Awaitable[UUID | None]) -> None:
    """Raises Missing, Conflicting."""
    if await move is None:
        raise Conflicting(f"the follow-up is {(await _found(conn, id, acting)).status}")


HANDLERS = (change, snooze, complete, cancel, retry, approve_draft, change_draft, write_draft)
