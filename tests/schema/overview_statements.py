"""What the pages of the console ask for, and the counting of minutes; test_plans.py looks what each of them reads."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from concierge.admin.bulk import store as bulk
from concierge.console.store import activity, bookings, followups, outbox, overview
from concierge.postgres.query import Conn
from tests.schema.year import NOW, made

TENANT = made("tenant", 1)
FIRST = NOW - timedelta(days=900)
LAST = {"before": NOW, "before_id": UUID(int=0), "limit": 51}
NEXT = {"after": FIRST, "after_id": UUID(int=0), "limit": 51}
STATEMENTS: dict[str, Callable[[Conn], Awaitable[Any]]] = {
    "the present": lambda conn: overview.present(
        conn, tenant_id=TENANT, now=NOW, since=NOW - timedelta(minutes=1), bound=10_001
    ),
    "a day in bars": lambda conn: activity.bars(conn, tenant_id=TENANT, start=NOW - timedelta(days=1), until=NOW),
    "an hour counted": lambda conn: activity.count_messages(conn, start=NOW - timedelta(hours=1), until=NOW),
    "its questions": lambda conn: activity.count_questions(conn, start=NOW - timedelta(hours=1), until=NOW),
    "the outbox": lambda conn: outbox.some(conn, tenant_id=TENANT, status=None, channel=None, **LAST),
    "its troubles": lambda conn: outbox.troubles(conn, tenant_id=TENANT, bound=10_001),
    "follow-ups": lambda conn: followups.some(conn, tenant_id=TENANT, status=None, **LAST),
    "what is due": lambda conn: followups.agenda(conn, tenant_id=TENANT, statuses=["pending"], until=NOW, **NEXT),
    "bookings": lambda conn: bookings.some(conn, tenant_id=TENANT, status=None, **LAST),
    "who comes": lambda conn: bookings.ahead(conn, tenant_id=TENANT, now=NOW, **NEXT),
    "messages that failed": lambda conn: bulk.count_messages(
        conn, tenant_id=TENANT, status="failed", channel=None, bound=10_001
    ),
}
