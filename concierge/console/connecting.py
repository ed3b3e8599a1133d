"""Channel accounts are connected, changed and removed. Secrets go in, and no page shows them."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import UNSET, structs

from concierge.accounts import keeping
from concierge.accounts.model import TRANSPORTS, AccountChange, NewAccount
from concierge.console.accounts import call
from concierge.console.blanks import FIELDS, filled
from concierge.console.entered import entered
from concierge.console.listing import chosen
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.errors import Invalid
from concierge.outbox.line.store import wake_account
from concierge.runtime import Runtime

AnyRequest = Request[Any, Any, Any]
ADDRESSED = {
    "whatsapp": "Phone number id, as Meta has it",
    "instagram": "Id of the professional account, as Meta has it",
    "email": "Mailbox",
    "webchat": "Name of the widget, as its page says it",
}
"""What an account of each channel is known by."""


@get("/accounts/new")
async def ask_account(operator: NamedDependency[Operator], channel: FromQuery[str] = "whatsapp") -> Response[str]:
    """The form for another account of this channel."""
    channel = chosen(channel, FIELDS) or "whatsapp"
    return page(
        "account_new",
        operator,
        channel=channel,
        channels=list(FIELDS),
        fields=FIELDS[channel],
        addressed=ADDRESSED[channel],
        transports=next(ways for name, ways in TRANSPORTS.items() if name == channel),
    )


@post("/accounts")
async def connect(
    request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Another account, its credentials encrypted."""
    now, form = runtime.clock(), await entered(request)
    wish = form.given(
        NewAccount,
        channel=form.word("channel"),
        external_id=form.word("external_id"),
        name=form.word("name"),
        transport=form.word("transport"),
        **filled(form, form.word("channel") or ""),
    )
    async with runtime.begin() as conn:
        made = await keeping.add(conn, wish, runtime.settings, caller=admin.caller, tenant_id=admin.tenant_id, now=now)
        await admin.note(conn, "connect", "channel_account", made.id, now=now)
    return back(f"/accounts/{made.id}", said="saved")


@post("/accounts/{id:uuid}/change")
async def change_account(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Another name and other settings; a credential that is left blank stays. New ones repair a stopped account."""
    now, form = runtime.clock(), await entered(request)
    async with runtime.begin() as conn:
        account = await keeping.find(conn, id, tenant_id=admin.tenant_id)
        said = filled(form, account.channel)
        wish = form.given(
            AccountChange,
            name=form.word("name"),
            settings=said["settings"],
            credentials=said["credentials"] or None,
        )
        if wish.name is UNSET:
            wish = structs.replace(wish, name=None)
        changed = await keeping.renew(conn, id, wish, runtime.settings, caller=admin.caller, now=now)
        if changed.status == "active":
            await wake_account(conn, account_id=id, tenant_id=admin.tenant_id, now=now)
        told = ", ".join(sorted(said["credentials"])) or None
        await admin.note(conn, "change", "channel_account", id, detail=told, now=now)
    return back(f"/accounts/{id}", said="saved")


@post("/accounts/{id:uuid}/remove")
async def remove_account(
    id: FromPath[UUID], request: AnyRequest, admin: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """It takes and sends nothing more, once its name was typed; what was said stays."""
    now, form = runtime.clock(), await entered(request)
    async with runtime.begin() as conn:
        account = await keeping.find(conn, id, tenant_id=admin.tenant_id)
        if form.word("called") != call(account):
            raise Invalid([("/called", "is not what it is called: nothing was removed")])
        await keeping.remove(conn, id, tenant_id=admin.tenant_id, by=admin.actor, now=now)
        await admin.note(conn, "remove", "channel_account", id, detail=call(account), now=now)
    return back("/accounts", said="removed")


HANDLERS = (ask_account, connect, change_account, remove_account)
