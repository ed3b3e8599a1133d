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
    """Tick: bring the minutes up to now, an hour a transaction, so that a long pause is made good step by step."""
    now = runtime.clock()
    async with runtime.connection() as conn:
        newest = await store.newest(conn) or await store.oldest(conn, since=now - FARTHEST) or now
    for start, until in spans(newest, now):
        async with runtime.begin() as conn:
            await store.count_messages(conn, start=start, until=until)
            await store.count_questions(conn, start=start, until=until)
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=now.minute % HOURS)
    async with runtime.begin() as conn:
        await store.count_fates(conn, start=hour, until=hour + AT_ONCE)
    async with runtime.connection() as conn:
        await store.forget(conn, before=now - KEPT)


def spans(newest: datetime, now: datetime) -> list[tuple[datetime, datetime]]:
    """What is to be counted: from the first minute whose figures may have changed to the present one, oldest first."""
    start = max(min(newest, now) - AGAIN, now - FARTHEST).replace(second=0, microsecond=0)
    found = []
    while start <= now:
        found.append((start, start + AT_ONCE))
        start += AT_ONCE
    return found
