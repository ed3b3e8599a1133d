"""A tenant's credits. Granting them takes a key that reaches beyond the tenant: who pays does not write the receipt."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Meta, Struct

from concierge.api.caller import Caller
from concierge.api.paging import Page, Paging
from concierge.api.scopes import needs
from concierge.api.values import Name
from concierge.credits import store
from concierge.credits.model import Balance, Entry
from concierge.credits.spending import grant
from concierge.errors import Conflicting, Missing
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

Credits = Annotated[int, Meta(ge=1, le=1_000_000_000, examples=[500])]
Key = Annotated[str, Meta(min_length=1, max_length=200, examples=["invoice-2027-031"])]


class NewGrant(Struct, frozen=True, kw_only=True):
    """Credits that somebody paid for. The same `key` again grants nothing; without `tenant_id` they are one's own."""

    amount: Credits
    key: Key | None = None
    note: Name | None = None
    tenant_id: UUID | None = None


@get("/credits", opt=needs("credits:read"))
async def show_credits(caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> Balance:
    """What may still be spent. A tenant that was never granted anything is not metered: its balance is null."""
    async with runtime.connection() as conn:
        return await store.balance(conn, tenant_id=caller.tenant_id)


@get("/credits/entries", opt=needs("credits:read"))
async def list_credit_entries(
    caller: NamedDependency[Caller], runtime: NamedDependency[Runtime], paging: NamedDependency[Paging]
) -> Page[Entry]:
    """The ledger, newest first: its amounts sum to the balance."""
    async with runtime.connection() as conn:
        return paging.page(await store.some(conn, tenant_id=caller.tenant_id, **paging.asked()))


@post("/credits/entries", opt=needs("platform:*"))
async def grant_credits(
    data: JSONBody[NewGrant], caller: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> Entry:
    """Add credits. Conversations that wait for them are taken up within seconds."""
    return await _granted(runtime, data.tenant_id or caller.tenant_id, data)


class UserCredits(Struct, frozen=True):
    """A balance, in the words of the multi-channel agent's design."""

    user_id: UUID
    remaining_credits: int | None
    last_updated: datetime | None


@get("/{user_id:str}/credits", opt=needs("credits:read"))
async def show_user_credits(user: NamedDependency[UUID], runtime: NamedDependency[Runtime]) -> UserCredits:
    """What a tenant may still spend; null: without limit."""
    return await _shown(runtime, user)


@post("/{user_id:str}/credits", opt=needs("platform:*"))
async def grant_user_credits(
    user: NamedDependency[UUID], data: JSONBody[NewGrant], runtime: NamedDependency[Runtime]
) -> UserCredits:
    """Add credits to a tenant."""
    await _granted(runtime, user, data)
    return await _shown(runtime, user)


async def _shown(runtime: Runtime, user_id: UUID) -> UserCredits:
    async with runtime.connection() as conn:
        await _known(conn, user_id)
        balance = await store.balance(conn, tenant_id=user_id)
    return UserCredits(user_id, balance.balance, balance.last_updated)


async def _granted(runtime: Runtime, tenant_id: UUID, wish: NewGrant) -> Entry:
    """Raises Missing for a tenant that does not exist, Conflicting for a key that stands for another amount."""
    key = wish.key or str(uuid4())
    async with runtime.begin() as conn:
        await _known(conn, tenant_id)
        await grant(conn, tenant_id=tenant_id, amount=wish.amount, key=key, note=wish.note, now=runtime.clock())
        entry = await store.granted(conn, tenant_id=tenant_id, key=key)
    if entry.amount != wish.amount:
        raise Conflicting("this key has granted another amount before")
    return entry


async def _known(conn: Conn, tenant_id: UUID) -> None:
    if not await store.is_tenant(conn, tenant_id=tenant_id):
        raise Missing("there is no such tenant")


HANDLERS = (show_credits, list_credit_entries, grant_credits)
OF_USERS = (show_user_credits, grant_user_credits)
