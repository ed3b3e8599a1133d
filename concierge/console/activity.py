"""Counting what happens into minutes, so that a chart of a day costs the same whatever the day was like.

A run counts the last quarter of an hour anew, and whatever passed since the newest minute that was counted. Minutes are
overwritten whole, so a run that comes twice, late or beside another one changes nothing. What became of older messages
is looked at again, an hour of the day with every run.
"""

from datetime import datetime, timedelta

from concierge.console.store import activity as store
from concierge.runtime import Runtime

AGAIN = timedelta(minutes=15)  # what became of a message is mostly known by then
AT_ONCE = timedelta(hours=1)
FARTHEST = timedelta(days=2)
KEPT = timedelta(days=8)
HOURS = 25  # of the day, one with every run: in each hour of the clock, every one of them is looked at twice or more


async def count(runtime: Runtime) -> None:
    """Tick: bring the minutes up to now, an hour a transaction, so that a long pause is made good step by step.

    Where nothing happened nothing is counted: after a quiet weekend this costs what it does after a busy minute.
    """
    now = runtime.clock()
    async with runtime.connection() as conn:
        start = await store.oldest(conn, since=uncounted(await store.newest(conn), now))
    while start is not None and start <= now:
        start = start.replace(second=0, microsecond=0)
        async with runtime.begin() as conn:
            await store.count_messages(conn, start=start, until=start + AT_ONCE)
            await store.count_questions(conn, start=start, until=start + AT_ONCE)
            start = await store.oldest(conn, since=start + AT_ONCE)
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=now.minute % HOURS)
    async with runtime.begin() as conn:
        await store.count_fates(conn, start=hour, until=hour + AT_ONCE)
    async with runtime.connection() as conn:
        await store.forget(conn, before=now - KEPT)


def uncounted(newest: datetime | None, now: datetime) -> datetime:
    """From when on figures may have changed, where `newest` was the last minute that had any."""
    return max(min(newest, now) - AGAIN, now - FARTHEST) if newest else now - FARTHEST
