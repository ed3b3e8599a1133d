"""What Postgres knows about events that come in."""

from uuid import UUID

from msgspec import Struct

from concierge.postgres.query import Conn, query


class Horizon(Struct, frozen=True):
    """The number of the newest event anybody has begun to write, and which transactions are under way.

    `oldest`: every transaction with a lower number has ended. `next`: the number that the next one gets.
    """

    last: int
    oldest: int
    next: int


@query("""
    select (select case when is_called then last_value else last_value - 1 end from event_id_seq) as last,
           pg_snapshot_xmin(s)::text::bigint as oldest, pg_snapshot_xmax(s)::text::bigint as next
    from pg_current_snapshot() s
""")
async def horizon(conn: Conn) -> Horizon:
    """How things stand now."""


@query("""
    select t.id from unnest(%(tenants)s::uuid[]) t (id)
    where exists (select from event e where e.tenant_id = t.id and e.id > %(after)s and e.id <= %(upto)s)
""")
async def with_news(conn: Conn, *, tenants: list[UUID], after: int, upto: int) -> list[UUID]:
    """Those of the tenants to whose things something happened."""
