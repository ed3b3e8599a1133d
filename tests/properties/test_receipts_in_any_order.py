"""Providers repeat their reports and mix up their order; what a message ends as depends on neither."""

from uuid import UUID

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concierge.outbox import fates
from concierge.postgres.query import Conn
from tests.fixtures import NOON

LADDER = ["sent", "failed", "delivered", "read"]
REPORTS = st.lists(st.sampled_from(LADDER), min_size=1, max_size=6)
MESSAGE = """
    with t as (insert into tenant (name) values ('A') returning id),
    a as (insert into channel_account (tenant_id, channel, external_id, transport)
          select id, 'whatsapp', 'receipts', 'x' from t returning id),
    c as (insert into contact (tenant_id, created_at) select id, now() from t returning id),
    i as (insert into contact_identity (tenant_id, contact_id, channel, kind, value, created_at)
          select t.id, c.id, 'whatsapp', 'phone', '1', now() from t, c returning id),
    v as (insert into conversation (tenant_id, channel_account_id, contact_id, identity_id, opened_at, last_message_at)
          select t.id, a.id, c.id, i.id, now(), now() from t, a, c, i returning id)
    insert into outbound_message (tenant_id, channel_account_id, conversation_id, identity_id, kind, dedupe_key,
                                  payload, status, due_at, created_at, moved_at)
    select t.id, a.id, v.id, i.id, 'reminder', 'k', '{}', 'sending', now(), now(), now() from t, a, v, i
    returning id, channel_account_id
"""


@pytest.fixture
async def message(conn: Conn) -> tuple[UUID, UUID]:
    """(message, account), in a transaction that is rolled back."""
    row = await (await conn.execute(MESSAGE)).fetchone()
    assert row is not None
    return row


async def outcome(conn: psycopg.AsyncConnection, message: tuple[UUID, UUID], start: str, reports: list[str]) -> str:
    """What the message is after these reports."""
    id, account = message
    await conn.execute("update outbound_message set status = %s where id = %s", [start, id])
    for status in reports:
        await fates.apply_receipt(
            conn,
            channel_account_id=account,
            outbound_id=id,
            provider_message_id=None,
            attempt=None,
            status=status,
            facts={},
            reason=None,
            now=NOON,
        )
    row = await (await conn.execute("select status from outbound_message where id = %s", [id])).fetchone()
    assert row is not None
    return str(row[0])


@pytest.mark.parametrize("start", ["sending", "unknown", "sent"])
@settings(max_examples=25)
@given(reports=REPORTS)
async def test_the_highest_report_wins(conn: Conn, message: tuple[UUID, UUID], start: str, reports: list[str]) -> None:
    seen = [*reports, "sent"] if start == "sent" else reports
    assert await outcome(conn, message, start, reports) == max(seen, key=LADDER.index)


@settings(max_examples=25)
@given(reports=REPORTS)
async def test_a_second_try_is_off_once_the_provider_has_it(
    conn: Conn, message: tuple[UUID, UUID], reports: list[str]
) -> None:
    after = await outcome(conn, message, "queued", reports)
    assert (after == "queued") == (set(reports) == {"failed"})


@pytest.mark.parametrize("start", ["held", "blocked", "cancelled", "expired"])
@settings(max_examples=25)
@given(reports=REPORTS)
async def test_what_never_left_is_not_moved(
    conn: Conn, message: tuple[UUID, UUID], start: str, reports: list[str]
) -> None:
    assert await outcome(conn, message, start, reports) == start
