"""What Postgres knows about questions to models."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from concierge.llm.purposes import Purpose
from concierge.postgres.query import Conn, query

Outcome = Literal["answered", "unavailable", "refused"]


@query("""
    insert into model_call (tenant_id, conversation_id, provider, model, purpose, prompt_version, prompt_hash, outcome,
                            error, request_id, input_tokens, cached_tokens, output_tokens, cost_micro_usd, latency_ms,
                            created_at)
    values (%(tenant_id)s, %(conversation_id)s, %(provider)s, %(model)s, %(purpose)s, %(prompt_version)s,
            %(prompt_hash)s, %(outcome)s, left(%(error)s, 500), %(request_id)s, %(input_tokens)s, %(cached_tokens)s,
            %(output_tokens)s, %(cost_micro_usd)s, %(latency_ms)s, %(now)s)
""")
async def add_call(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID | None,
    provider: str,
    model: str | None,
    purpose: Purpose,
    prompt_version: str,
    prompt_hash: str,
    outcome: Outcome,
    error: str | None,
    request_id: str | None,
    input_tokens: int,
    cached_tokens: int,
    output_tokens: int,
    cost_micro_usd: int,
    latency_ms: int,
    now: datetime,
) -> None:
    """One try, whatever came of it."""
