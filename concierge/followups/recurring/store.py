"""What Postgres knows about follow-ups that come again."""

from datetime import datetime
from uuid import UUID

from concierge.followups.recurring.model import Repeating
from concierge.postgres.query import Conn, query


@query("""
    select id, tenant_id, zone, wall, rule, rule_from from task
    where rule is not null and not followed and status in ('sending', 'done', 'failed', 'expired')
      and redacted_at is null
    order by moved_at limit %(limit)s for update skip locked
""")
async def to_follow(conn: Conn, *, limit: int) -> list[Repeating]:
    """Those whose next time is not planned; another worker skips them."""


@query("""
    insert into task (tenant_id, contact_id, conversation_id, inbound_message_id, title, kind, status, due_at, zone,
                      wall, grain, quote, evidence, rule, rule_from, follows, followed, correlation_id, created_at,
                      moved_at)
    select tenant_id, contact_id, conversation_id, inbound_message_id, title, kind, 'pending', %(due_at)s, zone,
           %(wall)s, grain, quote, evidence, rule, rule_from, id, false, correlation_id, %(now)s, %(now)s
    from task where id = %(id)s and tenant_id = %(tenant_id)s
    on conflict do nothing
""")
async def add_next(conn: Conn, id: UUID, *, tenant_id: UUID, due_at: datetime, wall: datetime, now: datetime) -> None:
    """The next occurrence; once, whoever plans it."""


@query("update task set followed = true where id = %(id)s and tenant_id = %(tenant_id)s")
async def mark_followed(conn: Conn, id: UUID, *, tenant_id: UUID) -> None:
    """Nothing is left to plan after it."""


@query("""
    update task
    set followed = true,
        status = case when status in ('pending', 'snoozed', 'due', 'executing') then 'cancelled' else status end,
        reason = case when status in ('pending', 'snoozed', 'due', 'executing') then 'cancelled by ' || %(by)s
                      else reason end,
        moved_at = case when status in ('pending', 'snoozed', 'due', 'executing') then %(now)s else moved_at end
    where follows = %(id)s and tenant_id = %(tenant_id)s and rule is not null  -- else it was put off, once
    returning id
""")
async def stop_next(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """The time after that one, which comes no more unless it is on its way; None: there is none."""
