"""Channel accounts: whether each sends and why not, its templates; tried, paused, resumed."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from concierge.accounts import keeping
from concierge.accounts import store as accounts
from concierge.accounts.model import Account, Trial
from concierge.accounts.trying import try_out
from concierge.api.paging import BEGINNING, Paging
from concierge.console.blanks import FIELDS
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.console.store import accounts as store
from concierge.runtime import Runtime
from concierge.templates.syncing import ask_all

AnyRequest = Request[Any, Any, Any]
MOST = 200
EVERY = Paging(MOST, BEGINNING)  # accounts to choose from


@get("/accounts")
async def show_accounts(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """Every account."""
    async with runtime.connection() as conn:
        rows = await accounts.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("accounts", operator, accounts=listing.page(rows), channels=list(FIELDS), said=said)


@get("/accounts/{id:uuid}")
async def show_account(
    id: FromPath[UUID],
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """One: how it fares, what its vendor said, its templates."""
    since, tenant = runtime.clock() - timedelta(days=1), operator.tenant_id
    async with runtime.connection() as conn:
        account = await keeping.find(conn, id, tenant_id=tenant)
        health = await store.health(conn, id, tenant_id=tenant, since=since)
        notices = await store.notices(conn, id, tenant_id=tenant)
        templates = await store.templates(conn, id, tenant_id=tenant, limit=MOST)
        agent = await store.agent(conn, id, tenant_id=tenant)
        kept = await keeping.kept(conn, id, runtime.settings, tenant_id=tenant) if operator.may("admin") else set()
        others = await accounts.some(conn, tenant_id=tenant, **EVERY.asked())
    return page(
        "account",
        operator,
        account=account,
        called=call(account),
        health=health,
        notices=notices,
        templates=templates,
        agent=agent,
        kept=kept,
        fields=FIELDS.get(account.channel, ()),
        others=[each for each in others if each.id != id],
        said=said,
    )


def call(account: Account) -> str:
    """What an account is called: the name its tenant gave it, on one line, or its address."""
    return " ".join((account.name or "").split()) or account.external_id


@post("/accounts/{id:uuid}/test")
async def send_test(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """A message by this account, through the outbox as every other; its page tells what became of it."""
    now, form = runtime.clock(), await entered(request)
    trial = form.given(Trial, to=form.word("to"), text=form.word("text"))
    async with runtime.begin() as conn:
        account = await keeping.find(conn, id, tenant_id=admin.tenant_id)
        tried = await try_out(conn, account, trial, tenant_id=admin.tenant_id, correlation_id=uuid4().hex, now=now)
        await admin.note(conn, "test", "channel_account", id, now=now)
    return back(f"/outbox/{tried.outbound_message_id}", said="queued")


@post("/accounts/{id:uuid}/pause")
async def pause_account(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Sending stops; what is queued stays queued."""
    async with runtime.begin() as conn:
        await keeping.pause(conn, id, tenant_id=admin.tenant_id, by=admin.actor, now=runtime.clock())
        await admin.note(conn, "pause", "channel_account", id, now=runtime.clock())
    return back(f"/accounts/{id}", said="paused")


@post("/accounts/{id:uuid}/resume")
async def resume_account(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """What was queued goes out."""
    async with runtime.begin() as conn:
        await keeping.resume(conn, id, tenant_id=admin.tenant_id, by=admin.actor, now=runtime.clock())
        await admin.note(conn, "resume", "channel_account", id, now=runtime.clock())
    return back(f"/accounts/{id}", said="resumed")


@post("/accounts/{id:uuid}/templates")
async def ask_about_templates(
    id: FromPath[UUID], admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Ask the vendor which templates there are."""
    await ask_all(runtime, tenant_id=admin.tenant_id)
    async with runtime.begin() as conn:
        await admin.note(conn, "ask about templates", "channel_account", id, now=runtime.clock())
    return back(f"/accounts/{id}", said="asked")


HANDLERS = (show_accounts, show_account, send_test, pause_account, resume_account, ask_about_templates)
