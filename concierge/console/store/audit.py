"""What Postgres knows about what was done on purpose."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Entry(Struct, frozen=True):
    """One line of the audit log."""

    id: UUID
    actor: str
    action: str
    subject: str
    subject_id: UUID | None
    detail: str | None
    created_at: datetime


@query("""
    select id, actor, action, subject, subject_id, detail, created_at from audit_entry
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Entry]:
    """The latest first."""
