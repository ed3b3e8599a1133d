"""Who works in the console, what each may do, and what was done; for how long things are kept. For admins."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge import audit_log
from concierge.api.paging import Paging
from concierge.console.entered import entered
from concierge.console.listing import chosen
from concierge.console.model import RANKS, Acting, Operator
from concierge.console.operators import add_operator, set_password
from concierge.console.rendering import back, page
from concierge.console.store import operators as store
from concierge.errors import Conflicting, Forbidden, Invalid, Missing
from concierge.retention import run_store
from concierge.retention.policies import change, most, show
from concierge.retention.redacting import KINDS
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]


@get("/operators")
async def show_operators(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], said: FromQuery[str | None] = None
) -> Response[str]:
    """Everybody."""
    _only_admins(operator)
    async with runtime.connection() as conn:
        rows = await store.colleagues(conn, tenant_id=operator.tenant_id)
    return page("operators", operator, colleagues=rows, roles=list(RANKS), said=said)


@post("/operators")
async def hire(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Somebody new."""
    now, form = runtime.clock(), await entered(request)
    login, role = form.word("login"), chosen(form.word("role"), RANKS)
    if login is None or role is None:
        raise Invalid([("/login" if login is None else "/role", "is missing")])
    async with runtime.begin() as conn:
        id = await add_operator(
            conn,
            tenant_id=admin.tenant_id,
            login=login,
            name=form.word("name") or login,
            role=role,
            password=form.word("password") or "",
            now=now,
        )
        await admin.note(conn, "add", "operator", id, detail=role, now=now)
    return back("/operators", said="saved")


@post("/operators/{id:uuid}")
async def change_operator(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Another role or password, shut out or let in again. Nobody shuts out themselves."""
    now, form = runtime.clock(), await entered(request)
    role, disabled = chosen(form.word("role"), RANKS), form.ticked("disabled")
    if role is None:
        raise Invalid([("/role", "is missing")])
    if id == admin.operator.id and (disabled or role != "admin"):
        raise Conflicting("another admin must do this to you")
    async with runtime.begin() as conn:
        login = await store.change(conn, id, tenant_id=admin.tenant_id, role=role, disabled=disabled, now=now)
        if login is None:
            raise Missing("there is no such operator")
        if disabled:
            await store.close_sessions(conn, id, tenant_id=admin.tenant_id)
        if (password := form.word("password")) and not disabled:
            await set_password(conn, tenant_id=admin.tenant_id, login=login, password=password)
        await admin.note(conn, "change", "operator", id, detail="disabled" if disabled else role, now=now)
    return back("/operators", said="saved")


@get("/audit")
async def show_audit(
    operator: NamedDependency[Operator], runtime: NamedDependency[Runtime], listing: NamedDependency[Paging]
) -> Response[str]:
    """What people and keys did on purpose, the latest first."""
    _only_admins(operator)
    async with runtime.connection() as conn:
        rows = await audit_log.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("audit", operator, entries=listing.page(rows))


@get("/retention")
async def show_retention(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """For how many days each kind of body is kept, and what went when."""
    async with runtime.connection() as conn:
        kept = await show(conn, operator.tenant_id, most(KINDS, runtime.settings))
        rows = await run_store.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    runs = listing.page(rows, lambda run: (run.started_at, run.id))
    return page("retention", operator, kept=kept, runs=runs, said=said)


@post("/retention")
async def change_retention(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Keep some kinds for less long; a blank means: as long as the machine does."""
    now, form, limits = runtime.clock(), await entered(request), most(KINDS, runtime.settings)
    wanted = {kind: form.word(kind) for kind in limits if kind in form.fields}
    wrong = [(f"/{kind}", "is not a number of days") for kind, word in wanted.items() if word and not word.isdecimal()]
    if wrong:
        raise Invalid(wrong)
    days = {kind: int(word) if word and int(word) != limits[kind] else None for kind, word in wanted.items()}
    async with runtime.begin() as conn:
        await change(conn, admin.tenant_id, days, limits, now=now)
        await admin.note(conn, "change", "retention_policy", None, now=now)
    return back("/retention", said="saved")


def _only_admins(operator: Operator) -> None:
    if not operator.may("admin"):
        raise Forbidden("this page is for admins")


HANDLERS = (show_operators, hire, change_operator, show_audit, show_retention, change_retention)
