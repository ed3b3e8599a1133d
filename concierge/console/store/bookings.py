"""What Postgres knows about bookings, for the pages."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.console.listing import Looked
from concierge.postgres.query import Conn, query


class Line(Struct, frozen=True):
    """A booking in a list, with the next message about it."""

    id: UUID
    service: str
    person: str | None
    status: str
    starts_at: datetime
    zone: str
    wall: datetime
    wish: datetime | None
    next_reminder: datetime | None
    created_at: datetime


class Planned(Struct, frozen=True):
    """A reminder of one of the booking's plans, and what became of its message."""

    id: UUID
    schedule_version: int
    n: int
    due_at: datetime
    status: str
    reason: str | None
    outbound_message_id: UUID | None
    message_status: str | None
    message_reason: str | None
    moved_at: datetime


class Customer(Struct, frozen=True):
    """Who comes."""

    id: UUID
    name: str | None
    addresses: list[str]


@query("""
    select b.id, b.service, p.name as person, b.status, b.starts_at, b.zone, b.wall, b.wish, b.created_at,
           (select min(r.due_at) from reminder r where r.booking_id = b.id and r.status = 'planned') as next_reminder
    from (select id, service, status, starts_at, zone, wall, wish, created_at, contact_id
          from booking
          where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
          order by created_at desc, id desc limit %(looked)s) b
    join contact p on p.id = b.contact_id
    where %(status)s::text is null or b.status = %(status)s
    order by b.created_at desc, b.id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, status: str | None, before: datetime, before_id: UUID, looked: int, limit: int
) -> list[Line]:
    """Bookings, the newest first, of so many that are looked at."""


@query("""
    select created_at, id from booking
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc offset %(looked)s::int - 1 limit 1
""")
async def end_of_walk(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, looked: int) -> Looked | None:
    """The last one that `some` looks at; None where it comes to the end."""


@query("""
    select b.id, b.service, p.name as person, b.status, b.starts_at, b.zone, b.wall, b.wish, b.created_at,
           (select min(r.due_at) from reminder r where r.booking_id = b.id and r.status = 'planned') as next_reminder
    from booking b join contact p on p.id = b.contact_id
    where b.tenant_id = %(tenant_id)s and (b.starts_at, b.id) > (%(after)s, %(after_id)s)
      and b.starts_at >= %(now)s and b.status <> 'cancelled'
    order by b.starts_at, b.id limit %(limit)s
""")
async def ahead(
    conn: Conn, *, tenant_id: UUID, now: datetime, after: datetime, after_id: UUID, limit: int
) -> list[Line]:
    """Who comes, the next first."""


@query("""
    select r.id, r.schedule_version, r.n, r.due_at, r.status, r.reason, r.outbound_message_id,
           o.status as message_status, o.reason as message_reason, r.moved_at
    from reminder r left join outbound_message o on o.id = r.outbound_message_id
    where r.booking_id = %(booking_id)s and r.tenant_id = %(tenant_id)s
    order by r.schedule_version desc, r.n limit 1100
""")
async def plans(conn: Conn, *, booking_id: UUID, tenant_id: UUID) -> list[Planned]:
    """Every plan the booking had, the present one first."""


@query("""
    select p.id, p.name,
           array(select i.channel || ' ' || i.value from contact_identity i
                 where i.contact_id = p.id order by i.channel, i.value limit 20) as addresses
    from contact p where p.id = %(id)s and p.tenant_id = %(tenant_id)s
""")
async def customer(conn: Conn, id: UUID, *, tenant_id: UUID) -> Customer | None:
    """Who comes, and where they are reached."""
