"""Follow-ups, as the API shows them, and the moves it makes."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.followups.model import Kind, Status
from concierge.postgres.query import Conn, query


class FollowUp(Struct, frozen=True, kw_only=True):
    """Something to be done later. `wall` in `zone` is what was meant by `due_at`; `quote` is how that was said.

    `evidence` is what of the message `inbound_message_id` asks for it, word for word. `rule` (RFC 5545, from the first
    time on) says when it comes again; each time is a follow-up of its own.
    """

    id: UUID
    title: str
    kind: Kind
    status: Status
    reason: str | None
    due_at: datetime | None
    zone: str
    wall: datetime | None
    quote: str | None
    evidence: str | None
    rule: str | None
    draft: str | None
    contact_id: UUID
    conversation_id: UUID
    inbound_message_id: UUID | None
    reminder_id: UUID | None
    round: int
    created_at: datetime
    moved_at: datetime


@query("""
    select id, title, kind, status, reason, due_at, zone, wall, quote, evidence, rule, draft, contact_id,
           conversation_id, inbound_message_id, reminder_id, round, created_at, moved_at
    from task
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
      and (%(status)s::text is null or status = %(status)s)
      and (%(contact_id)s::uuid is null or contact_id = %(contact_id)s)
      and (%(conversation_id)s::uuid is null or conversation_id = %(conversation_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(
    conn: Conn,
    *,
    tenant_id: UUID,
    status: Status | None,
    contact_id: UUID | None,
    conversation_id: UUID | None,
    before: datetime,
    before_id: UUID,
    limit: int,
) -> list[FollowUp]:
    """A page of them, newest first."""


@query("""
    select id, title, kind, status, reason, due_at, zone, wall, quote, evidence, rule, draft, contact_id,
           conversation_id, inbound_message_id, reminder_id, round, created_at, moved_at
    from task where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> FollowUp | None:
    """One of them."""


@query("select true from task where id = %(id)s and tenant_id = %(tenant_id)s for update")
async def lock(conn: Conn, id: UUID, *, tenant_id: UUID) -> bool | None:
    """Nobody moves it until the transaction ends; None: there is no such one."""


@query("""
    insert into task (tenant_id, contact_id, conversation_id, title, kind, status, due_at, zone, wall, grain,
                      correlation_id, created_at, moved_at)
    select c.tenant_id, c.contact_id, c.id, %(title)s, %(kind)s, 'pending', %(due_at)s,
           coalesce(%(zone)s, p.zone, t.zone),
           %(due_at)s at time zone coalesce(%(zone)s, p.zone, t.zone), 'minute', %(correlation_id)s, %(now)s, %(now)s
    from conversation c
    join contact p on p.id = c.contact_id
    join tenant t on t.id = c.tenant_id
    where c.id = %(conversation_id)s and c.tenant_id = %(tenant_id)s
    returning id
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    conversation_id: UUID,
    title: str,
    kind: Kind,
    due_at: datetime,
    zone: str | None,
    correlation_id: str | None,
    now: datetime,
) -> UUID | None:
    """A follow-up that a system of the tenant wants; None where it has no such conversation."""


@query("""
    update task
    set title = %(title)s, kind = %(kind)s, zone = %(zone)s,
        due_at = %(due_at)s, wall = %(due_at)s at time zone %(zone)s,
        status = case when status = 'needs_clarification' and %(due_at)s::timestamptz is not null then 'pending'
                      else status end,
        reason = case when status = 'needs_clarification' and %(due_at)s::timestamptz is not null then null
                      else reason end,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status in ('needs_clarification', 'pending', 'snoozed')
    returning id
""")
async def change(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    title: str,
    kind: Kind,
    due_at: datetime | None,
    zone: str,
    now: datetime,
) -> UUID | None:
    """Otherwise than it was found; with a time, nothing needs to be asked any more. None: it is too late."""


@query("""
    update task
    set status = 'snoozed', reason = 'snoozed by ' || %(by)s, due_at = %(until)s, wall = %(until)s at time zone zone,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status in ('pending', 'due')
    returning id
""")
async def snooze(conn: Conn, id: UUID, *, tenant_id: UUID, until: datetime, by: str, now: datetime) -> UUID | None:
    """Later. None: it does not wait."""


@query("""
    update task
    set due_at = %(until)s, wall = %(until)s at time zone zone, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'snoozed'
    returning id
""")
async def snooze_on(conn: Conn, id: UUID, *, tenant_id: UUID, until: datetime, now: datetime) -> UUID | None:
    """Later still. None: it is not snoozed."""


@query("""
    update task set status = 'pending', reason = null, moved_at = %(now)s
    where id in (select id from task where status = 'snoozed' and due_at <= %(now)s
                 order by due_at limit %(limit)s for update skip locked)
""")
async def wake_snoozed(conn: Conn, *, now: datetime, limit: int) -> None:
    """Tasks whose snooze is over wait no longer."""


@query("""
    update task set status = 'done', reason = 'completed by ' || %(by)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status in ('pending', 'snoozed', 'failed')
    returning id
""")
async def complete(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """It is done without us. None: there is nothing to complete."""


@query("""
    update task set status = 'cancelled', reason = 'cancelled by ' || %(by)s, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
      and status in ('needs_clarification', 'pending', 'snoozed', 'due', 'executing', 'failed')
    returning id
""")
async def cancel(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """It is not wanted. None: it was done, or is on its way."""
