"""An id says to the microsecond when it was made, so what was made one after the other is listed so."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

from concierge.postgres.query import Conn

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def made_at(id: UUID) -> datetime:
    """What RFC 9562 has in it: milliseconds, and after the version 4096ths of one."""
    return EPOCH + timedelta(milliseconds=id.int >> 80, microseconds=(id.int >> 64 & 0xFFF) * 1000 / 4096)


async def test_within_a_millisecond(conn: Conn) -> None:
    rows = await (await conn.execute("select uuid_v7(), clock_timestamp() from generate_series(1, 1000)")).fetchall()
    assert len({id for id, _ in rows}) == 1000
    for (_, before), (id, after) in pairwise(rows):
        assert (id.version, id.variant) == (7, "specified in RFC 4122")
        assert before - MICROSECOND <= made_at(id) <= after + MICROSECOND
