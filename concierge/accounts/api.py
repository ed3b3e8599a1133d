"""Channel accounts: numbers, handles, mailboxes, widgets."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from concierge.accounts import keeping, store, trying
from concierge.accounts.model import Account, AccountChange, NewAccount, Trial, Tried
from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.outbox.line.store import wake_account
from concierge.runtime import Runtime


@get("/channel-accounts", opt=needs("channel-accounts:read"))
async def list_channel_accounts(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Account]:
    """Every channel account with its state and the reason for it, newest first."""
    async with runtime.connection() as conn:
        return paging.page(await store.some(conn, tenant_id=caller.tenant_id, **paging.asked()))


@post("/channel-accounts", opt=needs("channel-accounts:write"))
async def add_channel_account(
    data: JSONBody[NewAccount], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Account:
    """Connect a number, handle, mailbox or widget. Its credentials are encrypted and never shown again."""
    async with runtime.begin() as conn:
        return await keeping.add(
            conn, data, runtime.settings, caller=caller, tenant_id=caller.tenant_id, now=runtime.clock()
        )


@get("/channel-accounts/{id:uuid}", opt=needs("channel-accounts:read"))
async def show_channel_account(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Account:
    """One channel account, a removed one too."""
    async with runtime.connection() as conn:
        return await keeping.find(conn, id, tenant_id=caller.tenant_id)


@patch("/channel-accounts/{id:uuid}", opt=needs("channel-accounts:write"))
async def change_channel_account(
    id: FromPath[UUID],
    data: JSONBody[AccountChange],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
) -> Account:
    """Change its name, settings or credentials. New credentials repair an account in `reauth_required`."""
    async with runtime.begin() as conn:
        changed = await keeping.change(conn, id, data, runtime.settings, caller=caller, now=runtime.clock())
        if changed.status == "active":
            await wake_account(conn, account_id=id, tenant_id=caller.tenant_id, now=runtime.clock())
        return changed


@delete("/channel-accounts/{id:uuid}", opt=needs("channel-accounts:write"))
async def remove_channel_account(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> None:
    """It takes and sends nothing more: its credentials are forgotten, its conversations stay."""
    async with runtime.begin() as conn:
        await keeping.remove(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())


@post("/channel-accounts/{id:uuid}/test", opt=needs("channel-accounts:write"), status_code=202)
async def test_channel_account(
    id: FromPath[UUID],
    data: JSONBody[Trial],
    caller: NamedDependency[Caller],
    runtime: NamedDependency[Runtime],
    correlation: NamedDependency[str],
) -> Tried:
    """Send a message by this account, through the outbox as every other; what became of it is read there."""
    async with runtime.begin() as conn:
        account = await keeping.find(conn, id, tenant_id=caller.tenant_id)
        return await trying.try_out(
            conn, account, data, tenant_id=caller.tenant_id, correlation_id=correlation, now=runtime.clock()
        )


@post("/channel-accounts/{id:uuid}/pause", opt=needs("channel-accounts:write"), status_code=200)
async def pause_channel_account(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Account:
    """Sending stops; what is queued stays queued, what comes in is kept and handled."""
    async with runtime.begin() as conn:
        await keeping.pause(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return await keeping.find(conn, id, tenant_id=caller.tenant_id)


@post("/channel-accounts/{id:uuid}/resume", opt=needs("channel-accounts:write"), status_code=200)
async def resume_channel_account(
    id: FromPath[UUID], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Account:
    """What was queued goes out; an account that was repaired at the vendor's is tried again."""
    async with runtime.begin() as conn:
        await keeping.resume(conn, id, tenant_id=caller.tenant_id, by=caller.actor, now=runtime.clock())
        return await keeping.find(conn, id, tenant_id=caller.tenant_id)


HANDLERS = (
    list_channel_accounts,
    add_channel_account,
    show_channel_account,
    change_channel_account,
    remove_channel_account,
    test_channel_account,
    pause_channel_account,
    resume_channel_account,
)
