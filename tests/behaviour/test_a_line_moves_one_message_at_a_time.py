"""The statements that move a message: each does so from the state it was looked at in, and from no other.

What is looked at here a state at a time, others rely on while several workers are at it.
"""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from concierge.outbox import store as outbox
from concierge.outbox.line import store
from concierge.outbox.line.model import Head, Taken
from concierge.postgres.query import Conn
from tests.meeting import met
from tests.saying import ONLY, say
from tests.world import World

FIRST = "update outbound_message set {} where payload ->> 'text' = 'one'"
STATE = "select status, withdrawn_at is not null from outbound_message where payload ->> 'text' = 'one'"


@pytest.fixture
async def line(world: World) -> UUID:
    """A conversation with two messages to send, both of them about it."""
    await world.whatsapp("Hello")
    await world.work()
    conversation: UUID = await world.one(ONLY)
    for text in ("one", "two"):
        await say(world, text, key=text, kind="confirmation", about=conversation)
    return conversation


async def look(world: World, conn: Conn, line: UUID) -> Head | None:
    return await store.head(conn, conversation_id=line, now=world.clock())


async def take(world: World, conn: Conn, head: Head, **other: Any) -> Taken | None:
    facts = {"id": head.id, "version": head.version} | other
    return await store.take(
        conn,
        tenant_id=head.tenant_id,
        conversation_id=head.conversation_id,
        channel_account_id=head.channel_account_id,
        extra=None,
        keys=[],
        gaps=[],
        bursts=[],
        lined=[],
        now=world.clock(),
        **facts,
    )


async def leave(world: World, conn: Conn, head: Head) -> UUID | None:
    facts = {"reason": "", "wake_at": None, "now": world.clock(), "version": head.version, "tenant_id": head.tenant_id}
    return await store.set_aside(conn, head.id, status="held", **facts)


async def test_the_first_is_taken_as_it_was_looked_at(world: World, line: UUID) -> None:
    async with world.runtime.connection() as conn:
        head = await look(world, conn, line)
        assert head is not None
        assert head.payload.text == "one"
        assert await take(world, conn, head, version=head.version + 1) is None
        other = await world.one("select id from outbound_message where payload ->> 'text' = 'two'")
        assert await take(world, conn, head, id=other) is None
        for change, leaves in (
            (FIRST.format("status = 'sending'"), False),
            (FIRST.format("due_at = '2100-01-01'"), True),
            (FIRST.format("version = version + 1"), False),
            ("update channel_account set status = 'paused'", True),
        ):
            async with conn.transaction(force_rollback=True):
                await conn.execute(change)
                assert "version" in change or await look(world, conn, line) is None, change
                assert await take(world, conn, head) is None, change
                assert bool(await leave(world, conn, head)) is leaves, change
        taken = await take(world, conn, head)
        assert taken is not None
        assert (taken.n, taken.tries) == (1, 1)
        assert await take(world, conn, head, id=other) is None, "nobody overtakes what is under way"


async def test_two_workers_take_it_once(world: World, line: UUID) -> None:
    async with world.runtime.connection() as first, world.runtime.connection() as second:
        head = await look(world, first, line)
        assert head is not None
        async with first.transaction():
            assert await take(world, first, head)
            other = asyncio.create_task(take(world, second, head))
            await met(world, first, other)
        assert await other is None
    assert await world.one("select count(*) from delivery_attempt") == 1


async def test_an_answer_is_about_its_own_attempt(world: World, line: UUID) -> None:
    """What came to nothing is tried again only where nobody knows better by now; what was taken is said once."""
    async with world.runtime.connection() as conn:
        head = await look(world, conn, line)
        assert head is not None
        taken = await take(world, conn, head)
        assert taken is not None
        for change, status, sent in (
            # said before; the next is under way
            ("update delivery_attempt set outcome = 'not_accepted'", "sending", "sending"),
            ("update delivery_attempt set outcome = 'accepted'", "sending", "sending"),
            ("update delivery_attempt set outcome = 'unknown'", "queued", "sent"),
            (FIRST.format("status = 'delivered'"), "delivered", "delivered"),
            (FIRST.format("status = 'unknown', escalated_at = now()"), "unknown", "sent"),
            (FIRST.format("status = 'unknown'"), "queued", "sent"),
            ("select 1", "queued", "sent"),
        ):
            async with conn.transaction(force_rollback=True):
                await conn.execute(change)
                answer: Any = {"provider_message_id": None, "response": None, "now": world.clock()}
                await outbox.record_accepted(conn, attempt_id=taken.attempt_id, **answer)
                assert await (await conn.execute(STATE)).fetchone() == (sent, False), change
            async with conn.transaction(force_rollback=True):
                await conn.execute(change)
                facts = {"error_code": None, "error": "", "response": None, "forgiven": 0, "reason": ""}
                await outbox.record_setback(
                    conn,
                    attempt_id=taken.attempt_id,
                    outcome="not_accepted",
                    status="queued",
                    retry_at=world.clock(),
                    now=world.clock(),
                    **facts,
                )
                assert await (await conn.execute(STATE)).fetchone() == (status, False), change


async def test_what_is_withdrawn_is_what_was_not_said(world: World, line: UUID) -> None:
    async with world.runtime.connection() as conn:
        tenant = await world.one("select id from tenant")
        for before, after in (
            *((status, ("cancelled", True)) for status in ("queued", "held", "blocked", "failed")),
            *((status, (status, True)) for status in ("sending", "unknown")),  # it cannot be called back
            *((status, (status, False)) for status in ("sent", "delivered", "read", "expired")),
            ("failed', withdrawn_at = '2027-01-01", ("failed", True)),  # nor could that, and it keeps its reason
        ):
            async with conn.transaction(force_rollback=True):
                await conn.execute(FIRST.format(f"status = '{before}'"))
                await outbox.withdraw(conn, about=line, tenant_id=tenant, reason="", now=world.clock())
                assert await (await conn.execute(STATE)).fetchone() == after, before


async def test_what_waits_for_a_template_is_looked_at_again_for_a_new_one(world: World, line: UUID) -> None:
    """That it is of use is found out by taking it; one that was there before was not, and is not tried for ever."""
    await world.execute(FIRST.format("status = 'blocked', reason = 'template_required'"))
    await world.execute("""
        insert into message_template (tenant_id, channel_account_id, name, language, kind, created_at, moved_at)
        select tenant_id, channel_account_id, 'a', 'en', kind, moved_at, moved_at + interval '1 second'
        from outbound_message where reason = 'template_required'
    """)
    template = "update message_template set "
    async with world.runtime.connection() as conn:
        for change in (
            template + "status = 'pending'",
            template + "moved_at = moved_at - interval '1 second'",
            template + "kind = 'reminder'",
            template + "channel_account_id = (select id from channel_account where channel = 'email')",
            FIRST.format("reason = 'suppressed'"),
            FIRST.format("status = 'failed'"),
            "select 1",
        ):
            async with conn.transaction(force_rollback=True):
                await conn.execute(change)
                found = await store.release_templated(conn, now=world.clock(), limit=9)
                assert found == ([line] if change == "select 1" else []), change
