"""What Postgres knows about endpoints, as their tenant sees and changes them."""

from datetime import datetime
from uuid import UUID

from concierge.postgres.query import Conn, query
from concierge.webhooks.model import Delivery, Endpoint


@query("""
    insert into webhook_endpoint (tenant_id, url, description, event_types, include_text, secret, created_at, moved_at)
    values (%(tenant_id)s, %(url)s, %(description)s, %(event_types)s, %(include_text)s, %(secret)s, %(now)s, %(now)s)
    returning id, url, description, event_types, include_text, status, reason, failing_since,
              old_until as old_secret_until, created_at
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    url: str,
    description: str,
    event_types: list[str],
    include_text: bool,
    secret: bytes,
    now: datetime,
) -> Endpoint:
    """A new endpoint."""


@query("""
    select id, url, description, event_types, include_text, status, reason, failing_since,
           old_until as old_secret_until, created_at
    from webhook_endpoint where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Endpoint | None:
    """One endpoint."""


@query("""
    select id, url, description, event_types, include_text, status, reason, failing_since,
           old_until as old_secret_until, created_at
    from webhook_endpoint
    where tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Endpoint]:
    """A page of the tenant's endpoints."""


@query("""
    update webhook_endpoint
    set url = coalesce(%(url)s, url), description = coalesce(%(description)s, description),
        event_types = coalesce(%(event_types)s::text[], event_types),
        include_text = coalesce(%(include_text)s, include_text),
        status = coalesce(%(status)s, status),
        reason = case when %(status)s = 'active' then null
                      when %(status)s = 'disabled' and status = 'active' then 'disabled by ' || %(by)s else reason end,
        -- it begins anew: earlier failures do not count against it
        failing_since = case when %(status)s = 'active' then null else failing_since end,
        moved_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s
    returning id, url, description, event_types, include_text, status, reason, failing_since,
              old_until as old_secret_until, created_at
""")
async def change(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    url: str | None,
    description: str | None,
    event_types: list[str] | None,
    include_text: bool | None,
    status: str | None,
    by: str,
    now: datetime,
) -> Endpoint | None:
    """Change what is given; None where there is no such endpoint."""


@query("""
    update webhook_endpoint
    -- encrypted secrets move without being read
    set old_secret = secret, old_until = %(until)s, secret = %(secret)s
    where id = %(id)s and tenant_id = %(tenant_id)s
    returning id, url, description, event_types, include_text, status, reason, failing_since,
              old_until as old_secret_until, created_at
""")
async def rotate(conn: Conn, id: UUID, *, tenant_id: UUID, secret: bytes, until: datetime) -> Endpoint | None:
    """A new secret beside the present one; what was older ends."""


@query("delete from webhook_endpoint where id = %(id)s and tenant_id = %(tenant_id)s returning id")
async def remove(conn: Conn, id: UUID, *, tenant_id: UUID) -> UUID | None:
    """It is told no more, and its log goes with it."""


@query("""
    with told as (
        -- each state by an index of its own: few deliveries wait among a million, and fewer failed
        (select id, event_id, status, attempts, due_at, attempted_at, response_code, last_error, created_at
         from webhook_delivery
         where endpoint_id = %(endpoint_id)s and tenant_id = %(tenant_id)s
           and coalesce(%(status)s::text, 'delivered') = 'delivered'
           and (%(status)s::text is null or status = 'delivered')
           and (created_at, id) < (%(before)s, %(before_id)s)
         order by created_at desc, id desc limit %(limit)s)
        union all
        (select id, event_id, status, attempts, due_at, attempted_at, response_code, last_error, created_at
         from webhook_delivery
         where endpoint_id = %(endpoint_id)s and tenant_id = %(tenant_id)s
           and %(status)s::text = 'pending' and status = 'pending'
           and (created_at, id) < (%(before)s, %(before_id)s)
         order by created_at desc, id desc limit %(limit)s)
        union all
        (select id, event_id, status, attempts, due_at, attempted_at, response_code, last_error, created_at
         from webhook_delivery
         where endpoint_id = %(endpoint_id)s and tenant_id = %(tenant_id)s
           and %(status)s::text = 'failed' and status = 'failed'
           and (created_at, id) < (%(before)s, %(before_id)s)
         order by created_at desc, id desc limit %(limit)s)
    )
    select d.id, d.event_id, v.type, v.subject_id, d.status, d.attempts,
           case when d.status = 'pending' then d.due_at end as due_at, d.attempted_at, d.response_code, d.last_error,
           d.created_at
    from told d join webhook_event v on v.id = d.event_id
    order by d.created_at desc, d.id desc
""")
async def log(
    conn: Conn,
    *,
    endpoint_id: UUID,
    tenant_id: UUID,
    status: str | None,
    before: datetime,
    before_id: UUID,
    limit: int,
) -> list[Delivery]:
    """What an endpoint was told or is to be told, the latest first."""


@query("""
    update webhook_delivery d
    set status = 'pending', attempts = 0, due_at = %(now)s, moved_at = %(now)s
    from webhook_endpoint e
    where d.endpoint_id = e.id and e.id = %(endpoint_id)s and e.tenant_id = %(tenant_id)s and e.status = 'active'
      and d.tenant_id = %(tenant_id)s and d.status <> 'pending'
      and (%(id)s::uuid is null or d.id = %(id)s)
      and (%(since)s::timestamptz is null or (d.status = 'failed' and d.created_at >= %(since)s))
    returning d.id
""")
async def replay(
    conn: Conn, *, endpoint_id: UUID, tenant_id: UUID, id: UUID | None, since: datetime | None, now: datetime
) -> list[UUID]:
    """One delivery again, or (`since`) all that failed from then on; the webhook-id stays the same."""


@query("""
    select true from webhook_delivery
    where id = %(id)s and endpoint_id = %(endpoint_id)s and tenant_id = %(tenant_id)s
""")
async def is_delivery(conn: Conn, id: UUID, *, endpoint_id: UUID, tenant_id: UUID) -> bool | None:
    """Whether the endpoint has this delivery."""
