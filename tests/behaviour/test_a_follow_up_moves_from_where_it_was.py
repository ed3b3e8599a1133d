"""Each move of a follow-up, tried from every state: it moves from those that it is for, and leaves all others alone."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, get_args

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
    set local session_replication_role = origin
"""
MOVED = "select case when moved_at = %s then status end from task"

Move = Callable[..., Awaitable[Any]]


async def moved(world: World, conn: Conn, move: Move) -> dict[str, str]:
    """The state it leads to, by the state it starts from; without those from which nothing is moved."""
    ends = {}
    for status in get_args(Status):
        async with conn.transaction(force_rollback=True):
            await conn.execute(FORCE.format(status), prepare=False)
            await move(conn, now=world.clock())
            ((ends[status],),) = await (await conn.execute(MOVED, [world.clock()])).fetchall()
    return {since: end for since, end in ends.items() if end is not None}


async def test_it_moves_from_where_it_was(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob")
    await world.work()
    ((id, tenant),) = await world.rows("select id, tenant_id from task")
    said = await world.one("select id from outbound_message")
    await world.execute("update outbound_message set status = 'failed'")
    due: Any = {"due_at": world.clock(), "wall": wall(SOON), "zone": "UTC", "grain": "minute"}
    due |= dict.fromkeys(("quote", "rule", "rule_from"))
    put, finish = (
        partial(acting.put_at, id=id, tenant_id=tenant, **due),
        partial(acting.finish, id=id, tenant_id=tenant),
    )
    reminder = {"tenant_id": tenant, "reminder_id": said}
    put_off = dict.fromkeys(("pending", "snoozed", "due"), "snoozed")
    cancelled = dict.fromkeys(("needs_clarification", "pending", "snoozed", "due", "executing"), "cancelled")
    async with world.runtime.connection() as conn:
        found = partial(moved, world, conn)
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
