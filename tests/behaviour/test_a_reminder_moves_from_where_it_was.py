"""Each move of a reminder, tried from every state: it ends as its message does, and an end is only left on purpose."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any, get_args

from concierge.bookings.reminders import store
from concierge.bookings.reminders.model import Status
from concierge.postgres.query import Conn
from tests.bookings import book
from tests.world import World

FORCE = """
    update reminder set status = '{}', reason = '{}', moved_at = '2027-01-01';
    update outbound_message set status = '{}'
"""
MOVED = "select status from reminder where moved_at = %s"


async def moved(
    world: World, conn: Conn, move: Callable[..., Awaitable[Any]], *, said: str = "failed", why: str = ""
) -> dict[str, str]:
    """The state it leads to, by the state it starts from, in which it is because of `why`; its message is `said`."""
    ends = {}
    for status in get_args(Status):
        async with conn.transaction(force_rollback=True):
            await conn.execute(FORCE.format(status, why, said), prepare=False)
            await move(conn, now=world.clock())
            for (end,) in await (await conn.execute(MOVED, [world.clock()])).fetchall():
                ends[status] = end
    return ends


async def test_it_moves_from_where_it_was(world: World) -> None:
    await book(world, "2027-03-03T16:00:00Z", customer={"phone": None, "email": "alice@example.com"})
    await world.pass_time(hours=2)
    ((id, tenant, message),) = await world.rows("select id, tenant_id, outbound_message_id from reminder")
    handed = {"status": "sending", "reason": None, "outbound_message_id": message}
    finish = partial(store.finish, limit=9)
    late = partial(store.finish_late, since=world.clock() - timedelta(days=90), limit=9)
    too_late = partial(store.finish_late, since=world.clock() - timedelta(days=1), limit=9)
    async with world.runtime.connection() as conn:
        found = partial(moved, world, conn)
        assert await found(partial(store.settle, id=id, tenant_id=tenant, **handed)) == {"due": "sending"}
        assert await found(partial(store.fail, id=id, reason="")) == {"due": "failed"}
        resume = partial(store.resume, outbound_message_id=message, tenant_id=tenant, by="Olga")
        assert await found(resume) == {"failed": "sending"}
        for said, end in {"read": "sent", "failed": "failed", "expired": "skipped", "cancelled": "cancelled"}.items():
            assert await found(finish, said=said) == {"sending": end}, said
        assert await found(finish, said="unknown") == {}
        for move, said, why, ended in (
            (late, "delivered", "", True),
            (late, "sent", "", False),  # that is not to have arrived
            (late, "failed", "template_required", False),
            (too_late, "delivered", "", False),
            (too_late, "sent", "template_required", True),
        ):
            assert await found(move, said=said, why=why) == ({"failed": "sent"} if ended else {}), (said, why)
