"""What Postgres knows about requests that came with an Idempotency-Key."""

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query

KEPT = timedelta(hours=24)


class Kept(Struct, frozen=True):
    """An answer that was given. `body` is encrypted; null: whom it was about was erased."""

    fingerprint: bytes
    status: int
    headers: dict[str, str]
    body: bytes | None


# By itself, before `find`: a statement sees what was committed when it began, and that must be after the lock was got.
@query("select pg_try_advisory_xact_lock(hashtextextended(%(tenant_id)s::text || ' ' || %(key)s, 4))")
async def lock(conn: Conn, *, tenant_id: UUID, key: str) -> bool:
    """Whether this transaction, and no other, may do what is asked under the key."""


@query("""
    select fingerprint, status, headers, body from idempotent_request
    where tenant_id = %(tenant_id)s and key = %(key)s and created_at > %(since)s
""")
async def find(conn: Conn, *, tenant_id: UUID, key: str, since: datetime) -> Kept | None:
    """What was answered under the key."""


@query("""
    insert into idempotent_request (tenant_id, key, fingerprint, status, headers, body, subject_ids, created_at)
    values (%(tenant_id)s, %(key)s, %(fingerprint)s, %(status)s, %(headers)s, %(body)s, %(subject_ids)s, %(now)s)
    on conflict (tenant_id, key) do update
        set fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers,
            body = excluded.body, subject_ids = excluded.subject_ids, created_at = excluded.created_at
""")
async def keep(
    conn: Conn,
    *,
    tenant_id: UUID,
    key: str,
    fingerprint: bytes,
    status: int,
    headers: dict[str, str],
    body: bytes,
    subject_ids: list[UUID],
    now: datetime,
) -> None:
    """The answer, in place of one that is too old to be repeated."""


@query("delete from idempotent_request where created_at <= %(before)s")
async def forget(conn: Conn, *, before: datetime) -> None:
    """Answers that will not be repeated any more."""
