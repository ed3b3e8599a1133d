"""What people and keys did on purpose, one line each, never changed."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Action(Struct, frozen=True, kw_only=True):
    """What somebody did. `actor`: `key:<name>` or `operator:<login>`; `actor_id`: the key or the operator.

    `action`: an operator's verb, or the operation of the API; `correlation_id`: that of the request.
    """

    id: UUID
    actor: str
    actor_id: UUID | None
    action: str
    subject: str
    subject_id: UUID | None
    detail: str | None
    correlation_id: str | None
    created_at: datetime


@query("""
    insert into audit_entry (tenant_id, actor, actor_id, action, subject, subject_id, detail, correlation_id,
                             created_at)
    values (%(tenant_id)s, %(actor)s, %(actor_id)s, %(action)s, %(subject)s, %(subject_id)s,
            left(%(detail)s, 500), %(correlation_id)s, %(now)s)
""")
async def record(
    conn: Conn,
    *,
    tenant_id: UUID,
    actor: str,
    actor_id: UUID | None,
    action: str,
    subject: str,
    subject_id: UUID | None,
    detail: str | None,
    correlation_id: str | None,
    now: datetime,
) -> None:
    """Note it, in the transaction of what was done. `detail` holds no message body and no address."""


@query("""
    select id, actor, actor_id, action, subject, subject_id, detail, correlation_id, created_at from audit_entry
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Action]:
    """A page of what was done, newest first."""
