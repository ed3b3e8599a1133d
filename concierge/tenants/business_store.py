"""What Postgres knows about businesses."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query
from concierge.tenants.model import Business


@query("""
    insert into tenant (name, zone, external_id, email, created_at)
    values (%(name)s, %(zone)s, %(external_id)s, %(email)s, %(now)s)
    returning id, external_id, name, email, zone, language, tone, default_action, unknown_senders,
              to_char(quiet_from, 'HH24:MI') as quiet_from, to_char(quiet_until, 'HH24:MI') as quiet_until,
              send_gap_seconds, created_at
""")
async def add(
    conn: Conn, *, name: str, zone: str, external_id: str | None, email: str | None, now: datetime
) -> Business:
    """A new one. Raises UniqueViolation."""


@query("""
    select id, external_id, name, email, zone, language, tone, default_action, unknown_senders,
           to_char(quiet_from, 'HH24:MI') as quiet_from, to_char(quiet_until, 'HH24:MI') as quiet_until,
           send_gap_seconds, created_at
    from tenant
    where (%(tenant_id)s::uuid is null or id = %(tenant_id)s) and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID | None, before: datetime, before_id: UUID, limit: int) -> list[Business]:
    """A page of one, or (None) of all."""


@query("""
    select id, external_id, name, email, zone, language, tone, default_action, unknown_senders,
           to_char(quiet_from, 'HH24:MI') as quiet_from, to_char(quiet_until, 'HH24:MI') as quiet_until,
           send_gap_seconds, created_at
    from tenant where id = %(id)s
""")
async def find(conn: Conn, id: UUID) -> Business | None:
    """One of them."""


@query("""
    select id from tenant where external_id = %(name)s or id::text = lower(%(name)s)
    order by external_id is not distinct from %(name)s limit 1
""")
async def named(conn: Conn, *, name: str) -> UUID | None:
    """The tenant that has this id, or that its own systems call so."""


@query("""
    update tenant
    set name = %(name)s, zone = %(zone)s, language = %(language)s, tone = %(tone)s,
        default_action = %(default_action)s, unknown_senders = %(unknown_senders)s,
        quiet_from = %(quiet_from)s::text::time, quiet_until = %(quiet_until)s::text::time,
        send_gap_seconds = %(send_gap_seconds)s
    where id = %(id)s
    returning id, external_id, name, email, zone, language, tone, default_action, unknown_senders,
              to_char(quiet_from, 'HH24:MI') as quiet_from, to_char(quiet_until, 'HH24:MI') as quiet_until,
              send_gap_seconds, created_at
""")
async def change(
    conn: Conn,
    id: UUID,
    *,
    name: str,
    zone: str,
    language: str,
    tone: str,
    default_action: str,
    unknown_senders: str,
    quiet_from: str | None,
    quiet_until: str | None,
    send_gap_seconds: float | None,
) -> Business:
    """What it wants now."""
