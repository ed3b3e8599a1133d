"""What Postgres knows about notifications, as people see them. They are written by concierge.notifications."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Notification(Struct, frozen=True, kw_only=True):
    """Something a human should look at. subject: the table of what it is about."""

    id: UUID
    subject: str
    subject_id: UUID
    kind: str
    text: str
    created_at: datetime
    snoozed_until: datetime | None
    acknowledged_at: datetime | None


@query("""
    select id, subject, subject_id, kind, text, created_at, snoozed_until, acknowledged_at
    from notification
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
      and case %(status)s when 'all' then true
                          when 'acknowledged' then acknowledged_at is not null
                          when 'snoozed' then acknowledged_at is null and snoozed_until > %(now)s
                          else acknowledged_at is null and (snoozed_until is null or snoozed_until <= %(now)s) end
    order by created_at desc, id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, status: str, now: datetime, before: datetime, before_id: UUID, limit: int
) -> list[Notification]:
    """A page of them."""


@query("""
    select id, subject, subject_id, kind, text, created_at, snoozed_until, acknowledged_at
    from notification where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Notification | None:
    """One of them."""


@query("""
    update notification set snoozed_until = %(until)s
    where id = %(id)s and tenant_id = %(tenant_id)s
    returning id, subject, subject_id, kind, text, created_at, snoozed_until, acknowledged_at
""")
async def snooze(conn: Conn, id: UUID, *, tenant_id: UUID, until: datetime) -> Notification | None:
    """Not shown until then; None where there is no such one."""


@query("""
    update notification set acknowledged_at = coalesce(acknowledged_at, %(now)s)
    where id = %(id)s and tenant_id = %(tenant_id)s
    returning id, subject, subject_id, kind, text, created_at, snoozed_until, acknowledged_at
""")
async def acknowledge(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> Notification | None:
    """Seen to; None where there is no such one."""
