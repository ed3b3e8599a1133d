"""Spending: take before, settle with what came of it."""

from datetime import datetime, timedelta
from uuid import UUID

from concierge.credits import store
from concierge.credits.model import Reserve
from concierge.errors import OutOfCredits, ReserveEnded
from concierge.log import logger
from concierge.notifications import withdraw
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

ABANDONED = timedelta(minutes=30)  # well beyond a turn's own retries
BATCH = 500

log = logger(__name__)


async def reserve(
    runtime: Runtime, *, tenant_id: UUID, conversation_id: UUID, turn_seq: int, amount: int
) -> Reserve | None:
    """Take `amount` credits for a turn, committed at once. None: the tenant is not metered. Raises OutOfCredits."""
    async with runtime.connection() as conn:
        taken = await store.reserve(
            conn,
            tenant_id=tenant_id,
            conversation_id=conversation_id,
            turn_seq=turn_seq,
            amount=amount,
            now=runtime.clock(),
        )
    if taken.outcome == "short":
        raise OutOfCredits
    if taken.id is None or taken.amount is None:
        return None
    return Reserve(taken.id, tenant_id, taken.amount)


async def settle(conn: Conn, reserve: Reserve, *, spent: int, now: datetime) -> None:
    """End the reserve in the transaction that stores the answer. Raises ReserveEnded: then nothing may be stored."""
    if await store.end(conn, reserve.id, tenant_id=reserve.tenant_id, spent=spent, now=now) is None:
        raise ReserveEnded


async def grant(conn: Conn, *, tenant_id: UUID, amount: int, key: str, note: str | None, now: datetime) -> bool:
    """Add credits; the first ones open the account. False: the same grant was made before, nothing happens."""
    await store.open_account(conn, tenant_id=tenant_id, now=now)
    if await store.grant(conn, tenant_id=tenant_id, amount=amount, key=key, note=note, now=now) is None:
        return False
    await withdraw(conn, tenant_id, tenant_id, "out_of_credits", now=now)
    return True


async def release_abandoned(runtime: Runtime) -> None:
    """Tick: what was reserved by a worker that died, or for a turn that went elsewhere, is given back."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        released = await store.release_abandoned(conn, before=now - ABANDONED, now=now, limit=BATCH)
    if released:
        log.warning("abandoned reserves released", count=len(released))
