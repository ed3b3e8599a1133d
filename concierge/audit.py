"""Events that are no move of a state: what was done or left undone, for whoever asks why."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query


@query("""
    insert into event (tenant_id, subject, subject_id, type, detail, correlation_id, at)
    values (%(tenant_id)s, %(subject)s, %(subject_id)s, %(type)s, left(%(detail)s, 500), %(correlation_id)s, %(now)s)
""")
async def record(
    conn: Conn,
    tenant_id: UUID,
    subject: str,
    subject_id: UUID,
    type: str,
    detail: str,
    *,
    correlation_id: str | None = None,
    now: datetime,
) -> None:
    """Write it down, in the transaction of what happened. `detail` holds no body and no address."""
