"""What people and keys did on purpose, one line each, never changed."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query


@query("""
    insert into audit_entry (tenant_id, actor, action, subject, subject_id, detail, created_at)
    values (%(tenant_id)s, %(actor)s, %(action)s, %(subject)s, %(subject_id)s, left(%(detail)s, 500), %(now)s)
""")
async def record(
    conn: Conn,
    *,
    tenant_id: UUID,
    actor: str,
    action: str,
    subject: str,
    subject_id: UUID | None,
    detail: str | None,
    now: datetime,
) -> None:
    """Note it, in the transaction of what was done. `detail` holds no message body and no address."""
