"""Channel accounts: what state they are in, paused and resumed by hand, how fast they send."""

from typing import Annotated, Any, Literal
from uuid import UUID

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from concierge.admin import store
from concierge.api.caller import Caller
from concierge.errors import Conflicting, Missing
from concierge.outbox.line.store import wake_account
from concierge.runtime import Runtime
from concierge.tenants import store as tenants


class Manners(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How an account sends; what is null goes back to the channel's own."""

    rate: Annotated[float, Meta(gt=0)] | None = None  # messages a second
    burst: Annotated[int, Meta(ge=1)] | None = None  # at once, after a rest
    send_gap: Annotated[float, Meta(gt=0, le=3600)] | None = None  # seconds between any two of its messages
    fallback: UUID | None = None  # the account that says what this one may not
    acknowledge: Literal["read", "typing"] | None = None  # WhatsApp: blue ticks, and “typing…” while an answer is made
    reply_tokens: bool | None = None  # email: replies come to address+token@domain; the mailbox must take such mail


@get("/accounts")
async def list_accounts(operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]) -> dict[str, Any]:
    """Every channel account with its state and the reason for it."""
    async with runtime.connection() as conn:
        return {"data": await store.accounts(conn, tenant_id=operator.tenant_id)}


@post("/accounts/{id:uuid}/pause", status_code=200)
async def pause_account(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, str]:
    """Sending stops; what is queued stays queued, what comes in is kept and handled."""
    async with runtime.begin() as conn:
        await _known(conn, id, operator)
        whose: dict[str, Any] = {"tenant_id": operator.tenant_id, "by": operator.actor}
        if await tenants.pause_account(conn, id, **whose, now=runtime.clock()) is None:
            raise Conflicting("the account is stopped already, and needs a repair, or was removed")
    return {"status": "paused", "id": str(id)}


@post("/accounts/{id:uuid}/resume", status_code=200)
async def resume_account(
    id: FromPath[UUID], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, str]:
    """What was queued goes out within a minute; an account that was repaired at the vendor's is tried again."""
    async with runtime.begin() as conn:
        await _known(conn, id, operator)
        whose: dict[str, Any] = {"tenant_id": operator.tenant_id, "by": operator.actor}
        if await tenants.resume_account(conn, id, **whose, now=runtime.clock()) is None:
            raise Conflicting("the account was removed")
        await wake_account(conn, account_id=id, tenant_id=operator.tenant_id, now=runtime.clock())
        await store.acknowledge(conn, subject_id=id, tenant_id=operator.tenant_id, now=runtime.clock())
    return {"status": "active", "id": str(id)}


@patch("/accounts/{id:uuid}")
async def change_account(
    id: FromPath[UUID], data: JSONBody[Manners], operator: NamedDependency[Caller], runtime: NamedDependency[Runtime]
) -> dict[str, str]:
    """How fast it sends, which account says what it may not, what people see of it."""
    async with runtime.begin() as conn:
        await _known(conn, id, operator)
        if data.fallback is not None:
            await _known(conn, data.fallback, operator)
        fallback = str(data.fallback) if data.fallback else None
        await tenants.set_manners(
            conn,
            id,
            tenant_id=operator.tenant_id,
            rate=data.rate,
            burst=data.burst,
            send_gap=data.send_gap,
            fallback=fallback,
            acknowledge=data.acknowledge,
            reply_tokens=data.reply_tokens,
        )
    return {"status": "changed", "id": str(id)}


async def _known(conn: Any, id: UUID, operator: Caller) -> None:
    if not await store.is_account(conn, id, tenant_id=operator.tenant_id):
        raise Missing("there is no such account")


HANDLERS = (list_accounts, pause_account, resume_account, change_account)
