"""What Postgres knows about reminder policies."""

from datetime import datetime, time, timedelta
from uuid import UUID

from concierge.bookings.policies.model import Moves, Policy
from concierge.postgres.query import Conn, query


@query("""
    insert into reminder_policy (tenant_id, name, usual, every, before, most, quiet_from, quiet_until, late, channels,
                                 moves, created_at, updated_at)
    values (%(tenant_id)s, %(name)s, %(usual)s, %(every)s, %(before)s::interval[], %(most)s, %(quiet_from)s,
            %(quiet_until)s, %(late)s, %(channels)s, %(moves)s, %(now)s, %(now)s)
    on conflict (tenant_id, name) do nothing
    returning id, name, usual, every, before, most, quiet_from, quiet_until, late, channels, moves, version, created_at
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    name: str,
    usual: bool,
    every: timedelta | None,
    before: list[timedelta],
    most: int | None,
    quiet_from: time | None,
    quiet_until: time | None,
    late: timedelta | None,
    channels: list[str],
    moves: Moves,
    now: datetime,
) -> Policy | None:
    """A new policy; None where one has the name already."""


@query("""
    select id, name, usual, every, before, most, quiet_from, quiet_until, late, channels, moves, version, created_at
    from reminder_policy where id = %(id)s and tenant_id = %(tenant_id)s
    for share
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Policy | None:
    """One of the tenant's, which nobody changes until the transaction ends: what is planned by it is found then."""


@query("""
    select id, name, usual, every, before, most, quiet_from, quiet_until, late, channels, moves, version, created_at
    from reminder_policy where id = %(id)s and tenant_id = %(tenant_id)s
    for update
""")
async def hold(conn: Conn, id: UUID, *, tenant_id: UUID) -> Policy | None:
    """One of the tenant's, which is about to be changed: whoever plans by it waits."""


@query("""
    select id, name, usual, every, before, most, quiet_from, quiet_until, late, channels, moves, version, created_at
    from reminder_policy where tenant_id = %(tenant_id)s and name = %(name)s
    for share
""")
async def named(conn: Conn, *, tenant_id: UUID, name: str) -> Policy | None:
    """The one of that name."""


@query("""
    select id, name, usual, every, before, most, quiet_from, quiet_until, late, channels, moves, version, created_at
    from reminder_policy where tenant_id = %(tenant_id)s and usual
    for share
""")
async def usual(conn: Conn, *, tenant_id: UUID) -> Policy | None:
    """The one that holds for bookings that name none."""


@query("""
    select id, name, usual, every, before, most, quiet_from, quiet_until, late, channels, moves, version, created_at
    from reminder_policy where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Policy]:
    """The tenant's, newest first."""


@query("update reminder_policy set usual = false where tenant_id = %(tenant_id)s and usual and id <> %(id)s")
async def unusual(conn: Conn, *, tenant_id: UUID, id: UUID) -> None:
    """No other one holds for bookings that name none."""


@query("""
    update reminder_policy
    set name = %(name)s, usual = %(usual)s, every = %(every)s, before = %(before)s::interval[], most = %(most)s,
        quiet_from = %(quiet_from)s, quiet_until = %(quiet_until)s, late = %(late)s, channels = %(channels)s,
        moves = %(moves)s, version = version + %(step)s, updated_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
    returning id, name, usual, every, before, most, quiet_from, quiet_until, late, channels, moves, version, created_at
""")
async def change(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    step: int,
    name: str,
    usual: bool,
    every: timedelta | None,
    before: list[timedelta],
    most: int | None,
    quiet_from: time | None,
    quiet_until: time | None,
    late: timedelta | None,
    channels: list[str],
    moves: Moves,
    now: datetime,
) -> Policy:
    """As it is to be; it must be held."""


@query("""
    delete from reminder_policy p
    where p.id = %(id)s and p.tenant_id = %(tenant_id)s and not p.usual
      and not exists (select from booking b where b.policy_id = p.id)
      and not exists (select from booking_source s where s.policy_id = p.id)
    returning p.id
""")
async def remove(conn: Conn, id: UUID, *, tenant_id: UUID) -> UUID | None:
    """Forget one that nothing uses; None where something does, or there is none."""
