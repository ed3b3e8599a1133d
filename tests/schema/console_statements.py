"""What the console's pages ask, for test_plans.py: each page must be quick, however much there is."""

from collections.abc import Awaitable, Callable
from typing import Any

from concierge.api.paging import BEGINNING
from concierge.console.store import contacts, inbox, readings, thread
from concierge.credits import store as ledger
from concierge.postgres.query import Conn
from tests.schema.year import made

TENANT: dict[str, Any] = {"tenant_id": made("tenant", 1)}
FIRST: dict[str, Any] = TENANT | {"before": BEGINNING[0], "before_id": BEGINNING[1], "limit": 51}
TALK: dict[str, Any] = TENANT | {"conversation_id": made("conversation", 7)}
PERSON: dict[str, Any] = TENANT | {"contact_id": made("contact", 7)}
STATES = ["bot", "handoff_requested", "human", "closed"]

STATEMENTS: dict[str, Callable[[Conn], Awaitable[Any]]] = {
    "console: the inbox": lambda conn: inbox.newest(conn, statuses=STATES, channel=None, **FIRST),
    "console: the inbox of a channel": lambda conn: inbox.newest(conn, statuses=["human"], channel="email", **FIRST),
    "console: parked": lambda conn: inbox.parked(conn, **FIRST),
    # fifty of 2,500 would rightly be found by reading all
    "console: last words": lambda conn: inbox.shown(conn, ids=[made("conversation", n) for n in range(10)], **TENANT),
    "console: who wants a person": lambda conn: inbox.counts(conn, statuses=["human"], bound=101, **TENANT),
    "console: a conversation": lambda conn: thread.find(conn, made("conversation", 7), **TENANT),
    "console: what was said": lambda conn: thread.said(conn, **FIRST | TALK),
    "console: its intake": lambda conn: thread.intake(conn, **TALK),
    "console: its follow-ups": lambda conn: thread.follow_ups(conn, **TALK),
    "console: its lead": lambda conn: readings.lead_of(conn, **TALK),
    "console: leads": lambda conn: readings.leads(conn, **FIRST),
    "console: summaries": lambda conn: readings.summaries(conn, **FIRST),
    "console: the ledger": lambda conn: ledger.some(conn, **FIRST),
    "console: contacts": lambda conn: contacts.newest(conn, **FIRST),
    "console: who is called so": lambda conn: contacts.named(conn, beginning="An", limit=51, **TENANT),
    "console: whose address": lambda conn: contacts.at_address(
        conn, channels=["email", "whatsapp"], kinds=["email", "phone"], values=["77"], limit=51, **TENANT
    ),
    "console: contacts shown": lambda conn: contacts.shown(conn, ids=[made("contact", n) for n in range(50)], **TENANT),
    "console: their suppressions": lambda conn: contacts.suppressions(conn, **PERSON),
    "console: their conversations": lambda conn: contacts.talks(conn, **PERSON),
    "console: their follow-ups": lambda conn: contacts.follow_ups(conn, **PERSON),
    "console: their bookings": lambda conn: contacts.bookings(conn, **PERSON),
}
