"""Where nothing is to do, a worker writes nothing and sleeps until somebody says something."""

import asyncio
from typing import Any

import pytest
from psycopg import waiting

from concierge.worker.app import TICKS, make_app
from concierge.worker.ticking import Ticking, declare
from tests.faults.processes import until
from tests.passing import NEXT_TRANSACTION
from tests.world import World


async def test_ticks_that_find_nothing_leave_nothing(world: World) -> None:
    """No further job, no event, no row but that they came; and whoever asks again at once not even that."""
    await declare(world.runtime, TICKS)
    ticking = Ticking(world.runtime, TICKS)
    await ticking.come()
    assert await world.rows("select name from tick where came_at is null or failing_since is not null") == []
    assert await world.rows("select 1 from procrastinate_jobs union all select 1 from procrastinate_events") == []
    await world.execute("update tick set came_at = now() + period / 2")
    for _ in range(5):  # Postgres itself writes too, and whoever else has a database there
        before = await world.one(f"select {NEXT_TRANSACTION}")
        await ticking.come()
        if await world.one(f"select {NEXT_TRANSACTION}") == before:
            return
    pytest.fail("each time something was written")


async def test_who_listens_sleeps(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[float] = []
    heard: list[str] = []
    real = waiting.wait_async

    async def wait(*given: Any, interval: float, **options: Any) -> Any:
        woken.append(interval)
        return await real(*given, interval=interval, **options)

    async def hear(*, channel: str, payload: str) -> None:
        heard.append(f"{channel}: {payload}")

    async def listens() -> bool:
        idle = "select 1 from pg_stat_activity where state = 'idle' and query ilike 'listen%%night%%'"
        return bool(await world.rows(idle))

    async def has_heard() -> bool:
        return bool(heard)

    app = make_app(world.runtime)
    async with app.open_async():
        monkeypatch.setattr(waiting, "wait_async", wait)
        listening = asyncio.create_task(app.connector.listen_notify(on_notification=hear, channels=["night"]))
        await until(listens, "somebody who listens")
        await world.execute("notify night, 'wake up'")
        await until(has_heard, "a notification")
        monkeypatch.undo()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
    assert heard == ["night: wake up"]
    assert max(woken) >= 60, "seconds until it looks up by itself"
