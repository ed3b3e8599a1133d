"""Redact everything that is old enough, in bites that block nobody."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from concierge.log import logger
from concierge.media import store as media
from concierge.media.forgetting import forget
from concierge.retention import policy_store, questions, store
from concierge.retention.policies import most
from concierge.runtime import Runtime

BITE = 1_000

log = logger(__name__)

KINDS: dict[str, Callable[..., Awaitable[int]]] = {
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


async def redact(runtime: Runtime, tenant_id: UUID | None = None) -> dict[str, int]:
    """The same as `redact_rows`; then the files that no row wants any more are deleted."""
    counts = await redact_rows(runtime, tenant_id)
    log.info("files deleted", files=await forget(runtime, tenant_id))
    return counts


async def redact_rows(runtime: Runtime, tenant_id: UUID | None = None) -> dict[str, int]:
    """Redact bodies older than RETENTION_DAYS (questions to models: MODEL_LOG_DAYS), of one tenant or of all.

    Where a tenant keeps a kind for less long, that holds for it. How many rows of each kind were.
    """
    counts = dict.fromkeys(KINDS, 0)
    limits = most(KINDS, runtime.settings)
    for kind, days in limits.items():
        counts[kind] += await _redact(runtime, kind, tenant_id, days)
    async with runtime.connection() as conn:
        policies = await policy_store.all_of(conn, tenant_id=tenant_id)
    for policy in policies:
        if policy.days < limits.get(policy.kind, 0):
            counts[policy.kind] += await _redact(runtime, policy.kind, policy.tenant_id, policy.days)
    log.info("redacted", **counts)
    return counts


async def _redact(runtime: Runtime, kind: str, tenant_id: UUID | None, days: int) -> int:
    """Bite after bite, until one is not full."""
    now, count = runtime.clock(), 0
    while bite := await _bite(runtime, KINDS[kind], tenant_id=tenant_id, before=now - timedelta(days=days), now=now):
        count += bite
        if bite < BITE:
            break
    return count


async def _bite(runtime: Runtime, statement: Callable[..., Awaitable[int]], **arguments: object) -> int:
    async with runtime.connection() as conn:
        return await statement(conn, limit=BITE, **arguments)
