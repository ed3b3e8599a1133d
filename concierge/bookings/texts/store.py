"""What Postgres knows about the tenants' own texts."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query

TextKind = Literal["reminder", "cancellation"]


class OwnText(Struct, frozen=True, kw_only=True):
    """What a tenant says in one language."""

    id: UUID
    kind: TextKind
    language: str
    text: str
    subject: str | None
    version: int
    updated_at: datetime


@query("""
    select id, kind, language, text, subject, version, updated_at from booking_text
    where tenant_id = %(tenant_id)s and kind = %(kind)s and language = any(%(languages)s)
    order by array_position(%(languages)s::text[], language) limit 1
""")
async def find(conn: Conn, *, tenant_id: UUID, kind: TextKind, languages: list[str]) -> OwnText | None:
    """The tenant's text in the first of `languages` there is one in."""


@query("""
    select id, kind, language, text, subject, version, updated_at from booking_text
    where tenant_id = %(tenant_id)s order by kind, language
""")
async def of_tenant(conn: Conn, *, tenant_id: UUID) -> list[OwnText]:
    """Every text of the tenant; at most two a language."""


@query("""
    insert into booking_text (tenant_id, kind, language, text, subject, updated_at)
    values (%(tenant_id)s, %(kind)s, %(language)s, %(text)s, %(subject)s, %(now)s)
    on conflict (tenant_id, kind, language) do update
        set text = excluded.text, subject = excluded.subject, version = booking_text.version + 1,
            updated_at = excluded.updated_at
    returning id, kind, language, text, subject, version, updated_at
""")
async def keep(
    conn: Conn, *, tenant_id: UUID, kind: TextKind, language: str, text: str, subject: str | None, now: datetime
) -> OwnText:
    """The text from now on; what is posted already keeps its words."""


@query("""
    delete from booking_text where id = %(id)s and tenant_id = %(tenant_id)s returning id
""")
async def remove(conn: Conn, id: UUID, *, tenant_id: UUID) -> UUID | None:
    """Our own words again; None where there was no such text."""


@query("select name from tenant where id = %(tenant_id)s")
async def tenant_name(conn: Conn, *, tenant_id: UUID) -> str:
    """What the business is called."""
