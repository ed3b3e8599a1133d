"""What Postgres knows about answers."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query


@query("""
    insert into reply (tenant_id, conversation_id, upto_seq, outbound_message_id, contextual, fallback, model,
                       prompt_version, prompt_id, prompt_number, input_tokens, output_tokens, request_id, created_at)
    values (%(tenant_id)s, %(conversation_id)s, %(upto_seq)s, %(outbound_message_id)s, %(contextual)s,
            left(%(fallback)s, 500), %(model)s, %(prompt_version)s, %(prompt_id)s, %(prompt_number)s,
            %(input_tokens)s, %(output_tokens)s, %(request_id)s, %(now)s)
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    upto_seq: int,
    outbound_message_id: UUID | None,
    contextual: bool,
    fallback: str | None,
    model: str | None,
    prompt_version: str,
    prompt_id: UUID | None,
    prompt_number: int | None,
    input_tokens: int,
    output_tokens: int,
    request_id: str | None,
    now: datetime,
) -> None:
    """How an answer came about."""
