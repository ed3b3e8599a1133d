"""Events that are no move of a state: what was done or left undone, for whoever asks why."""

from collections.abc import Iterable
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
    correlation_id: str | None,
    now: datetime,
) -> None:
    """Write it down, in the transaction of what happened. `detail` holds no body and no address."""


async def record_change(
    conn: Conn, tenant_id: UUID, subject: str, subject_id: UUID, fields: Iterable[str], *, by: str, now: datetime
) -> None:
    """That somebody changed these fields of a thing, whose state stays; nothing where there are none."""
    if changed := ", ".join(fields):
        detail = f"{changed} by {by}"
        await record(conn, tenant_id, subject, subject_id, f"{subject}.changed", detail, correlation_id=None, now=now)
