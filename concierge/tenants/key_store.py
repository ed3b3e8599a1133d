"""What Postgres knows about API keys."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query
from concierge.tenants.model import ApiKey


class Admitted(Struct, frozen=True):
    """Whose key it is, and how much it may still ask. `wait` (seconds): it has asked too much."""

    tenant_id: UUID
    key_id: UUID
    name: str
    scopes: list[str]
    wait: float | None
    remaining: int
    full_in: float


@query("""
    select tenant_id, key_id, name, scopes, wait, remaining, full_in
    from admit_caller(%(hash)s, %(quota)s, %(span)s, %(now)s)
""")
async def admit(conn: Conn, *, hash: bytes, quota: int, span: float, now: datetime) -> Admitted | None:
    """One request of the key with that hash; `quota` of them in `span` seconds are allowed."""


@query("""
    select exists(select from api_key where id = %(id)s and tenant_id = %(tenant_id)s and revoked_at is null
                  and (expires_at is null or expires_at > %(now)s))
""")
async def is_live(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> bool:
    """Whether it still opens anything."""


@query("""
    select id, name, scopes, prefix, created_at, last_used_at, expires_at, revoked_at
    from api_key
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[ApiKey]:
    """A page of the tenant's keys, those that have ended too."""


@query("""
    select id, name, scopes, prefix, created_at, last_used_at, expires_at, revoked_at
    from api_key where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> ApiKey | None:
    """One of them."""


@query("""
    insert into api_key (tenant_id, name, hash, prefix, scopes, created_at)
    values (%(tenant_id)s, %(name)s, %(hash)s, %(prefix)s, %(scopes)s, %(now)s)
    returning id
""")
async def add(
    conn: Conn, *, tenant_id: UUID, name: str, hash: bytes, prefix: str, scopes: list[str], now: datetime
) -> UUID:
    """A key, by its SHA-256."""


@query("""
    update api_key set expires_at = %(at)s
    where id = %(id)s and tenant_id = %(tenant_id)s and revoked_at is null
      and expires_at is null
    returning id
""")
async def end(conn: Conn, id: UUID, *, tenant_id: UUID, at: datetime) -> UUID | None:
    """It opens nothing from `at` on; None where it has an end already."""


@query("""
    update api_key set revoked_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and revoked_at is null
    returning id
""")
async def revoke(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> UUID | None:
    """It opens nothing any more; None where it did not before."""
