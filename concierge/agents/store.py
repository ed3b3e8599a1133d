"""What Postgres knows about agents. Every statement is bound to the tenant of the key."""

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from concierge.agents.model import Agent
from concierge.postgres.query import Conn, query


class Place(Struct, frozen=True):
    """An account, and who answers there now."""

    id: UUID
    agent_id: UUID | None


@query("""
    select g.id, g.name, g.channel_account_id, a.channel, g.live, g.skills, g.settings, g.models, g.prompt_id,
           g.quiet_seconds, g.answer_within_seconds, g.created_at, g.updated_at, g.archived_at
    from agent g join channel_account a on a.id = g.channel_account_id
    where g.tenant_id = %(tenant_id)s and (g.live or %(archived)s)
      and (g.created_at, g.id) < (%(before)s, %(before_id)s)
    order by g.created_at desc, g.id desc limit %(limit)s
""")
async def some(
    conn: Conn, *, tenant_id: UUID, archived: bool, before: datetime, before_id: UUID, limit: int
) -> list[Agent]:
    """Agents, newest first; `archived` ones too, or the live ones alone."""


@query("""
    select g.id, g.name, g.channel_account_id, a.channel, g.live, g.skills, g.settings, g.models, g.prompt_id,
           g.quiet_seconds, g.answer_within_seconds, g.created_at, g.updated_at, g.archived_at
    from agent g join channel_account a on a.id = g.channel_account_id
    where g.id = %(id)s and g.tenant_id = %(tenant_id)s
""")
async def find(conn: Conn, id: UUID, *, tenant_id: UUID) -> Agent | None:
    """One agent, archived or not."""


@query("select id from agent where id = %(id)s and tenant_id = %(tenant_id)s for update")
async def lock(conn: Conn, id: UUID, *, tenant_id: UUID) -> UUID | None:
    """Whoever else wants to change it waits until this transaction ends."""


@query("select external_id from channel_account where id = %(id)s and tenant_id = %(tenant_id)s")
async def number(conn: Conn, id: UUID, *, tenant_id: UUID) -> str:
    """What the vendor calls an account."""


@query("""
    select a.id, g.id as agent_id
    from channel_account a left join agent g on g.channel_account_id = a.id and g.live
    where (a.id::text = %(account)s or a.external_id = %(account)s) and a.tenant_id = %(tenant_id)s
      and a.status <> 'removed'
    order by a.created_at, a.id limit 1
    for no key update of a
""")
async def place(conn: Conn, *, account: str, tenant_id: UUID) -> Place | None:
    """An account of the tenant, by our id or the vendor's; nobody else links an agent to it meanwhile."""


@query("""
    insert into agent (tenant_id, channel_account_id, name, skills, settings, models, prompt_id, quiet_seconds,
                       answer_within_seconds, changed_by, created_at, updated_at)
    values (%(tenant_id)s, %(channel_account_id)s, %(name)s, %(skills)s, %(settings)s, %(models)s, %(prompt_id)s,
            %(quiet_seconds)s, %(answer_within_seconds)s, %(by)s, %(now)s, %(now)s)
    returning id
""")
async def add(
    conn: Conn,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    name: str,
    skills: list[str],
    settings: dict[str, Any],
    models: dict[str, list[str]],
    prompt_id: UUID | None,
    quiet_seconds: float,
    answer_within_seconds: int | None,
    by: str,
    now: datetime,
) -> UUID:
    """A live agent, on an account that has none."""


@query("""
    update agent
    set channel_account_id = %(channel_account_id)s, name = %(name)s, skills = %(skills)s, settings = %(settings)s,
        models = %(models)s, prompt_id = %(prompt_id)s, quiet_seconds = %(quiet_seconds)s,
        answer_within_seconds = %(answer_within_seconds)s, changed_by = %(by)s, updated_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and live
    returning id
""")
async def change(
    conn: Conn,
    id: UUID,
    *,
    tenant_id: UUID,
    channel_account_id: UUID,
    name: str,
    skills: list[str],
    settings: dict[str, Any],
    models: dict[str, list[str]],
    prompt_id: UUID | None,
    quiet_seconds: float,
    answer_within_seconds: int | None,
    by: str,
    now: datetime,
) -> UUID | None:
    """What it is now; None for one that is archived."""


@query("""
    update agent set live = false, changed_by = %(by)s, archived_at = %(now)s, updated_at = %(now)s
    where id = %(id)s and tenant_id = %(tenant_id)s and live
    returning id
""")
async def retire(conn: Conn, id: UUID, *, tenant_id: UUID, by: str, now: datetime) -> UUID | None:
    """It answers nobody any more, and stays readable; None for one that does so already."""
