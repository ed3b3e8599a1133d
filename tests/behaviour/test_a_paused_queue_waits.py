"""A queue that an operator pauses waits on every worker, over a restart too, and goes on when it is resumed."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from concierge.followups.model import Execute
from concierge.postgres.queue import put
from concierge.worker import pausing, supervisor
from tests.fakes import FrozenClock
from tests.faults.processes import until
from tests.world import KEY, World, open_world


async def ask(world: World, name: str, move: str) -> tuple[int, object]:
    answer = await world.client.post(f"/v1/admin/queues/{name}/{move}", headers={"x-api-key": KEY})
    return answer.status_code, answer.json().get("paused_by", answer.json().get("code"))


async def handled(world: World) -> bool:
    return bool(await world.one("select count(*) from conversation where handled_seq = last_seq"))


async def others_pass(world: World) -> None:
    """Until a later job of another queue of the same worker is done."""
    async with world.runtime.begin() as conn:
        await put(conn, Execute(uuid4()))

    async def passed() -> bool:
        left = "select 1 from procrastinate_jobs where task_name = 'followups.execute' and status <> 'succeeded'"
        return not await world.rows(left)

    await until(passed, "a job of another queue")


async def test_it_waits_and_goes_on(fresh_db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[supervisor.Watched] = []

    class Known(supervisor.Watched):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            made.append(self)

    monkeypatch.setattr(supervisor, "Watched", Known)
    monkeypatch.setattr(pausing, "EVERY", 0.05)
    async with open_world(fresh_db, clock) as world:
        assert await ask(world, "inbox", "pause") == (200, "key:operator")
        assert await ask(world, "inbox", "pause") == (200, "key:operator"), "twice is once"
        assert await ask(world, "ticks", "pause") == (409, "conflicting")
        assert await ask(world, "nothing", "pause") == (404, "missing")
        await world.email("Hello")
        stop = asyncio.Event()
        running = asyncio.create_task(supervisor.supervise(world.runtime, stop))
        try:
            await others_pass(world)
            assert not await handled(world), "it was paused before the worker started"
            assert await ask(world, "inbox", "resume") == (200, None)
            await until(lambda: handled(world), "the message to be handled")

            await ask(world, "inbox", "pause")

            async def known() -> bool:
                return not any("inbox" in (each.queues or ()) for each in made)

            await until(known, "the worker to learn of it")
            await world.email("Again", id="msg-2")
            await others_pass(world)
            assert not await handled(world), "a worker that runs learns of it"
        finally:
            stop.set()
            await running
        noted = "select action from audit_entry where subject = 'queue' and detail = 'inbox' order by id"
        assert await world.rows(noted) == [("pause_queue",), ("pause_queue",), ("resume_queue",), ("pause_queue",)]
