"""Follow-ups: what is due and in which state; one with what it was found in, and everything that can be done to it."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.paging import BEGINNING, Page, Paging
from concierge.console.followup_moves import pauses
from concierge.console.listing import chosen, walk
from concierge.console.model import Operator
from concierge.console.rendering import page
from concierge.console.store import followups as store
from concierge.console.store.followups import Line
from concierge.errors import Missing
from concierge.followups import showing
from concierge.followups.drafting import store as drafting
from concierge.runtime import Runtime
from concierge.tenants import trail

STATES = ("needs_clarification", "pending", "snoozed", "due", "executing", "sending", "done", "failed", "cancelled",
          "expired")  # fmt: skip
RARE = ("needs_clarification", "snoozed", "failed", "cancelled", "expired")
"""States with an index of their own."""
WAITING = ["pending", "due", "executing"]
OPEN = [*WAITING, "needs_clarification", "snoozed", "sending", "failed"]
WITHIN = {"overdue": timedelta(0), "day": timedelta(days=1), "week": timedelta(days=7), "all": timedelta(days=36_500)}
"""How far ahead a list of what is due looks."""
FIRST = datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0)


@get("/follow-ups")
async def show_follow_ups(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    status: FromQuery[str | None] = None,
    due: FromQuery[str | None] = None,
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """What is due, the next first; or those of one state, newest first."""
    status, due = chosen(status, STATES), chosen(due, WITHIN)
    if status is None and due is None:
        due = "all"
    if due is not None:
        shown = await _due(runtime, operator, listing, due)
    else:
        async with runtime.connection() as conn:
            some = store.rare if status in RARE else store.some
            shown = await walk(
                listing,
                partial(some, conn, tenant_id=operator.tenant_id, status=status or ""),
                partial(store.end_of_walk, conn, tenant_id=operator.tenant_id),
                filtered=status not in RARE,
            )
    return page(
        "followups", operator, lines=shown, status=status, states=STATES, due=due, within=list(WITHIN), said=said
    )


async def _due(runtime: Runtime, operator: Operator, listing: Paging, due: str) -> Page[Line]:
    after, after_id = FIRST if listing.place == BEGINNING else listing.place
    async with runtime.connection() as conn:
        rows = await store.agenda(
            conn,
            tenant_id=operator.tenant_id,
            statuses=WAITING if due == "overdue" else OPEN,
            until=runtime.clock() + WITHIN[due],
            after=after,
            after_id=after_id,
            limit=listing.limit + 1,
        )
    return listing.page(rows, lambda line: (line.due_at or FIRST[0], line.id))


@get("/follow-ups/{id:uuid}")
async def show_follow_up(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """One: what was meant, what it was found in, its draft, and everything that happened."""
    tenant = operator.tenant_id
    async with runtime.connection() as conn:
        task = await showing.find(conn, id, tenant_id=tenant)
        evidence = await store.evidence(conn, id, tenant_id=tenant)
        if task is None or evidence is None:
            raise Missing("there is no such follow-up")
        draft = await drafting.newest(conn, task_id=id, tenant_id=tenant)
        subjects = [id, *([task.reminder_id] if task.reminder_id else []), *([draft.id] if draft else [])]
        events = await trail.of(conn, tenant_id=tenant, subjects=subjects)
    return page(
        "followup",
        operator,
        task=task,
        evidence=evidence,
        spans=quoted(evidence.text, task.quote),
        draft=draft,
        events=events,
        pauses=pauses(runtime.clock(), task.zone),
        said=said,
    )


def quoted(text: str | None, quote: str | None) -> tuple[str, str, str]:
    """What stands before the words that named the time, those words, and what follows; all before where none do."""
    at = (text or "").casefold().find(quote.casefold()) if text and quote else -1
    if not text or not quote or at < 0:
        return text or "", "", ""
    return text[:at], text[at : at + len(quote)], text[at + len(quote) :]


HANDLERS = (show_follow_ups, show_follow_up)
