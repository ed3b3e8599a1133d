"""Telling endpoints: a tick finds those with something due, a job calls each, an attempt is counted before it is made.

At least once: a worker that dies after the call leaves the delivery to the next one, with the same webhook-id.
"""

import asyncio
from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from concierge.errors import SettingsError, Unreachable
from concierge.log import logger
from concierge.notifications import notify
from concierge.postgres.queue import put
from concierge.runtime import Runtime
from concierge.tenants.vault import opened_text
from concierge.webhooks import store
from concierge.webhooks.model import GONE, PATIENCE, Due, Tell, wait
from concierge.webhooks.signing import body, headers

BATCH = 200  # endpoints of one tick
WIDTH = 8  # calls to one endpoint at once
TURN = 30.0  # seconds; a call and its recording still end before the lease
LEASE = timedelta(seconds=90)  # longer than a turn and its last call
LONGEST_PAUSE = 86_400.0  # seconds that a Retry-After may ask for

log = logger(__name__)


async def wake(runtime: Runtime) -> None:
    """Tick: a job for every endpoint that has something due and that nobody delivers to."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        ids = await store.claim_endpoints(conn, now=now, until=now + LEASE, limit=BATCH)
        await put(conn, *(Tell(id) for id in ids))


async def tell(runtime: Runtime, endpoint_id: UUID) -> None:
    """Deliver what is due, a few calls at once; the tick comes back for what is left."""
    enough = monotonic() + TURN
    while monotonic() < enough:
        now = runtime.clock()
        async with runtime.connection() as conn:
            due = await store.claim(conn, endpoint_id=endpoint_id, now=now, until=now + LEASE, limit=WIDTH)
        if not due:
            break
        async with asyncio.TaskGroup() as calls:
            for each in due:
                calls.create_task(_attempt(runtime, each))
    async with runtime.connection() as conn:
        await store.release_endpoint(conn, endpoint_id)


async def _attempt(runtime: Runtime, due: Due) -> None:
    now = runtime.clock()
    try:
        said = body(due.type, due.at, due.data, due.words)
        answered = await runtime.call_out(
            due.url, body=said, headers=headers(due.event_id, said, _secrets(runtime, due, now), now=now)
        )
    except (Unreachable, SettingsError) as error:
        await _record_failure(runtime, due, None, str(error), None)
    else:
        if 200 <= answered.status < 300:
            async with runtime.connection() as conn:
                await store.clear_failing(conn, due.endpoint_id, tenant_id=due.tenant_id)
                await store.record_delivered(
                    conn,
                    due.id,
                    tenant_id=due.tenant_id,
                    attempts=due.attempts,
                    code=answered.status,
                    now=runtime.clock(),
                )
        else:
            moved = ", which is not followed" if answered.status // 100 == 3 else ""
            said_no = f"answered {answered.status}{moved}"
            await _record_failure(runtime, due, answered.status, said_no, answered.retry_after)


def _secrets(runtime: Runtime, due: Due, now: datetime) -> list[str]:
    """The live secrets, the newest first."""
    live = [due.secret]
    if due.old_secret is not None and due.old_until is not None and due.old_until > now:
        live.append(due.old_secret)
    return [opened_text(each, runtime.settings) for each in live]


async def _record_failure(runtime: Runtime, due: Due, code: int | None, error: str, pause: float | None) -> None:
    """Wait, or give up; an endpoint that has failed for days is told no more. Its row is locked before deliveries."""
    now = runtime.clock()
    retry_at = _retry_at(due, pause, now)
    async with runtime.begin() as conn:
        since = await store.mark_failing(conn, due.endpoint_id, tenant_id=due.tenant_id, now=now)
        await store.record_failure(
            conn,
            due.id,
            tenant_id=due.tenant_id,
            attempts=due.attempts,
            code=code,
            error=error,
            retry_at=retry_at,
            now=now,
        )
        if since is not None and (code == GONE or now - since >= PATIENCE):
            reason = "the endpoint says it is gone" if code == GONE else f"nothing was delivered for days: {error}"
            await store.disable(conn, due.endpoint_id, tenant_id=due.tenant_id, reason=reason, now=now)
            await notify(conn, due.tenant_id, "webhook_endpoint", due.endpoint_id, "disabled", reason, now=now)
        elif retry_at is None:
            text = f"a {due.type} webhook was given up after {due.attempts} attempts: {error}"
            await notify(conn, due.tenant_id, "webhook_endpoint", due.endpoint_id, "deliveries_failed", text, now=now)
    log.info("webhook not delivered", delivery=str(due.id), attempts=due.attempts, code=code)


def _retry_at(due: Due, pause: float | None, now: datetime) -> datetime | None:
    waiting = wait(due.attempts, due.id)
    if waiting is None:
        return None
    return now + max(waiting, timedelta(seconds=min(pause or 0.0, LONGEST_PAUSE)))
