"""What Postgres knows about rounds of retention."""

from datetime import datetime
from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Run(Struct, frozen=True):
    """One round over one tenant. `counts`: rows by kind; `ended_at` is null while it runs, and where it was cut off.

    `asked_by`: `operator:<login>` or `key:<name>`; null where it came by itself.
    """

    id: UUID
    asked_by: str | None
    counts: dict[str, int]
    started_at: datetime
    ended_at: datetime | None


@query("""
    select id, asked_by, counts, started_at, ended_at from retention_run
    where tenant_id = %(tenant_id)s and (started_at, id) < (%(before)s, %(before_id)s)
    order by started_at desc, id desc limit %(limit)s
""")
async def some(conn: Conn, *, tenant_id: UUID, before: datetime, before_id: UUID, limit: int) -> list[Run]:
    """A page of them, the latest first."""


@query("""
    insert into retention_run (tenant_id, asked_by, started_at) values (%(tenant_id)s, %(asked_by)s, %(now)s)
    on conflict (tenant_id, started_at) do update set asked_by = excluded.asked_by
""")
async def begin(conn: Conn, *, tenant_id: UUID, asked_by: str, now: datetime) -> None:
    """Somebody asked for one: it stands there even where it finds nothing."""


# one that comes by itself over all tenants has a row where it took something
@query("""
    insert into retention_run (tenant_id, counts, started_at)
    values (%(tenant_id)s, jsonb_build_object(%(kind)s::text, %(count)s::bigint), %(started_at)s)
    on conflict (tenant_id, started_at) do update
        set counts = retention_run.counts || jsonb_build_object(
            %(kind)s::text, coalesce((retention_run.counts ->> %(kind)s)::bigint, 0) + %(count)s::bigint)
""")
async def count_more(conn: Conn, *, tenant_id: UUID, started_at: datetime, kind: str, count: int) -> None:
    """So many rows more, in the transaction that took them."""


@query("""
    update retention_run set ended_at = %(now)s
    where started_at = %(started_at)s and ended_at is null
      and (%(tenant_id)s::uuid is null or tenant_id = %(tenant_id)s)
""")
async def end(conn: Conn, *, tenant_id: UUID | None, started_at: datetime, now: datetime) -> None:
    """It went through, over one tenant or (None) all."""


@query("delete from retention_run where started_at < %(before)s")
async def forget(conn: Conn, *, before: datetime) -> None:
    """Rounds nobody will ask about any more."""
