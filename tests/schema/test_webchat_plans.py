"""With many visitors, nothing that runs for every message of a web chat, or every stream, reads a whole table."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from concierge.inbox import store as inbox
from concierge.outbox.line import store as line
from concierge.postgres.query import Conn
from concierge.webchat import store as webchat
from tests.schema.test_plans import BIG, NOW, year
from tests.schema.test_plans import id as made

__all__ = ["year"]  # a fixture

SESSIONS = """
    update channel_account set channel = 'webchat', settings = '{"origins": ["https://shop.example"]}';
    update contact_identity set channel = 'webchat', kind = 'webchat';
    insert into webchat_session (id, tenant_id, channel_account_id, identity_id, last_seq, opened_at)
        select id('session', n), id('tenant', 1), id('account', 1), id('identity', n), 4, now()
        from generate_series(1, 10000) n;
    insert into webchat_event (session_id, seq, tenant_id, inbound_message_id)
        select id('session', 1 + n / 2), 1 + n % 2, id('tenant', 1), id('inbound', n) from generate_series(0, 19999) n;
    insert into webchat_event (session_id, seq, tenant_id, outbound_message_id)
        select id('session', 1 + n / 2), 3 + n % 2, id('tenant', 1), id('outbound', n) from generate_series(0, 19999) n;
"""
TENANT, SESSION = made("tenant", 1), made("session", 7)


def accept(conn: Conn) -> Awaitable[Any]:
    return inbox.accept(
        conn,
        now=NOW,
        accounts=[made("account", 1)],
        address_kinds=["webchat"],
        address_values=["7"],
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
    "arrival": accept,
    "claim": lambda conn: line.head(conn, conversation_id=made("conversation", 1), now=NOW),
    "a new visitor": lambda conn: webchat.add_visitor(conn, tenant_id=TENANT, address="x", name="A", now=NOW),
    "session": lambda conn: webchat.keep_session(
        conn, tenant_id=TENANT, account_id=made("account", 1), address="7", now=NOW
    ),
    "find": lambda conn: webchat.find(conn, SESSION, tenant_id=TENANT),
    "events": lambda conn: webchat.events_after(conn, session_id=SESSION, tenant_id=TENANT, after=0, limit=100),
    "seq": lambda conn: webchat.seq_of(conn, inbound_id=made("inbound", 7), tenant_id=TENANT),
    "unacknowledged": lambda conn: webchat.unacknowledged(conn, session_id=SESSION, tenant_id=TENANT, seq=4, read=True),
    "acknowledge": lambda conn: webchat.acknowledge(conn, session_id=SESSION, tenant_id=TENANT, seq=4, read=True),
    "origin": lambda conn: webchat.is_known_origin(conn, origin="https://shop.example"),
}


@pytest.fixture(scope="module")
def chats(year: str) -> str:
    """The URL of a database in which much has been chatted."""
    with psycopg.connect(year, autocommit=True) as conn:
        conn.execute(SESSIONS)
        conn.execute("analyze")
    return year


@pytest.fixture
async def busy(chats: str) -> AsyncIterator[Conn]:
    async with await psycopg.AsyncConnection.connect(chats) as conn:
        yield conn
        await conn.rollback()


@pytest.mark.parametrize("name", STATEMENTS)
async def test_no_big_table_is_read_from_end_to_end(busy: Conn, name: str) -> None:
    await STATEMENTS[name](busy)
    assert await (await busy.execute(BIG)).fetchall() == []


async def test_the_trigger_is_among_them(busy: Conn) -> None:
    await accept(busy)
    row = await (await busy.execute("select last_seq from webchat_session where id = %s", [SESSION])).fetchone()
    assert row == (5,)
