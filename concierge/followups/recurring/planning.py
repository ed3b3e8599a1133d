"""The next time of a follow-up that comes again: planned once the one before is on its way or out of it.

After an outage there is one next time, the first that is still to come, and not one for each that was missed.
"""

from datetime import datetime

from concierge.clock import instant_of, on_the_wall
from concierge.followups.recurring import store
from concierge.followups.recurring.model import Repeating
from concierge.followups.recurring.rules import following
from concierge.followups.scheduling import Due
from concierge.postgres.query import Conn
from concierge.runtime import Runtime

BATCH = 200


async def plan_next(runtime: Runtime) -> None:
    """Tick: follow-ups whose reminder is on its way, or will never be, get their next time."""
    now = runtime.clock()
    async with runtime.begin() as conn:
        for task in await store.to_follow(conn, limit=BATCH):
            await follow(conn, task, now)


async def follow(conn: Conn, task: Repeating, now: datetime) -> Due | None:
    """Plan the next time, which is later than now and than the task's own; None: that was the last."""
    wall = following(task.rule, task.rule_from, max(task.wall, on_the_wall(now, task.zone)))
    due = None
    if wall is not None:
        at = instant_of(wall, task.zone)
        due = Due(at=at, wall=on_the_wall(at, task.zone), zone=task.zone, grain="minute")
        await store.add_next(conn, task.id, tenant_id=task.tenant_id, due_at=due.at, wall=due.wall, now=now)
    await store.mark_followed(conn, task.id, tenant_id=task.tenant_id)
    return due
