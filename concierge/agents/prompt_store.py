"""What Postgres knows about prompts. Every statement is bound to the tenant of the key."""

from datetime import datetime
from uuid import UUID

from concierge.agents.model import Prompt, Version
from concierge.postgres.query import Conn, query


@query("""
    select r.id, r.name, r.external_id, v.number, v.text, r.created_at
    from prompt r
    left join lateral (select number, text from prompt_version v where v.prompt_id = r.id
                       order by number desc limit 1) v on true
    where r.tenant_id = %(tenant_id)s and (r.created_at, r.id) < (%(before)s, %(before_id)s)
      and (%(external_id)s::text is null or r.external_id = %(external_id)s)
    order by r.created_at desc, r.id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, external_id: str | None, before: datetime, before_id: UUID, limit: int
) -> list[Prompt]:
    """Prompts with their newest text, newest first; `external_id`: the one that others call so."""


@query("""
    select r.id, r.name, r.external_id, v.number, v.text, r.created_at
    from prompt r
    left join lateral (select number, text from prompt_version v where v.prompt_id = r.id
                       order by number desc limit 1) v on true
    where r.id = %(id)s and r.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Prompt | None:
    """One prompt with its newest text."""


@query("""
    insert into prompt (tenant_id, name, external_id, created_at)
    values (%(tenant_id)s, %(name)s, %(external_id)s, %(now)s)
    on conflict do nothing
    returning id
""")
async def add(conn: Conn, *, tenant_id: UUID, name: str, external_id: str | None, now: datetime) -> UUID | None:
    """A prompt without a text; None where the name or the external id is taken."""


@query("select id from prompt where tenant_id = %(tenant_id)s and external_id = %(external_id)s")
async def by_external_id(conn: Conn, *, tenant_id: UUID, external_id: str) -> UUID | None:
    """The prompt that a model provider calls so."""


@query("""
    update prompt r set name = %(name)s, external_id = %(external_id)s
    where r.id = %(id)s and r.tenant_id = %(tenant_id)s
      and not exists (select from prompt o where o.tenant_id = r.tenant_id and o.id <> r.id
                      and (o.name = %(name)s or o.external_id = %(external_id)s))
    returning r.id
""")
async def change(conn: Conn, id: UUID, *, tenant_id: UUID, name: str, external_id: str | None) -> UUID | None:
    """Other names; None where one is taken."""


@query("select id from prompt where id = %(id)s and tenant_id = %(tenant_id)s for no key update")
async def lock(conn: Conn, id: UUID, *, tenant_id: UUID) -> UUID | None:
    """Whoever else adds a version waits until this transaction ends."""


@query("""
    insert into prompt_version (tenant_id, prompt_id, number, text, published_by, created_at)
    select %(tenant_id)s, %(prompt_id)s, 1 + coalesce(max(number), 0), %(text)s, %(by)s, %(now)s
    from prompt_version where prompt_id = %(prompt_id)s
    returning id, prompt_id, number, text, created_at
""")
async def add_version(conn: Conn, *, tenant_id: UUID, prompt_id: UUID, text: str, by: str, now: datetime) -> Version:
    """The next text; the prompt must be locked."""


@query("""
    select id, prompt_id, number, text, created_at from prompt_version
    where prompt_id = %(prompt_id)s and tenant_id = %(tenant_id)s and (created_at, id) < (%(before)s, %(before_id)s)
    order by created_at desc, id desc limit %(limit)s
""")
async def versions(
    conn: Conn, *, prompt_id: UUID, tenant_id: UUID, before: datetime, before_id: UUID, limit: int
) -> list[Version]:
    """The texts of a prompt, newest first."""


@query("""
    select id, prompt_id, number, text, created_at from prompt_version
    where prompt_id = %(prompt_id)s and tenant_id = %(tenant_id)s and number = %(number)s
""")
async def version(conn: Conn, *, prompt_id: UUID, tenant_id: UUID, number: int) -> Version | None:
    """One text of a prompt."""
