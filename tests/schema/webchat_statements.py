"""What runs for every message of a web chat, or every stream."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from concierge.inbox import store as inbox
from concierge.outbox.line import store as line
from concierge.postgres.query import Conn
from concierge.webchat import store as webchat
from tests.schema.year import NOW, made

TENANT, ACCOUNT, SESSION = made("tenant", 1), made("page", 1), made("session", 7)
LAST = f"select last_seq from webchat_session where id = '{SESSION}'"


def accept(conn: Conn) -> Awaitable[Any]:
    return inbox.accept(
        conn,
        now=NOW,
        accounts=[ACCOUNT],
        address_kinds=["webchat"],
        address_values=["visitor.7"],
        names=[None],
        provider_ids=[f"{SESSION}:{uuid4()}"],
        kinds=["text"],
        texts=["hello"],
        subjects=[None],
        quotes=[None],
        automated=[None],
        sent=[NOW],
        raws=[b"{}"],
        correlations=["c"],
        also_ns=[],
        also_kinds=[],
        also_values=[],
        extras=[None],
    )


STATEMENTS: dict[str, Callable[[Conn], Awaitable[Any]]] = {
    "a message of a visitor": accept,
    "the head of a visitor's line": lambda conn: line.head(conn, conversation_id=made("visit", 1), now=NOW),
    "a new visitor": lambda conn: webchat.add_visitor(conn, tenant_id=TENANT, address="x", name="A", now=NOW),
    "keep_session": lambda conn: webchat.keep_session(
        conn, tenant_id=TENANT, account_id=ACCOUNT, address="visitor.7", now=NOW
    ),
    "find of a session": lambda conn: webchat.find(conn, SESSION, tenant_id=TENANT),
    "events_after": lambda conn: webchat.events_after(conn, session_id=SESSION, tenant_id=TENANT, after=0, limit=100),
    "seq_of": lambda conn: webchat.seq_of(conn, inbound_id=made("inbound", 7), tenant_id=TENANT),
    "unacknowledged": lambda conn: webchat.unacknowledged(conn, session_id=SESSION, tenant_id=TENANT, seq=4, read=True),
    "acknowledge": lambda conn: webchat.acknowledge(conn, session_id=SESSION, tenant_id=TENANT, seq=4, read=True),
    "is_known_origin": lambda conn: webchat.is_known_origin(conn, origin="https://shop.example"),
}
