"""What tenants see of summaries. Every statement is bound to the tenant of the key."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query
from concierge.summaries.model import Status


class Summary(Struct, frozen=True, kw_only=True):
    """A recap of what was said with a contact."""

    id: UUID
    contact_id: UUID
    status: Status
    reason: str | None
    due_at: datetime  # when it is written, while it waits
    range_start: datetime | None
    range_end: datetime | None
    text: str | None
    model: str | None
    prompt_version: str | None
    input_count: int | None
    input_hash: str | None
    created_at: datetime


@query("""
    select s.id, s.contact_id, s.status, s.reason, s.due_at, s.range_start, s.range_end, s.text, s.model,
           s.prompt_version, s.input_count, s.input_hash, s.created_at
    from summary s
    where s.tenant_id = %(tenant_id)s and (%(contact_id)s::uuid is null or s.contact_id = %(contact_id)s)
      and (%(status)s::text is null or s.status = %(status)s)
      and (s.created_at, s.id) < (%(before)s, %(before_id)s)
    order by s.created_at desc, s.id desc limit %(limit)s
""")
async def some(
    conn: Conn,
    *,
    tenant_id: UUID,
    contact_id: UUID | None,
    status: Status | None,
    before: datetime,
    before_id: UUID,
    limit: int,
) -> list[Summary]:
    """A page of summaries, newest first."""


@query("""
    select s.id, s.contact_id, s.status, s.reason, s.due_at, s.range_start, s.range_end, s.text, s.model,
           s.prompt_version, s.input_count, s.input_hash, s.created_at
    from summary s where s.tenant_id = %(tenant_id)s and s.id = %(id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Summary | None:
    """One summary."""


@query("""
    select s.id, s.contact_id, s.status, s.reason, s.due_at, s.range_start, s.range_end, s.text, s.model,
           s.prompt_version, s.input_count, s.input_hash, s.created_at
    from conversation c join summary s on s.contact_id = c.contact_id
    where c.id = %(conversation_id)s and c.tenant_id = %(tenant_id)s and s.status = 'success'
    order by s.created_at desc, s.id desc limit 1
""")
async def newest(conn: Conn, *, conversation_id: UUID, tenant_id: UUID) -> Summary | None:
    """The last one that was written for the conversation's contact."""


@query("select contact_id from conversation where id = %(conversation_id)s and tenant_id = %(tenant_id)s")
async def contact_of(conn: Conn, *, conversation_id: UUID, tenant_id: UUID) -> UUID | None:
    """With whom it is."""


@query("""
    select i.contact_id from contact_identity i
    where i.tenant_id = %(tenant_id)s and i.channel = %(channel)s and i.kind = %(kind)s and i.value = %(value)s
""")
async def contact_at(conn: Conn, *, tenant_id: UUID, channel: str, kind: str, value: str) -> UUID | None:
    """Whose address this is."""
