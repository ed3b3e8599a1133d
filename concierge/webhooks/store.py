"""What Postgres knows about deliveries. Who locks both an endpoint and its deliveries locks the endpoint first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from concierge.postgres.query import Conn, query
from concierge.webhooks.model import Due


@query("""
    select announce(%(tenant_id)s, %(type)s, %(subject_id)s, %(data)s, %(words)s, %(now)s)
""")
async def announce(
    conn: Conn,
    *,
    tenant_id: UUID,
    type: str,
    subject_id: UUID,
    data: Mapping[str, Any],
    words: Mapping[str, Any],
    now: datetime,
) -> None:
    """An event, and a delivery for each endpoint that wants it (sql/functions/announce.sql)."""


@query("""
    with due as (
        select e.id from webhook_endpoint e
        where e.status = 'active' and (e.busy_until is null or e.busy_until <= %(now)s)
          and exists (select from webhook_delivery d
                      where d.endpoint_id = e.id and d.status = 'pending' and d.due_at <= %(now)s)
        limit %(limit)s
        for no key update skip locked
    )
    update webhook_endpoint e set busy_until = %(until)s from due where e.id = due.id
    returning e.id
""")
async def claim_endpoints(conn: Conn, *, now: datetime, until: datetime, limit: int) -> list[UUID]:
    """Endpoints with something due that nobody delivers to; they are ours until then."""


@query("update webhook_endpoint set busy_until = null where id = %(id)s")
async def release_endpoint(conn: Conn, id: UUID) -> None:
    """Nobody delivers to it any more."""


@query("""
    with due as (
        select d.id from webhook_delivery d
        join webhook_endpoint e on e.id = d.endpoint_id and e.status = 'active'
        where d.endpoint_id = %(endpoint_id)s and d.status = 'pending' and d.due_at <= %(now)s
        order by d.due_at, d.id limit %(limit)s
        for update of d skip locked
    ), claimed as (
        update webhook_delivery d
        set attempts = d.attempts + 1, due_at = %(until)s, attempted_at = %(now)s
        from due where d.id = due.id
        returning d.id, d.tenant_id, d.endpoint_id, d.event_id, d.attempts
    )
    select c.id, c.tenant_id, c.endpoint_id, c.attempts, c.event_id, v.type, v.at, v.data,
           case when e.include_text then v.words end as words, e.url, e.secret, e.old_secret, e.old_until
    from claimed c
    join webhook_event v on v.id = c.event_id
    join webhook_endpoint e on e.id = c.endpoint_id
    order by v.id
""")
async def claim(conn: Conn, *, endpoint_id: UUID, now: datetime, until: datetime, limit: int) -> list[Due]:
    """The next deliveries of an endpoint, each counted as attempted; nobody else takes them before `until`."""


@query("""
    update webhook_endpoint set failing_since = null
    where id = %(id)s and tenant_id = %(tenant_id)s and failing_since is not null
""")
async def clear_failing(conn: Conn, id: UUID, *, tenant_id: UUID) -> None:
    """It works."""


@query("""
    update webhook_delivery
    set status = 'delivered', response_code = %(code)s, last_error = null, moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'pending' and attempts = %(attempts)s
""")
async def record_delivered(conn: Conn, id: UUID, *, tenant_id: UUID, attempts: int, code: int, now: datetime) -> None:
    """The endpoint took it."""


@query("""
    update webhook_endpoint set failing_since = coalesce(failing_since, %(now)s)
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'active'
    returning failing_since
""")
async def mark_failing(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> datetime | None:
    """Since when it fails; None when it is not told any more anyway."""


@query("""
    update webhook_delivery
    set status = case when %(retry_at)s::timestamptz is null then 'failed' else 'pending' end,
        due_at = coalesce(%(retry_at)s, due_at), response_code = %(code)s, last_error = left(%(error)s, 500),
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and status = 'pending' and attempts = %(attempts)s
""")
async def record_failure(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    attempts: int,
    code: int | None,
    error: str,
    retry_at: datetime | None,
    now: datetime,
) -> None:
    """It did not take it; `retry_at` None: there is no other attempt."""


@query("""
    with disabled as (
        update webhook_endpoint
        set status = 'disabled', reason = left(%(reason)s, 500), moved_at = %(now)s
        where id = %(id)s and tenant_id = %(tenant_id)s and status = 'active'
        returning id
    )
    update webhook_delivery d
    set status = 'failed', last_error = 'the endpoint was disabled', moved_at = %(now)s
    from disabled where d.endpoint_id = disabled.id and d.status = 'pending'
""")
async def disable(conn: Conn, id: UUID, *, tenant_id: UUID, reason: str, now: datetime) -> None:
    """It is told no more; what was under way has failed and can be replayed once it is active again."""
