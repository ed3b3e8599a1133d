"""Credits: what may still be spent, and the ledger. Who sees the machine grants them."""

from typing import Any
from uuid import uuid4

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery

from concierge.api.bodies import convert
from concierge.api.paging import Paging
from concierge.console.entered import entered
from concierge.console.model import Acting, Operator
from concierge.console.rendering import back, page
from concierge.credits import store
from concierge.credits.api import NewGrant
from concierge.credits.spending import grant
from concierge.errors import Invalid
from concierge.runtime import Runtime


@get("/credits")
async def show_credits(
    operator: NamedDependency[Operator],
    runtime: NamedDependency[Runtime],
    listing: NamedDependency[Paging],
    said: FromQuery[str | None] = None,
) -> Response[str]:
    """The balance, and every entry, newest first."""
    async with runtime.connection() as conn:
        balance = await store.balance(conn, tenant_id=operator.tenant_id)
        rows = await store.some(conn, tenant_id=operator.tenant_id, **listing.asked())
    return page("credits", operator, balance=balance, entries=listing.page(rows), once=uuid4().hex, said=said)


@post("/credits/grant")
async def grant_credits(
    request: Request[Any, Any, Any], machinist: NamedDependency[Acting], runtime: NamedDependency[Runtime]
) -> Response[None]:
    """Somebody has paid. The same form sent twice grants once."""
    form, now = await entered(request), runtime.clock()
    amount = form.word("amount") or ""
    if not amount.isdecimal() or len(amount) > 10:
        raise Invalid([("/amount", "must be a whole number")])
    said = {"amount": int(amount), "note": form.word("note"), "key": f"console:{form.word('once')}:{amount}"}
    wish = convert(said, NewGrant)
    async with runtime.begin() as conn:
        if await grant(
            conn,
            tenant_id=machinist.tenant_id,
            amount=wish.amount,
            key=wish.key or "",
            note=wish.note,
            now=now,
        ):
            await machinist.note(conn, "grant", "credits", None, detail=str(wish.amount), now=now)
    return back("/credits", said="granted")


HANDLERS = (show_credits, grant_credits)
