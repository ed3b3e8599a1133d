"""What a human should look at: one open notification per subject and kind, however often it is noticed."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query


@query("""
    insert into notification (tenant_id, subject, subject_id, kind, text, created_at)
    values (%(tenant_id)s, %(subject)s, %(subject_id)s, %(kind)s, left(%(text)s, 500), %(now)s)
    on conflict (subject_id, kind) where acknowledged_at is null do nothing
""")
async def notify(
    conn: Conn, tenant_id: UUID, subject: str, subject_id: UUID, kind: str, text: str, *, now: datetime
) -> None:
    """Tell the operators, in the transaction of what happened; nothing, if the same is open already."""


@query("""
    update notification set acknowledged_at = %(now)s
    where subject_id = %(subject_id)s and kind = %(kind)s and tenant_id = %(tenant_id)s and acknowledged_at is null
""")
async def withdraw(conn: Conn, tenant_id: UUID, subject_id: UUID, kind: str, *, now: datetime) -> None:
    """What they were told of is over."""
