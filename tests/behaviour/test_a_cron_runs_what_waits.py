"""A scheduler that calls URLs sees how the jobs do and has what waits done; its token is never in a log."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from concierge.errors import ModelUnavailable
from tests.fakes import FrozenClock, reading
from tests.makers import CONFIRMED, SOON, readings
from tests.world import World, open_world

TOKEN, SECRET = "a-token-of-the-runner", "a-secret-of-the-cron"
RUN, CRON, METRICS = "/api/jobs/run-outbound", "/api/cron/run-outbound-jobs", "/api/jobs/metrics"


@pytest.fixture
async def shop(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    """A world without workers, whose scheduler has its tokens."""
    async with open_world(db, clock, JOB_RUNNER_TOKEN=TOKEN, CRON_SECRET=SECRET, DEBUG_ROUTES="on") as world:
        world.model.script = readings(reading("Call Bob", SOON))
        yield world


async def get(world: World, path: str, token: str = "", **more: Any) -> Any:
    return await world.client.get(path, params={"token": token, **more})


async def test_what_waits_is_done_once(shop: World) -> None:
    """Two crons call at the same moment, then a worker wakes up and finds nothing left to do."""
    for n in range(3):
        await shop.whatsapp("Call Bob", id=f"wamid.{n}", sender=f"1555123000{n}")
    ran = (await get(shop, RUN, TOKEN, max=1)).json()
    assert ran == {"handled": 1, "sent": 1, "failed": 0, "success": True}
    assert shop.outside.texts == [CONFIRMED + "Call Bob"]
    answers = await asyncio.gather(get(shop, CRON, SECRET), get(shop, CRON, SECRET), get(shop, RUN, TOKEN))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert (await shop.client.post(RUN, params={"token": TOKEN})).json()["handled"] == 0
    await shop.work()
    assert shop.outside.texts == [CONFIRMED + "Call Bob"] * 3
    assert await shop.one("select count(*) from conversation where handled_seq = last_seq") == 3


async def test_one_that_fails_holds_nobody_up(shop: World) -> None:
    shop.model.script = readings(ModelUnavailable("overloaded"), reading("Call Bob", SOON))
    for n in range(2):
        await shop.whatsapp("Call Bob", id=f"wamid.{n}", sender=f"1555123000{n}")
    assert (await get(shop, CRON, SECRET)).json() == {"handled": 1, "sent": 1, "failed": 1, "success": True}
    await shop.work()  # it is still in the queue
    assert len(shop.outside.texts) == 2


async def test_metrics_count_jobs(shop: World) -> None:
    nothing = {"success": True, "queued": 0, "running": 0, "failedLast24h": 0, "succeededLast24h": 0}
    assert (await get(shop, METRICS, TOKEN)).json() == nothing | {"averageProcessingMs": None, "successRate": None}
    await shop.whatsapp("Call Bob")
    assert (await get(shop, METRICS, TOKEN)).json()["queued"] == 1
    await shop.work()
    await shop.execute("insert into procrastinate_jobs (queue_name, task_name) values ('ticks', 'a.tick')")
    said = (await get(shop, METRICS, TOKEN)).json()
    assert (said["queued"], said["succeededLast24h"], said["successRate"]) == (0, 2, 1.0)
    assert 0 < said["averageProcessingMs"] < 5_000
    # one more that failed, one that runs, one that failed too long ago
    await shop.execute("""
        insert into procrastinate_jobs (queue_name, task_name, status)
        values ('inbox', 'x', 'failed'), ('inbox', 'x', 'doing'), ('inbox', 'y', 'failed')""")
    await shop.execute("""
        insert into procrastinate_events (job_id, type, at)
        select id, 'failed', now() - case task_name when 'y' then interval '25 hours' else interval '1 hour' end
        from procrastinate_jobs where status = 'failed'""")
    said = (await get(shop, METRICS, TOKEN)).json()
    assert (said["running"], said["failedLast24h"], said["successRate"]) == (1, 1, 0.6667)


async def test_the_paths_are_closed_until_opened(world: World) -> None:
    for path in (RUN, CRON, METRICS):
        assert (await get(world, path, TOKEN)).status_code == 404
    assert (await world.admin("POST", "/debug/enqueue-summary")).status_code == 404


async def test_each_token_opens_its_own_path(shop: World) -> None:
    await shop.whatsapp("Call Bob")
    for path, wrong in ((RUN, SECRET), (CRON, TOKEN), (METRICS, ""), (METRICS, TOKEN + "x"), (METRICS, "ä")):
        assert (await get(shop, path, wrong)).status_code == 401
    assert (await shop.admin("GET", METRICS)).status_code == 401  # a key is no token
    assert (await get(shop, RUN, TOKEN, max=1_000)).status_code in {400, 422}
    assert shop.outside.texts == []


async def test_the_debug_route_asks_for_a_summary(shop: World) -> None:
    path = "/debug/enqueue-summary"
    assert (await shop.client.post(path)).status_code == 401
    assert (await shop.admin("POST", path)).status_code == 404  # nobody has this number yet
    await shop.whatsapp("Hello", sender="10000000000")
    said = (await shop.admin("POST", path)).json()
    assert said == {"ok": True, "jobId": str(await shop.one("select id from summary"))}
    assert (await shop.admin("GET", path)).json() == said
