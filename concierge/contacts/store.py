"""What Postgres knows about contacts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.contacts.model import Contact, Identity
from concierge.postgres.query import Conn, query


class Found(Struct, frozen=True):
    """Some rows of one table."""

    kind: str
    rows: list[dict[str, Any]]


@query("""
    select c.id, c.name, c.zone, c.tone, c.default_action, c.language, to_char(c.quiet_from, 'HH24:MI') as quiet_from,
           to_char(c.quiet_until, 'HH24:MI') as quiet_until, c.created_at, c.merged_into, c.erased_at,
           coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'channel', i.channel, 'kind', i.kind,
                                                         'value', i.value, 'created_at', i.created_at)
                                      order by i.created_at, i.id)
                     from contact_identity i where i.contact_id = c.id), '[]') as identities
    from contact c
    where c.tenant_id = %(tenant_id)s and c.merged_into is null and c.erased_at is null
      and (c.created_at, c.id) < (%(before)s, %(before_id)s)
      and (%(values)s::text[] is null
           or exists (select from contact_identity i
                      where i.tenant_id = c.tenant_id and i.contact_id = c.id and i.value = any(%(values)s)))
    order by c.created_at desc, c.id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, values: list[str] | None, before: datetime, before_id: UUID, limit: int
) -> list[Contact]:
    """A page of those that are there; `values`: who has one of these addresses."""


@query("""
    select c.id, c.name, c.zone, c.tone, c.default_action, c.language, to_char(c.quiet_from, 'HH24:MI') as quiet_from,
           to_char(c.quiet_until, 'HH24:MI') as quiet_until, c.created_at, c.merged_into, c.erased_at,
           coalesce((select jsonb_agg(jsonb_build_object('id', i.id, 'channel', i.channel, 'kind', i.kind,
                                                         'value', i.value, 'created_at', i.created_at)
                                      order by i.created_at, i.id)
                     from contact_identity i where i.contact_id = c.id), '[]') as identities
    from contact c where c.id = %(id)s and c.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Contact | None:
    """One contact, merged and erased ones, too."""


@query("select id from contact where id = any(%(ids)s) and tenant_id = %(tenant_id)s order by id for no key update")
async def hold(conn: Conn, *, ids: list[UUID], tenant_id: UUID) -> list[UUID]:
    """Those of the tenant; nobody changes them until the transaction ends."""


@query("insert into contact (tenant_id, created_at) values (%(tenant_id)s, %(now)s) returning id")
async def add(conn: Conn, *, tenant_id: UUID, now: datetime) -> UUID:
    """A contact nobody knows anything about."""


@query("""
    update contact
    set name = %(name)s, zone = %(zone)s, tone = %(tone)s, default_action = %(default_action)s,
        language = %(language)s, quiet_from = %(quiet_from)s::text::time, quiet_until = %(quiet_until)s::text::time
    where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def save(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    name: str | None,
    zone: str | None,
    tone: str | None,
    default_action: str | None,
    language: str | None,
    quiet_from: str | None,
    quiet_until: str | None,
) -> None:
    """Everything that can be changed about a contact."""


@query("""
    insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
    values (%(tenant_id)s, %(contact_id)s, %(channel)s, %(kind)s, %(value)s, %(now)s)
    on conflict (tenant_id, channel, kind, value) do nothing
    returning id, channel, kind, value, created_at
""")
async def add_identity(
    conn: Conn, *, tenant_id: UUID, contact_id: UUID, channel: str, kind: str, value: str, now: datetime
) -> Identity | None:
    """Another address; None when it is somebody's already."""


@query("""
    select contact_id from contact_identity
    where tenant_id = %(tenant_id)s and channel = %(channel)s and kind = %(kind)s and value = %(value)s
""")
async def owner(conn: Conn, *, tenant_id: UUID, channel: str, kind: str, value: str) -> UUID | None:
    """Whose address it is."""


@query("""
    select exists (select from conversation where identity_id = i.id)
        or exists (select from inbound_message m join conversation c on c.id = m.conversation_id
                   where c.contact_id = i.contact_id and m.identity_id = i.id)
        or exists (select from outbound_message o join conversation c on c.id = o.conversation_id
                   where c.contact_id = i.contact_id and o.identity_id = i.id)
    from contact_identity i
    where i.id = %(id)s and i.contact_id = %(contact_id)s and i.tenant_id = %(tenant_id)s
""")
async def is_used(conn: Conn, id: UUID, *, contact_id: UUID, tenant_id: UUID) -> bool | None:
    """Whether something was said by or to this address; None where the contact has no such address."""


@query("delete from contact_identity where id = %(id)s and tenant_id = %(tenant_id)s")
async def remove_identity(conn: Conn, id: UUID, *, tenant_id: UUID) -> None:
    """It is nobody's address any more."""


@query("select kind, rows from export_person(%(tenant_id)s, %(id)s)")
async def export(conn: Conn, id: UUID, *, tenant_id: UUID) -> list[Found]:
    """Everything about a person, by table."""
