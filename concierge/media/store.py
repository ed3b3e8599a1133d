"""What Postgres knows about the files that came with messages."""

from datetime import datetime, timedelta
from uuid import UUID

from concierge.media.model import Claimed, Expired, Kept
from concierge.postgres.query import Conn, query


@query("""
    with next as (
        select id from media
        where inbound_message_id = %(inbound_message_id)s and status = 'pending' and due_at <= %(now)s
        order by n limit 1 for update skip locked
    )
    update media f
    set tries = f.tries + 1, due_at = %(now)s + %(lease)s, wake_at = %(now)s + %(lease)s
    from next, inbound_message m
    where f.id = next.id and m.id = f.inbound_message_id
    returning f.id, f.tenant_id, m.channel_account_id, f.kind, f.locator, f.mime_type, f.filename, f.size, f.sha256,
              f.tries, m.raw, m.correlation_id
""")
async def claim(conn: Conn, *, inbound_message_id: UUID, now: datetime, lease: timedelta) -> Claimed | None:
    """The next file of the message that is due; should this worker die, it is due again when the lease ends."""


@query("""
    update media set location = %(location)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'pending'
    returning true
""")
async def place(conn: Conn, id: UUID, *, tenant_id: UUID, location: str) -> bool | None:
    """On record before the file is written; None when it is not wanted any more."""


@query("""
    update media
    set status = 'stored', reason = null, mime_type = %(mime_type)s, size = %(size)s, sha256 = %(sha256)s,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'pending' and location = %(location)s
""")
async def record_stored(
    conn: Conn, id: UUID, *, tenant_id: UUID, location: str, mime_type: str, size: int, sha256: str, now: datetime
) -> None:
    """It is there."""


@query("""
    update media
    set status = %(status)s, reason = left(%(reason)s, 500), tries = tries - %(forgiven)s,
        due_at = coalesce(%(again_at)s, due_at), wake_at = coalesce(%(again_at)s, wake_at), moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'pending'
    returning true
""")
async def record_setback(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    status: str,
    reason: str,
    forgiven: int,
    again_at: datetime | None,
    now: datetime,
) -> bool | None:
    """It could not be fetched: again later, or never. None when it is not wanted any more."""


@query("""
    update media set status = 'failed', reason = left(%(reason)s, 500), moved_at = %(now)s
    where inbound_message_id = %(inbound_message_id)s and status = 'pending'
    returning id
""")
async def give_up(conn: Conn, *, inbound_message_id: UUID, reason: str, now: datetime) -> list[UUID]:
    """Every file of the message that is still to be fetched."""


@query("select tenant_id from inbound_message where id = %(inbound_message_id)s")
async def tenant_of(conn: Conn, *, inbound_message_id: UUID) -> UUID:
    """Whose message it is."""


@query("""
    with due as (
        select id from media
        where status = 'pending' and wake_at <= %(now)s
        order by wake_at limit %(limit)s
        for update skip locked
    ), woken as (
        update media f set wake_at = %(now)s + %(lease)s from due where f.id = due.id
        returning f.inbound_message_id
    )
    select distinct inbound_message_id from woken
""")
async def wake_due(conn: Conn, *, now: datetime, lease: timedelta, limit: int) -> list[UUID]:
    """Messages with a file whose wait is over, or whose job was lost; each is found once in a lease."""


@query("""
    select id, status, reason, mime_type, filename, size, location
    from media where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Kept | None:
    """One file of a tenant."""


@query("""
    update media
    set status = 'pending', reason = 'retried by ' || %(by)s, tries = 0, due_at = %(now)s, wake_at = %(now)s,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status in ('failed', 'refused')
    returning inbound_message_id
""")
async def retry(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """All tries again; None when there is no such file that was given up."""


@query("""
    with old as (
        select id from media
        where status in ('pending', 'stored', 'refused', 'failed') and created_at < %(before)s
          and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
        order by created_at limit %(limit)s for update skip locked
    ), marked as (
        update media f set status = 'expiring', locator = '', filename = null, moved_at = %(now)s
        from old where f.id = old.id returning f.tenant_id
    )
    select tenant_id from marked
""")
async def mark_old(conn: Conn, *, tenant_id: UUID | None, before: datetime, now: datetime, limit: int) -> list[UUID]:
    """Nobody gets it any more; its file is deleted next."""


@query("""
    select id, moved_at, location from media
    where status = 'expiring' and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
      and (moved_at, id) > (%(after)s, %(after_id)s)
    order by moved_at, id limit %(limit)s
""")
async def expiring(conn: Conn, *, tenant_id: UUID | None, after: datetime, after_id: UUID, limit: int) -> list[Expired]:
    """Files that are to be deleted, the oldest first."""


@query("""
    update media set status = 'gone', location = null, moved_at = %(now)s
    where id = any(%(ids)s) and status = 'expiring'
""")
async def record_gone(conn: Conn, *, ids: list[UUID], now: datetime) -> None:
    """Their files are deleted."""
