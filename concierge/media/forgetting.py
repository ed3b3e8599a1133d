"""Old files go: first the row says so, then the file is deleted, then the row says that it is gone.

Whatever dies in between, the next round finds the row and deletes again, which does no harm.
"""

from datetime import UTC, datetime
from uuid import UUID

from concierge.log import logger
from concierge.media import store
from concierge.media.model import Expired
from concierge.runtime import Runtime

BITE = 200

log = logger(__name__)


async def forget(runtime: Runtime, tenant_id: UUID | None = None) -> int:
    """Delete the files of all rows marked for it, of one tenant or of all; how many were."""
    deleted = 0
    last: tuple[datetime, UUID] | None = datetime.min.replace(tzinfo=UTC), UUID(int=0)
    while last is not None:
        async with runtime.connection() as conn:
            bite = await store.expiring(conn, tenant_id=tenant_id, after=last[0], after_id=last[1], limit=BITE)
        gone = [each.id for each in bite if await _delete(runtime, each)]
        async with runtime.connection() as conn:
            await store.record_gone(conn, ids=gone, now=runtime.clock())
        deleted += len(gone)
        last = (bite[-1].moved_at, bite[-1].id) if len(bite) == BITE else None
    return deleted


async def _delete(runtime: Runtime, expired: Expired) -> bool:
    """False where the store does not answer: then it stays marked."""
    try:
        if expired.location is not None:
            await runtime.storage().delete(expired.location)
    except OSError as error:
        log.warning("not deleted", media=str(expired.id), error=type(error).__name__)
        return False
    return True
