"""An audit trail that can be edited proves nothing."""

import psycopg
import pytest

from concierge.postgres.query import Conn


@pytest.mark.parametrize(
    "change", ["update event set detail = 'nothing happened'", "delete from event", "truncate event"]
)
async def test_no_event_can_be_changed(conn: Conn, change: str) -> None:
    await conn.execute("insert into tenant (name) values ('A')")
    await conn.execute("""
        insert into event (tenant_id, subject, subject_id, type, at)
        select id, 'task', id, 'task.done', now() from tenant
    """)
    with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        await conn.execute(change)
