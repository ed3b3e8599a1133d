"""What Postgres does when a person is forgotten (sql/functions/erase_person.sql)."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Erased(Struct, frozen=True):
    """Somebody who was erased."""

    id: UUID
    tenant_id: UUID


@query("select erase_person(%(tenant_id)s, %(id)s, %(now)s)")
async def erase(conn: Conn, id: UUID, *, tenant_id: UUID, now: datetime) -> None:
    """Everything about them, and about whoever turned out to be them."""


@query("""
    update contact set erase_again_at = %(at)s where id = %(id)s and tenant_id = %(tenant_id)s
""")
async def erase_again(conn: Conn, id: UUID, *, tenant_id: UUID, at: datetime) -> None:
    """Once more, then."""


@query("""
    select exists (select from conversation c join outbound_message o on o.conversation_id = c.id
                   where c.contact_id = %(contact_id)s and c.tenant_id = %(tenant_id)s and o.status = 'sending')
""")
async def is_being_told(conn: Conn, *, contact_id: UUID, tenant_id: UUID) -> bool:
    """Whether a provider has a message to them in hand."""


@query("""
    with due as (
        select id from contact where erase_again_at <= %(now)s
        order by erase_again_at limit %(limit)s for update skip locked
    )
    update contact c set erase_again_at = null from due where c.id = due.id
    returning c.id, c.tenant_id
""")
async def to_erase_again(conn: Conn, *, now: datetime, limit: int) -> list[Erased]:
    """Those whose time has come; each is found once."""
