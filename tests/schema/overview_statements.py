"""What the pages of the console ask for, and the counting of minutes; test_plans.py looks what each of them reads."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from concierge.admin import machine_store
from concierge.admin.bulk import store as bulk
from concierge.console.store import activity, bookings, followups, machine, outbox, overview
from concierge.postgres.query import Conn
from tests.schema.year import NOW, made

TENANT = made("tenant", 1)
FIRST = NOW - timedelta(days=900)
LAST = {"before": NOW, "before_id": UUID(int=0), "limit": 51}
PLACE: dict[str, Any] = {"before": NOW, "before_id": UUID(int=0)}
DAY: dict[str, Any] = {"tenant_id": TENANT, "start": NOW - timedelta(days=1), "counted": NOW - timedelta(minutes=1)}
NEXT = {"after": FIRST, "after_id": UUID(int=0), "limit": 51}
STATEMENTS: dict[str, Callable[[Conn], Awaitable[Any]]] = {
    "the present": lambda conn: overview.present(
        conn, tenant_id=TENANT, now=NOW, since=NOW - timedelta(minutes=1), bound=10_001
    ),
    "a day in bars": lambda conn: activity.bars(
        conn, tenant_id=TENANT, start=NOW - timedelta(days=1), until=NOW, counted=NOW
    ),
    "a day by channels": lambda conn: activity.carried(conn, **DAY),
    "a day by models": lambda conn: activity.asked(conn, bound=10_000, **DAY),
    "what no tick has counted": lambda conn: activity.uncounted(conn, bound=10_000, **DAY),
    "where counting begins": lambda conn: activity.oldest(conn, since=NOW - timedelta(days=2)),
    "what became of an hour": lambda conn: activity.count_fates(conn, start=NOW - timedelta(hours=1), until=NOW),
    "an hour counted": lambda conn: activity.count_messages(conn, start=NOW - timedelta(hours=1), until=NOW),
    "its questions": lambda conn: activity.count_questions(conn, start=NOW - timedelta(hours=1), until=NOW),
    "the outbox": lambda conn: outbox.some(conn, tenant_id=TENANT, status=None, channel=None, looked=51, **LAST),
    "the outbox, of a common state": lambda conn: outbox.some(
        conn, tenant_id=TENANT, status="expired", channel="email", looked=1_000, **LAST
    ),
    "where it goes on": lambda conn: outbox.end_of_walk(conn, tenant_id=TENANT, looked=1_000, **PLACE),
    "the outbox, of a rare state": lambda conn: outbox.rare(
        conn, tenant_id=TENANT, status="blocked", channel=None, looked=1_000, **LAST
    ),
    "where that goes on": lambda conn: outbox.end_of_rare(
        conn, tenant_id=TENANT, status="blocked", looked=1_000, **PLACE
    ),
    "its troubles": lambda conn: outbox.troubles(conn, tenant_id=TENANT, bound=10_001),
    "follow-ups": lambda conn: followups.some(conn, tenant_id=TENANT, status="done", looked=1_000, **LAST),
    "follow-ups of a rare state": lambda conn: followups.rare(
        conn, tenant_id=TENANT, status="expired", looked=1_000, **LAST
    ),
    "where they go on": lambda conn: followups.end_of_walk(conn, tenant_id=TENANT, looked=1_000, **PLACE),
    "what is due": lambda conn: followups.agenda(conn, tenant_id=TENANT, statuses=["pending"], until=NOW, **NEXT),
    "bookings": lambda conn: bookings.some(conn, tenant_id=TENANT, status="confirmed", looked=1_000, **LAST),
    "where bookings go on": lambda conn: bookings.end_of_walk(conn, tenant_id=TENANT, looked=1_000, **PLACE),
    "who comes": lambda conn: bookings.ahead(conn, tenant_id=TENANT, now=NOW, **NEXT),
    **{
        f"jobs, {state}": partial(machine.jobs, status=state, queue="media", before=2**62, looked=1_000, limit=51)
        for state in (None, "todo", "doing", "failed", "cancelled", "succeeded")
    },
    "queues": machine_store.queues,
    "messages that failed": lambda conn: bulk.count_messages(
        conn, tenant_id=TENANT, status="failed", channel=None, bound=10_001
    ),
}
