"""What Postgres knows about calendars elsewhere."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Source(Struct, frozen=True, kw_only=True):
    """A calendar elsewhere that sends its bookings."""

    id: UUID
    kind: str
    name: str
    policy_id: UUID | None
    created_at: datetime


class Sender(Struct, frozen=True):
    """Whose webhook it is."""

    id: UUID
    tenant_id: UUID
    secret: bytes
    policy_id: UUID | None
    zone: str  # of the tenant


@query("""
    insert into booking_source (tenant_id, kind, name, secret, policy_id, created_at)
    values (%(tenant_id)s, 'calcom', %(name)s, %(secret)s, %(policy_id)s, %(now)s)
    on conflict (tenant_id, name) where removed_at is null do nothing
    returning id, kind, name, policy_id, created_at
""")
async def add(
    conn: Conn, *, tenant_id: UUID, name: str, secret: bytes, policy_id: UUID | None, now: datetime
) -> Source | None:
    """A new one; None where one has the name already."""


@query("""
    select id, kind, name, policy_id, created_at from booking_source
    where tenant_id = %(tenant_id)s and removed_at is null and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Source]:
    """The tenant's, newest first."""


@query("""
    update booking_source set removed_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and removed_at is null
    returning id
""")
async def remove(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> UUID | None:
    """Its webhook is not taken any more; its bookings stay."""


@query("""
    select s.id, s.tenant_id, s.secret, s.policy_id, t.zone
    from booking_source s join tenant t on t.id = s.tenant_id
    where s.id = %(id)s and s.removed_at is null
""")
async def sender(conn: Conn, id: UUID) -> Sender | None:
    """Whose webhook it is; the signature proves it."""
