"""What lets blocked messages go, and reports about a person."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from concierge.consent import store as consent
from concierge.followups import store as followups
from concierge.inbox import store as inbox
from concierge.outbox import fates
from concierge.outbox.line import store as line
from concierge.postgres.query import Conn
from tests.schema.year import NOW, made

TENANT = made("tenant", 1)
STATEMENTS: dict[str, Callable[[Conn], Awaitable[Any]]] = {
    "a template came": lambda conn: line.release_templated(conn, now=NOW, limit=500),
    "the person wrote": lambda conn: line.release_windowed(
        conn, conversation_id=made("conversation", 7), tenant_id=TENANT, now=NOW
    ),
    "read up to": lambda conn: fates.apply_watermark(
        conn,
        tenant_id=TENANT,
        channel_account_id=made("account", 1),
        kinds=["bsuid"],
        values=["alias.7"],
        status="read",
        at=NOW,
        now=NOW,
    ),
    "late reminders": lambda conn: followups.finish_late(conn, since=NOW - timedelta(days=1), now=NOW, limit=500),
    "who answers a mail": lambda conn: inbox.writers(
        conn,
        ns=[1, 2],
        accounts=[made("account", 1), made("account", 1)],
        senders=["new@example.com", "other@example.com"],
        conversations=[made("conversation", 7), None],
        id_ns=[1, 2],
        ids=["out.7", "out.8"],
    ),
    "a vendor's resume": lambda conn: consent.lift(
        conn, tenant_id=TENANT, channel="whatsapp", kind="bsuid", value="alias.7", scope="all", at=NOW
    ),
}
