"""What waits for a model has slots of its own: deliveries, ticks and rescues go on beside it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from concierge.work import MOVING, THINKING
from concierge.worker import supervisor
from concierge.worker.app import WORK
from tests.fakes import FrozenClock, reading
from tests.faults.processes import until
from tests.makers import SOON, readings
from tests.world import World, open_world


async def test_deliveries_and_ticks_go_on(fresh_db: str, clock: FrozenClock) -> None:
    async with open_world(fresh_db, clock, WORKER_CONCURRENCY="1") as world:
        asked, answer, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

        async def ponder() -> None:
            if "slow" in world.model.prompts[-1].turns[-1].text:
                asked.set()
                await answer.wait()

        world.model.script = readings(reading("Call Bob", SOON))
        world.model.meanwhile = ponder
        running = asyncio.create_task(supervisor.supervise(world.runtime, stop))
        try:
            await world.email("slow")
            await asyncio.wait_for(asked.wait(), 15)
            await world.whatsapp("quick")
            await world.app.run_worker_async(
                queues=["inbox"], wait=False, listen_notify=False, install_signal_handlers=False
            )
            await until(lambda: said(world), "the delivery")
            await until(lambda: ticked(world), "a tick")
            assert not answer.is_set()
        finally:
            answer.set()
            stop.set()
            await running
        assert await world.rows("select 1 from procrastinate_workers") == []


async def said(world: World) -> bool:
    return bool(world.outside.sent)


async def ticked(world: World) -> bool:
    return bool(await world.rows("select 1 from tick where name = 'outbox.wake' and came_at is not null"))


@pytest.mark.parametrize(("queue", "silent"), [("inbox", True), ("ticks", False)])
async def test_when_one_ends_both_are_started_again(
    fresh_db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch, queue: str, silent: bool
) -> None:
    """One ends by itself, or has no more heartbeat: then two new ones work, and none else is registered."""
    made: list[supervisor.Watched] = []

    class Known(supervisor.Watched):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            made.append(self)

    monkeypatch.setattr(supervisor, "Watched", Known)
    monkeypatch.setattr(supervisor, "HEARTBEAT", timedelta(seconds=0.05))
    async with open_world(fresh_db, clock) as world:
        stop = asyncio.Event()
        running = asyncio.create_task(supervisor.supervise(world.runtime, stop))

        async def two() -> set[int]:
            ids = {id for (id,) in await world.rows("select id from procrastinate_workers")}
            return ids if len(ids) == 2 else set()

        async def two_others() -> bool:
            found = await two()
            return bool(found) and not found & first

        try:
            first: set[int] = await until(two, "two workers")
            await until(lambda: ticked(world), "a tick")
            assert await two() == first
            for worker in made:
                if queue not in (worker.queues or ()):
                    continue
                if silent:
                    monkeypatch.setattr(worker.app.job_manager, "update_heartbeat", None)
                else:
                    worker.stop()
            await until(two_others, "two new workers")
        finally:
            stop.set()
            await running
        assert len(made) == 4
        assert await world.rows("select 1 from procrastinate_workers") == []


def test_every_queue_has_a_worker() -> None:
    assert {work.job.queue for work in WORK} | {"ticks"} == {*THINKING, *MOVING}
    assert not set(THINKING) & set(MOVING)
