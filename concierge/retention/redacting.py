"""Redact everything that is old enough, in bites that block nobody."""

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from concierge.log import logger
from concierge.media import store as media
from concierge.media.forgetting import forget
from concierge.retention import policy_store, questions, run_store, store
from concierge.retention.policies import most
from concierge.runtime import Runtime

BITE = 1_000
SHOWN = timedelta(days=400)  # how long it is known what was forgotten

log = logger(__name__)

KINDS: dict[str, Callable[..., Awaitable[Sequence[UUID | None]]]] = {
    "inbound_messages": store.redact_inbound,
    "outbound_messages": store.redact_outbound,
    "extractions": store.redact_extractions,
    "leads": store.redact_leads,
    "summaries": store.redact_summaries,
    "tasks": store.redact_tasks,
    "drafts": questions.redact_drafts,
    "unanswered_tasks": store.expire_unanswered,
    "intake_answers": questions.redact_answers,
    "handoffs": questions.redact_handoffs,
    "media": media.mark_old,
    "app_replies": store.redact_app_replies,
    "account_notices": store.redact_notices,
    "unrouted_messages": store.redact_unrouted,
    "model_calls": questions.redact_calls,
    "pseudonyms": questions.forget_pseudonyms,
    "model_threads": questions.forget_threads,
    "raw_payloads": policy_store.redact_raw,
    "webhook_events": policy_store.forget_told,
}
"""What is forgotten, and by which statement; a tenant may have each of them kept for less long (policies)."""


async def redact(runtime: Runtime) -> None:
    """The same as `redact_rows`, of all tenants; then the files that no row wants any more are deleted."""
    await redact_rows(runtime)
    log.info("files deleted", files=await forget(runtime))


async def redact_rows(runtime: Runtime, tenant_id: UUID | None = None, *, by: str | None = None) -> dict[str, int]:
    """Redact bodies older than RETENTION_DAYS (questions to models: MODEL_LOG_DAYS), of one tenant or of all.

    Where a tenant keeps a kind for less long, that holds for it. How many rows of each kind were; by tenant they stand
    in `retention_run`, where a round that somebody asked for (`by`) stands even if it found nothing.
    """
    started_at = runtime.clock()
    if tenant_id and by:
        async with runtime.connection() as conn:
            await run_store.begin(conn, tenant_id=tenant_id, asked_by=by, now=started_at)
    counts = dict.fromkeys(KINDS, 0)
    limits = most(KINDS, runtime.settings)
    for kind, days in limits.items():
        counts[kind] += await _redact(runtime, kind, tenant_id, days, started_at)
    async with runtime.connection() as conn:
        policies = await policy_store.all_of(conn, tenant_id=tenant_id)
    for policy in policies:
        if policy.days < limits.get(policy.kind, 0):
            counts[policy.kind] += await _redact(runtime, policy.kind, policy.tenant_id, policy.days, started_at)
    async with runtime.connection() as conn:
        await run_store.end(conn, tenant_id=tenant_id, started_at=started_at, now=runtime.clock())
        await run_store.forget(conn, before=started_at - SHOWN)
    log.info("redacted", **counts)
    return counts


async def _redact(runtime: Runtime, kind: str, tenant_id: UUID | None, days: int, started_at: datetime) -> int:
    """Bite after bite, until one is not full."""
    total = 0
    while bite := await _bite(runtime, kind, tenant_id, started_at - timedelta(days=days), started_at):
        total += bite
        if bite < BITE:
            break
    return total


async def _bite(runtime: Runtime, kind: str, tenant_id: UUID | None, before: datetime, started_at: datetime) -> int:
    """So many rows, counted with whom they are taken from."""
    async with runtime.begin() as conn:
        whose = await KINDS[kind](conn, tenant_id=tenant_id, before=before, now=started_at, limit=BITE)
        for owner, count in sorted(Counter(filter(None, whose)).items()):
            await run_store.count_more(conn, tenant_id=owner, started_at=started_at, kind=kind, count=count)
    return len(whose)
