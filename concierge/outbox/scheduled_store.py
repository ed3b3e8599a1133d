"""What Postgres knows about messages that nobody has claimed yet."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Unclaimed(Struct, frozen=True):
    """A message, and where it is to be said."""

    conversation_id: UUID
    channel: str
    by_template: bool


@query("""
    select o.conversation_id, a.channel, coalesce(o.payload #>> '{extra,type}' = 'template', false) as by_template
    from outbound_message o join channel_account a on a.id = o.channel_account_id
    where o.id = %(id)s and o.tenant_id = %(tenant_id)s
    for update of o
""")
async def hold(conn: Conn, id: UUID, *, tenant_id: UUID) -> Unclaimed | None:
    """A message of the tenant; nobody claims it until the transaction ends."""


@query("""
    update outbound_message o
    set payload = payload || jsonb_strip_nulls(
            jsonb_build_object('text', %(text)s::text, 'subject', %(subject)s::text)),
        -- what would be too late at its new time has seven days from then, as if it were posted for it
        expires_at = case when not %(keep_expiry)s then %(expires_at)s
                          when expires_at <= %(send_at)s::timestamptz then %(send_at)s::timestamptz + interval '7 days'
                          else expires_at end,
        send_at = coalesce(%(send_at)s, send_at),
        due_at = coalesce(%(send_at)s, due_at),
        -- what waits in the line leaves it for the new time; what is held for quiet hours, too
        status = case when %(send_at)s::timestamptz is null then status else 'scheduled' end,
        wake_at = case when %(send_at)s::timestamptz is null then wake_at end,
        place_at = case when %(send_at)s::timestamptz is null then place_at end,
        reason = case when %(send_at)s::timestamptz is null then reason end,
        extra = null, version = version + 1, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status in ('scheduled', 'queued', 'held') and tries = 0
      -- one of several parts of a long text cannot be changed by itself
      and coalesce((payload ->> 'part')::int, 1) = 1
      and not exists (select from outbound_message p
                      where p.conversation_id = o.conversation_id and p.dedupe_key = o.dedupe_key || ':part:2')
    returning id
""")
async def edit(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    text: str | None,
    subject: str | None,
    send_at: datetime | None,
    keep_expiry: bool,
    expires_at: datetime | None,
    now: datetime,
) -> UUID | None:
    """Other words or another time, what is null stays; None when somebody has claimed it."""


@query("""
    with first as (
        update outbound_message
        set status = 'cancelled', reason = %(reason)s, wake_at = null, place_at = null, version = version + 1,
            moved_at = %(now)s
        where id = %(id)s and tenant_id = %(tenant_id)s and status in ('scheduled', 'queued', 'held', 'blocked')
          and tries = 0
        returning id, conversation_id, dedupe_key
    ), others as (
        update outbound_message o
        set status = 'cancelled', reason = %(reason)s, wake_at = null, place_at = null, version = o.version + 1,
            moved_at = %(now)s
        from first f
        where o.conversation_id = f.conversation_id and starts_with(o.dedupe_key, f.dedupe_key || ':part:')
          and o.status in ('scheduled', 'queued', 'held', 'blocked')
    )
    select id from first
""")
async def cancel(conn: Conn, id: UUID, *, tenant_id: UUID, reason: str, now: datetime) -> UUID | None:
    """It is not said, nor are the parts behind it; None when somebody has claimed it."""
