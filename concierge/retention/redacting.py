"""Redact everything that is old enough, in bites that block nobody."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import UUID

from concierge.log import logger
from concierge.media import store as media
from concierge.media.forgetting import forget
from concierge.retention import questions, store
from concierge.runtime import Runtime

BITE = 1_000

log = logger(__name__)

_KINDS: dict[str, Callable[..., Awaitable[int]]] = {
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
}


async def redact(runtime: Runtime, tenant_id: UUID | None = None) -> dict[str, int]:
    """Redact bodies older than RETENTION_DAYS (questions to models: MODEL_LOG_DAYS), of one tenant or of all.

    How many rows of each kind were.
    """
    now = runtime.clock()
    before = now - timedelta(days=runtime.settings.retention_days)
    sooner = {"model_calls": now - timedelta(days=runtime.settings.model_log_days)}
    counts = dict.fromkeys(_KINDS, 0)
    for kind, statement in _KINDS.items():
        while bite := await _bite(runtime, statement, tenant_id=tenant_id, before=sooner.get(kind, before), now=now):
            counts[kind] += bite
            if bite < BITE:
                break
    log.info("redacted", **counts, files=await forget(runtime, tenant_id))
    return counts


async def _bite(runtime: Runtime, statement: Callable[..., Awaitable[int]], **arguments: object) -> int:
    async with runtime.connection() as conn:
        return await statement(conn, limit=BITE, **arguments)
