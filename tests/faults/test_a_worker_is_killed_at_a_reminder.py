"""kill -9 of the worker between a follow-up's due time and its end: the reminder comes once, and the follow-up is done.

As in test_a_worker_is_killed.py, whoever the worker waits for at a step makes it wait until it is dead.
"""

import asyncio
from datetime import timedelta

import pytest

from concierge.followups.executing import take_due
from concierge.simulators.serving import Answer, Request, json_answer, serving
from tests.fakes import reading
from tests.faults.processes import DEADLINE
from tests.faults.site import Site, locked
from tests.makers import readings

FOREVER = 600
THE_TASK = "select from task for update"


@pytest.fixture
async def site(site: Site) -> Site:
    """Its one follow-up, which wants a draft, was confirmed and is due now."""
    world = site.world
    tomorrow = (world.clock() + timedelta(days=1)).replace(tzinfo=None)
    world.model.script = readings(reading("Write to Bob", tomorrow.isoformat(), draft=True))
    await site.receive("Draft a note to Bob")
    await world.work()
    await world.execute("update task set due_at = %(now)s", now=world.clock())
    assert await site.statuses() == ["sent"]
    return site


async def status(site: Site) -> str:
    return str(await site.world.one("select status from task"))


async def test_between_due_and_executing(site: Site) -> None:
    await take_due(site.world.runtime)
    async with locked(site.environ["DATABASE_URL"], THE_TASK) as lock:
        worker = site.start("worker")
        waiting = await lock.waiting()
        worker.kill()
        await lock.end(waiting)
    assert await status(site) == "due"
    await until_done_by_the_next(site)
    assert site.graph.requests == 1


async def test_while_it_drafts(site: Site) -> None:
    asked = asyncio.Event()

    async def ponder(_request: Request) -> Answer | None:
        asked.set()
        await asyncio.sleep(FOREVER)
        return None

    async with serving(ponder) as url:
        worker = site.start("worker", COMPATIBLE_BASE_URL=url, COMPATIBLE_MODEL="any")
        await asyncio.wait_for(asked.wait(), DEADLINE)
        worker.kill()
    assert await status(site) == "executing"
    await until_done_by_the_next(site)
    assert site.graph.requests == 1
    assert "Write to Bob" in await site.world.one("select draft from task")


async def test_between_the_sent_reminder_and_done(site: Site) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def take(_request: Request) -> Answer | None:
        asked.set()
        await answer.wait()
        return json_answer({"messages": [{"id": "wamid.HELD"}]})

    async with serving(take) as url:
        await site.point_account_to(url)
        worker = site.start("worker")
        await asyncio.wait_for(asked.wait(), DEADLINE)
        # the tick that would finish it passes over what somebody else holds
        async with locked(site.environ["DATABASE_URL"], THE_TASK):
            answer.set()
            await site.until_statuses("sent", "sent")
            worker.kill()
    assert await status(site) == "sending"
    await site.point_account_to(site.graph.url)
    await until_done_by_the_next(site)
    assert site.graph.requests == 0


async def until_done_by_the_next(site: Site) -> None:
    """Another worker brings it to its end: every state once, in its order, with one reminder."""
    await site.succeed()
    await (await site.successor()).tick()
    assert await status(site) == "done"
    moves = await site.world.moves(await site.world.one("select id from task"))
    assert moves == ["pending", "due", "executing", "sending", "done"]
    assert await site.statuses() == ["sent", "sent"]
