"""Reminder policies with the plan each makes of an example, and the tenant's own texts as they would be said."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.api.paging import BEGINNING
from concierge.bookings.policies import store
from concierge.bookings.policies.api import PolicyBody, as_policy
from concierge.bookings.policies.changing import change, held, make
from concierge.bookings.policies.model import Policy
from concierge.bookings.reminders.planning import plan
from concierge.console.entered import Entered, entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.errors import Invalid
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]
MOST = 100
EXAMPLES = (timedelta(hours=10), timedelta(days=3), timedelta(days=30))
SHOWN = 6  # reminders of an example's plan
MANY = 12  # reminders of one booking that people may find too many


@get("/policies")
async def show_policies(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], said: FromQuery[str | None] = None
) -> Response[str]:
    """Each, with what it would plan for bookings made now."""
    now = runtime.clock()
    async with runtime.connection() as conn:
        rows = await store.some(
            conn, tenant_id=operator.tenant_id, before=BEGINNING[0], before_id=BEGINNING[1], limit=MOST
        )
    plans = {
        each.id: [
            (away, plan(each.rule, booked_at=now, starts_at=now + away, zone=operator.zone, after=now))
            for away in EXAMPLES
        ]
        for each in rows
    }
    return page("policies", operator, policies=rows, plans=plans, shown=SHOWN, many=MANY, spoken=_spoken, said=said)


@post("/policies")
async def add_policy(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A new one."""
    now, wanted = runtime.clock(), as_policy(msgspec.structs.asdict(_body(await entered(request))))
    async with runtime.begin() as conn:
        policy = await make(conn, wanted, tenant_id=admin.tenant_id, now=now)
        await admin.note(conn, "add", "reminder_policy", policy.id, now=now)
    return back("/policies", said="saved")


@post("/policies/{id:uuid}")
async def change_policy(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Otherwise: every booking it holds for is planned anew."""
    now, wanted = runtime.clock(), as_policy(msgspec.structs.asdict(_body(await entered(request))))
    async with runtime.begin() as conn:
        old = await held(conn, id, tenant_id=admin.tenant_id)
        await change(conn, old, wanted, tenant_id=admin.tenant_id, now=now)
        await admin.note(conn, "change", "reminder_policy", id, now=now)
    return back("/policies", said="saved")


def _body(form: Entered) -> PolicyBody:
    """Raises Invalid."""
    most = form.word("most")
    if most is not None and not most.isdecimal():
        raise Invalid([("/most", "is not a number")])
    return form.given(
        PolicyBody,
        name=form.word("name"),
        usual=form.ticked("usual"),
        every=form.word("every"),
        before=form.lines("before"),
        most=int(most) if most else None,
        late=form.word("late"),
        channels=form.lines("channels"),
        moves=form.word("moves"),
        quiet_from=form.word("quiet_from"),
        quiet_until=form.word("quiet_until"),
    )


def _spoken(policy: Policy) -> dict[str, str]:
    """Its fields as the form has them: spans as ISO 8601."""
    plain = msgspec.to_builtins(policy)
    return {
        "every": plain["every"] or "",
        "before": ", ".join(plain["before"]),
        "most": str(plain["most"] or ""),
        "quiet_from": (plain["quiet_from"] or "")[:5],
        "quiet_until": (plain["quiet_until"] or "")[:5],
        "late": plain["late"] or "",
        "channels": ", ".join(plain["channels"]),
    }


HANDLERS = (show_policies, add_policy, change_policy)
