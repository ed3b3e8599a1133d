"""Each move of a follow-up, tried from every state: it moves from those that it is for, and leaves all others alone."""

from collections.abc import Awaitable, Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any, get_args

import pytest

from concierge.followups import store
from concierge.followups.acting import store as acting
from concierge.followups.model import Status
from concierge.postgres.query import Conn
from tests.fakes import reading
from tests.makers import SOON, readings, wall
from tests.world import World

FORCE = """
    set local session_replication_role = replica;
    update task set status = '{}', moved_at = '2027-01-01', reminder_id = (select id from outbound_message);
    update outbound_message set status = '{}';
    update task set reason = '{}';
    set local session_replication_role = origin
"""
MOVED = "select case when moved_at = %s or title = 'Call Ann' then status end from task"

Move = Callable[..., Awaitable[Any]]


@pytest.fixture
async def asked(world: World) -> World:
    """A follow-up is planned, and that it is was said."""
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob")
    await world.work()
    return world


async def moved(
    world: World,
    conn: Conn,
    move: Move,
    *,
    since: Iterable[str] = get_args(Status),
    said: str = "failed",
    why: str = "",
) -> dict[str, str]:
    """The state it leads to, by the state it starts from; without those from which nothing is moved.

    Its reminder is `said`, or was not; `why` it is in its state.
    """
    ends = {}
    for status in since:
        async with conn.transaction(force_rollback=True):
            await conn.execute(FORCE.format(status, said, why), prepare=False)
            await move(conn, now=world.clock())
            ((ends[status],),) = await (await conn.execute(MOVED, [world.clock()])).fetchall()
    return {since: end for since, end in ends.items() if end is not None}


async def test_it_moves_from_where_it_was(asked: World) -> None:
    ((id, tenant),) = await asked.rows("select id, tenant_id from task")
    said = await asked.one("select id from outbound_message")
    due: Any = {"due_at": asked.clock(), "wall": wall(SOON), "zone": "UTC", "grain": "minute"}
    due |= dict.fromkeys(("quote", "rule", "rule_from"))
    put, finish = (
        partial(acting.put_at, id=id, tenant_id=tenant, **due),
        partial(acting.finish, id=id, tenant_id=tenant),
    )
    reminder = {"tenant_id": tenant, "reminder_id": said}
    put_off = dict.fromkeys(("pending", "snoozed", "due"), "snoozed")
    cancelled = dict.fromkeys(("needs_clarification", "pending", "snoozed", "due", "executing"), "cancelled")
    async with asked.runtime.connection() as conn:
        found = partial(moved, asked, conn)
        assert await found(partial(store.begin, id=id)) == {"due": "executing"}
        assert await found(partial(store.hand_over, id=id, draft=None, **reminder)) == {"executing": "sending"}
        assert await found(partial(store.fail, id=id, reason="")) == {"due": "failed", "executing": "failed"}
        assert await found(partial(store.retry, id=id, tenant_id=tenant, by="Olga")) == {"failed": "due"}
        assert await found(partial(store.resume, by="Olga", **reminder)) == {"failed": "sending"}
        again = {"needs_clarification": "pending", "pending": "pending", "snoozed": "pending", "due": "snoozed"}
        assert await found(partial(put, snooze=False)) == again
        assert await found(partial(put, snooze=True)) == put_off
        assert await found(partial(finish, done=False)) == cancelled
        assert await found(partial(finish, done=True)) == cancelled | {"pending": "done", "snoozed": "done"}
        named = {status: status for status in ("needs_clarification", "pending", "snoozed", "due")}
        assert await found(lambda conn, now: acting.rename(conn, id, tenant_id=tenant, title="Call Ann")) == named


async def test_it_ends_as_its_reminder_does(asked: World) -> None:
    """At once; or late, where it was given up lately, or waited for a template as long as that took."""
    ends = dict.fromkeys(("sent", "delivered", "read"), "done") | {"expired": "expired"}
    ends |= dict.fromkeys(("failed", "blocked", "cancelled"), "failed")
    now, finish = asked.clock(), partial(store.finish_sent, limit=9)
    late = partial(store.finish_late, since=now - timedelta(days=90), limit=9)
    too_late = partial(store.finish_late, since=now - timedelta(days=1), limit=9)
    async with asked.runtime.connection() as conn:
        found = partial(moved, asked, conn)
        for said in ("scheduled", "queued", "held", "sending", "unknown", *ends):
            end = {"sending": ends[said]} if said in ends else {}
            assert await found(finish, since=["sending"], said=said) == end, said
        assert await found(finish, said="sent") == {"sending": "done"}

        assert await found(late, said="delivered") == {"failed": "done"}
        for move, said, why, ended in (
            (late, "read", "", True),
            (late, "sent", "", False),  # that is not to have arrived
            (late, "failed", "template_required", False),
            (too_late, "delivered", "", False),
            (too_late, "delivered", "template_required", True),
            (too_late, "sent", "template_required", True),
        ):
            done = {"failed": "done"} if ended else {}
            assert await found(move, since=["failed"], said=said, why=why) == done, (said, why)


async def test_it_is_put_off_once_after_it_was_said(asked: World) -> None:
    """The same twice in a turn is one more; of one that comes again, the next time stands beside it."""
    ((id, tenant, message),) = await asked.rows("select id, tenant_id, inbound_message_id from task")
    said: Any = {"due_at": asked.clock(), "wall": wall(SOON), "zone": "UTC", "grain": "minute", "now": asked.clock()}
    said |= dict.fromkeys(("quote", "evidence", "correlation_id"))
    again = partial(acting.add_again, id=id, tenant_id=tenant, inbound_message_id=message, **said)
    async with asked.runtime.connection() as conn:
        assert await again(conn)
        assert await again(conn) is None
        await conn.execute("update task set rule = 'FREQ=DAILY', rule_from = wall where id = %s", [id])
        assert await again(conn)
