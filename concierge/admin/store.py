"""What operators ask. Every statement is bound to the tenant of the key."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class FailedTask(Struct, frozen=True, rename="camel"):
    """A follow-up that could not be done."""

    id: UUID
    title: str
    kind: str
    status: str
    reason: str | None
    due_at: datetime | None
    zone: str
    failed_at: datetime


class FailedMessage(Struct, frozen=True, rename="camel"):
    """An outbound message that nobody will send again by itself."""

    id: UUID
    kind: str
    channel: str
    status: str
    reason: str | None
    attempts: int
    created_at: datetime
    failed_at: datetime


class ParkedConversation(Struct, frozen=True, rename="camel"):
    """A conversation whose newest messages could not be handled."""

    id: UUID
    channel: str
    reason: str | None
    waiting: int
    parked_at: datetime


class Happened(Struct, frozen=True, rename="camel"):
    """One event of a timeline."""

    id: int
    type: str
    from_status: str | None
    to_status: str | None
    detail: str | None
    correlation_id: str | None
    at: datetime


@query("""
    select id, title, kind, status, reason, due_at, zone, moved_at as failed_at
    from task where tenant_id = %(tenant_id)s and status = 'failed'
    order by moved_at desc limit %(limit)s
""")
async def failed_tasks(conn: Conn, *, tenant_id: UUID, limit: int) -> list[FailedTask]:
    """The latest failures first."""


@query("""
    with given_up as (
        -- each part is in the order of its index: with one `or` all there are would be sorted
        (select id, moved_at from outbound_message where tenant_id = %(tenant_id)s and status = 'failed'
         order by moved_at desc limit %(limit)s)
        union all
        (select id, moved_at from outbound_message
         where tenant_id = %(tenant_id)s and status = 'unknown' and escalated_at is not null
         order by moved_at desc limit %(limit)s)
    )
    select o.id, o.kind, a.channel, o.status, o.reason, o.created_at, o.moved_at as failed_at,
           (select count(*) from delivery_attempt d where d.outbound_message_id = o.id) as attempts
    from given_up join outbound_message o using (id) join channel_account a on a.id = o.channel_account_id
    order by given_up.moved_at desc limit %(limit)s
""")
async def failed_messages(conn: Conn, *, tenant_id: UUID, limit: int) -> list[FailedMessage]:
    """The latest failures first."""


@query("""
    select c.id, a.channel, c.parked_reason as reason, c.last_seq - c.handled_seq as waiting, c.parked_at
    from conversation c join channel_account a on a.id = c.channel_account_id
    where c.tenant_id = %(tenant_id)s and c.parked_at is not null
    order by c.parked_at desc limit %(limit)s
""")
async def parked_conversations(conn: Conn, *, tenant_id: UUID, limit: int) -> list[ParkedConversation]:
    """The latest first."""


@query("""
    select e.id, e.type, e.from_status, e.to_status, e.detail, e.correlation_id, e.at
    from event e
    where e.tenant_id = %(tenant_id)s
      and (e.subject_id = %(id)s
           or e.subject_id in (select o.id from task t join outbound_message o on o.tenant_id = t.tenant_id
                               where t.id = %(id)s and t.tenant_id = %(tenant_id)s and o.id = t.reminder_id))
    order by e.id
""")
async def timeline(conn: Conn, id: UUID, *, tenant_id: UUID) -> list[Happened]:
    """Everything that happened to a thing, a task's reminder included, in order."""


@query("select true from task where id = %(id)s and tenant_id = %(tenant_id)s")
async def is_task(conn: Conn, id: UUID, *, tenant_id: UUID) -> bool | None:
    """Whether the tenant has this task."""


@query("select true from outbound_message where id = %(id)s and tenant_id = %(tenant_id)s")
async def is_message(conn: Conn, id: UUID, *, tenant_id: UUID) -> bool | None:
    """Whether the tenant has this message."""


@query("""
    update notification set acknowledged_at = %(now)s
    where subject_id = %(subject_id)s and tenant_id = %(tenant_id)s and acknowledged_at is null
""")
async def acknowledge(conn: Conn, *, subject_id: UUID, tenant_id: UUID, now: datetime) -> None:
    """An operator has seen to it."""


@query("""
    with noted as (
        insert into event (tenant_id, subject, subject_id, type, detail, at)
        select %(tenant_id)s, 'conversation', id, 'conversation.retried', %(detail)s, %(now)s
        from unnest(%(ids)s::uuid[]) id
    )
    update notification set acknowledged_at = %(now)s
    where subject_id = any(%(ids)s) and tenant_id = %(tenant_id)s and acknowledged_at is null
""")
async def note_retried(conn: Conn, *, ids: list[UUID], tenant_id: UUID, detail: str, now: datetime) -> None:
    """An operator has seen to these conversations, and `detail` says who."""


class Account(Struct, frozen=True, rename="camel"):
    """A channel account: its state, and how it sends."""

    id: UUID
    channel: str
    external_id: str
    transport: str
    status: str
    reason: str | None
    resume_at: datetime | None
    rate: float | None
    burst: int | None
    fallback: str | None


class Unsent(Struct, frozen=True, rename="camel"):
    """A message that has not been sent yet, or will not be."""

    id: UUID
    kind: str
    channel: str
    status: str
    reason: str | None
    wake_at: datetime | None
    expires_at: datetime | None
    created_at: datetime


@query("""
    select id, channel, external_id, transport, status, reason, resume_at, (settings ->> 'rate')::float as rate,
           (settings ->> 'burst')::int as burst, settings ->> 'fallback' as fallback
    from channel_account where tenant_id = %(tenant_id)s order by channel, external_id
""")
async def accounts(conn: Conn, *, tenant_id: UUID) -> list[Account]:
    """Every account of the tenant."""


@query("select true from channel_account where id = %(id)s and tenant_id = %(tenant_id)s")
async def is_account(conn: Conn, id: UUID, *, tenant_id: UUID) -> bool | None:
    """Whether the tenant has this account."""


@query("""
    select o.id, o.kind, a.channel, o.status, o.reason, o.wake_at, o.expires_at, o.created_at
    from outbound_message o join channel_account a on a.id = o.channel_account_id
    where o.tenant_id = %(tenant_id)s and o.status in ('queued', 'held', 'blocked')
    order by o.moved_at desc limit %(limit)s
""")
async def unsent_messages(conn: Conn, *, tenant_id: UUID, limit: int) -> list[Unsent]:
    """The latest first."""
