"""When countries change their clocks: appointments stay at the wall time that was agreed, and are planned anew."""

from concierge.bookings import store
from concierge.bookings.keeping import held, retell
from concierge.bookings.times import again, rules
from concierge.log import logger
from concierge.runtime import Runtime

BATCH = 200

log = logger(__name__)


async def retell_stale(runtime: Runtime) -> None:
    """Tick: bookings ahead whose instant was computed by other rules than this process has."""
    now, moved = runtime.clock(), 0
    while True:
        async with runtime.begin() as conn:
            stale = await store.of_other_rules(conn, rules=rules(), now=now, limit=BATCH)
            for each in stale:
                booking = await held(conn, each.id, tenant_id=each.tenant_id)
                when = again(booking.when)
                if when == booking.when:
                    await store.keep_rules(conn, each.id, tenant_id=each.tenant_id, rules=rules())
                else:
                    await retell(conn, each.id, when, tenant_id=each.tenant_id, now=now)
                    moved += 1
        if len(stale) < BATCH:
            break
    if moved:
        log.warning("bookings retold", rules=rules(), bookings=moved)
