"""What Postgres knows about bookings."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.bookings.model import Booking, Status
from concierge.postgres.query import Conn, query


@query("""
    insert into booking (tenant_id, contact_id, policy_id, policy_version, source, external_id, service, provider,
                         location, starts_at, ends_at, zone, wall, zone_rules, planned_from, source_at,
                         correlation_id, created_at, moved_at)
    values (%(tenant_id)s, %(contact_id)s, %(policy_id)s, %(policy_version)s, %(source)s, %(external_id)s,
            %(service)s, %(provider)s, %(location)s, %(starts_at)s, %(ends_at)s, %(zone)s, %(wall)s, %(zone_rules)s,
            %(now)s, %(source_at)s, %(correlation_id)s, %(now)s, %(now)s)
    on conflict (tenant_id, source, external_id) do nothing
    returning id, tenant_id, contact_id, policy_id, source, external_id, service, provider, location, starts_at,
              ends_at, zone, wall, wish, status, reason, version, schedule_version, planned_from, source_at,
              correlation_id, created_at, moved_at
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    contact_id: UUID,
    policy_id: UUID,
    policy_version: int,
    source: str,
    external_id: str | None,
    service: str,
    provider: str | None,
    location: str | None,
    starts_at: datetime,
    ends_at: datetime | None,
    zone: str,
    wall: datetime,
    zone_rules: str,
    source_at: datetime | None,
    correlation_id: str | None,
    now: datetime,
) -> Booking | None:
    """A new booking; None where its source has told us of it before."""


@query("""
    select id, tenant_id, contact_id, policy_id, source, external_id, service, provider, location, starts_at, ends_at,
           zone, wall, wish, status, reason, version, schedule_version, planned_from, source_at, correlation_id,
           created_at, moved_at
    from booking where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Booking | None:
    """A booking."""


@query("""
    select id, tenant_id, contact_id, policy_id, source, external_id, service, provider, location, starts_at, ends_at,
           zone, wall, wish, status, reason, version, schedule_version, planned_from, source_at, correlation_id,
           created_at, moved_at
    from booking where id = %(id)s and tenant_id = %(tenant_id)s
    for no key update
""")
async def hold(conn: Conn, id: UUID, *, tenant_id: UUID) -> Booking | None:
    """A booking that nobody else changes, cancels or reminds of until the transaction ends."""


@query("""
    select id from booking
    where tenant_id = %(tenant_id)s and source = %(source)s and external_id = %(external_id)s
""")
async def known_as(conn: Conn, *, tenant_id: UUID, source: str, external_id: str) -> UUID | None:
    """The booking that its source calls so."""


@query("""
    select id from booking
    where former_ids @> array[%(external_id)s::text] and former_ids <> '{}' and tenant_id = %(tenant_id)s
      and source = %(source)s
    limit 1
""")
async def formerly_known_as(conn: Conn, *, tenant_id: UUID, source: str, external_id: str) -> UUID | None:
    """The booking that its source called so before it was moved."""


@query("""
    select id, tenant_id, contact_id, policy_id, source, external_id, service, provider, location, starts_at, ends_at,
           zone, wall, wish, status, reason, version, schedule_version, planned_from, source_at, correlation_id,
           created_at, moved_at
    from booking
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
      and (%(status)s::text is null or status = %(status)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, status: Status | None, limit: int
) -> list[Booking]:
    """The tenant's, newest first."""


@query("""
    select id, tenant_id, contact_id, policy_id, source, external_id, service, provider, location, starts_at, ends_at,
           zone, wall, wish, status, reason, version, schedule_version, planned_from, source_at, correlation_id,
           created_at, moved_at
    from booking
    where contact_id = %(contact_id)s and tenant_id = %(tenant_id)s and status <> 'cancelled' and starts_at > %(now)s
    order by starts_at, id limit 10
""")
async def ahead(conn: Conn, *, contact_id: UUID, tenant_id: UUID, now: datetime) -> list[Booking]:
    """What a person has before them, the next first."""


@query("""
    update booking
    set contact_id = %(contact_id)s, policy_id = %(policy_id)s, policy_version = %(policy_version)s,
        former_ids = case when external_id is distinct from %(external_id)s then former_ids || external_id
                          else former_ids end,
        external_id = %(external_id)s, service = %(service)s,
        provider = %(provider)s, location = %(location)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s,
        zone = %(zone)s, wall = %(wall)s, zone_rules = %(zone_rules)s, wish = %(wish)s, source_at = %(source_at)s,
        status = %(status)s, reason = %(reason)s,
        schedule_version = %(schedule_version)s, planned_from = %(planned_from)s, version = version + 1,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status <> 'cancelled'
""")
async def change(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    contact_id: UUID,
    policy_id: UUID,
    policy_version: int,
    external_id: str | None,
    service: str,
    provider: str | None,
    location: str | None,
    starts_at: datetime,
    ends_at: datetime | None,
    zone: str,
    wall: datetime,
    zone_rules: str,
    wish: datetime | None,
    status: Status,
    reason: str | None,
    source_at: datetime | None,
    schedule_version: int,
    planned_from: datetime,
    now: datetime,
) -> None:
    """As it is to be; it must be held."""


@query("""
    update booking
    set status = %(status)s, reason = %(reason)s, version = version + 1,
        source_at = coalesce(%(source_at)s, source_at), moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status <> 'cancelled'
    returning id
""")
async def move(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    status: Status,
    reason: str | None,
    source_at: datetime | None,
    now: datetime,
) -> UUID | None:
    """Confirmed or cancelled; None where it was cancelled before."""


@query("""
    update booking set wish = %(wish)s, version = version + 1
    where id = %(id)s and tenant_id = %(tenant_id)s and status <> 'cancelled'
""")
async def wish(conn: Conn, id: UUID, *, tenant_id: UUID, wish: datetime) -> None:
    """When its customer would rather come."""


class Named(Struct, frozen=True):
    """A booking and whose it is."""

    id: UUID
    tenant_id: UUID


@query("""
    select id, tenant_id from (
        (select id, tenant_id, starts_at from booking
         where zone_rules < %(rules)s and status <> 'cancelled' and starts_at > %(now)s limit %(limit)s)
        union all
        (select id, tenant_id, starts_at from booking
         where zone_rules > %(rules)s and status <> 'cancelled' and starts_at > %(now)s limit %(limit)s)
    ) stale
    order by starts_at limit %(limit)s
""")
async def of_other_rules(conn: Conn, *, rules: str, now: datetime, limit: int) -> list[Named]:
    """Bookings whose instant was computed with another version of the time zone database."""


@query("update booking set zone_rules = %(rules)s where id = %(id)s and tenant_id = %(tenant_id)s")
async def keep_rules(conn: Conn, id: UUID, *, tenant_id: UUID, rules: str) -> None:
    """By today's rules its instant is the same."""


@query("""
    select id from booking
    where policy_id = %(policy_id)s and tenant_id = %(tenant_id)s and status <> 'cancelled' and starts_at > %(now)s
      and policy_version < (select version from reminder_policy where id = %(policy_id)s)
    order by policy_version, starts_at limit %(limit)s
""")
async def of_older_policy(conn: Conn, *, policy_id: UUID, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Bookings ahead that were planned by what their policy said before."""


@query("select zone from tenant where id = %(tenant_id)s")
async def zone_of(conn: Conn, *, tenant_id: UUID) -> str:
    """Where the business is."""
