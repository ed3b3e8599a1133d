"""Under load a worker begins and ends several jobs in one statement, and no job is lost or done twice by that."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from procrastinate.jobs import Job, Status

from concierge.conversations.model import Handle
from concierge.postgres.queue import put
from concierge.worker.app import make_app
from concierge.worker.batching import MOST, Batches
from tests.world import World

INBOX = ["inbox"]


@pytest.fixture
async def ids(world: World) -> list[int]:
    """Jobs that wait: two more than are begun at once."""
    async with world.runtime.begin() as conn:
        await put(conn, *(Handle(uuid4()) for _ in range(MOST + 2)))
    return [id for (id,) in await world.rows("select id from procrastinate_jobs order by id")]


@asynccontextmanager
async def worker(world: World, *, slots: int) -> AsyncIterator[tuple[Batches, int]]:
    """What a worker has of the queue, and its id."""
    app = make_app(world.runtime)
    async with app.open_async():
        batches = Batches(app.connector, slots=slots)
        yield batches, await batches.register_worker()


async def states(world: World) -> list[str]:
    return [status for (status,) in await world.rows("select status::text from procrastinate_jobs order by id")]


async def fetched(batches: Batches, worker_id: int) -> Job:
    job = await batches.fetch_job(INBOX, worker_id)
    assert job is not None
    return job


async def test_as_many_are_begun_as_there_are_slots(world: World, ids: list[int]) -> None:
    async with worker(world, slots=3) as (first, one), worker(world, slots=1) as (second, two):
        jobs = [await fetched(first, one)]
        assert (await states(world)).count("doing") == 3
        others = [await fetched(second, two)]
        jobs += [await fetched(first, one), await fetched(first, one)]
        assert (await states(world)).count("doing") == 4  # nobody took more than has a slot
        assert [job.id for job in jobs + others] == ids[:4]
        assert {job.worker_id for job in jobs} == {one}
        assert jobs[0].task_kwargs.keys() == {"conversation_id"}
        # all slots are taken: one more is asked for by a worker that has one free, and by nobody else
        await first.finish_job(jobs[0], Status.SUCCEEDED, delete_job=False)
        await fetched(first, one)
        assert (await states(world)).count("doing") == 4


async def test_no_worker_takes_more_than_its_share_at_once(world: World, ids: list[int]) -> None:
    async with worker(world, slots=100) as (batches, id):
        await fetched(batches, id)
        assert (await states(world)).count("doing") == MOST


async def test_those_that_end_together_are_written_together(world: World, ids: list[int]) -> None:
    async with worker(world, slots=MOST) as (batches, id):
        jobs = [await fetched(batches, id) for _ in range(MOST)]
        ends = [Status.FAILED, *[Status.SUCCEEDED] * (MOST - 1)]
        await asyncio.gather(*map(batches.finish_job, jobs, ends, [False] * MOST))
        await batches.finish_job(jobs[0], Status.SUCCEEDED, delete_job=False)  # a second time: it stays as it was
    assert await states(world) == ["failed", *["succeeded"] * (MOST - 1), "todo", "todo"]
    assert await world.rows("select distinct attempts from procrastinate_jobs where status <> 'todo'") == [(1,)]
    written = "select count(*), count(distinct at) from procrastinate_events where type in ('failed', 'succeeded')"
    assert await world.rows(written) == [(MOST, 1)]


async def test_an_end_that_cannot_be_written_is_an_error_for_each(world: World, ids: list[int]) -> None:
    async with worker(world, slots=2) as (batches, id):
        jobs = [await fetched(batches, id), await fetched(batches, id)]
        odd = [Status.SUCCEEDED, Status.SUCCEEDED]
        await world.execute("alter table procrastinate_jobs rename to away")
        outcomes = await asyncio.gather(*map(batches.finish_job, jobs, odd, [False] * 2), return_exceptions=True)
        await world.execute("alter table away rename to procrastinate_jobs")
        assert [type(each).__name__ for each in outcomes] == ["UndefinedTable"] * 2
        # their slots are free, and ends are written again
        await fetched(batches, id)
        await batches.finish_job(jobs[0], Status.SUCCEEDED, delete_job=False)
    assert (await states(world))[0] == "succeeded"


async def test_what_a_stopped_worker_did_not_begin_is_for_others(world: World, ids: list[int]) -> None:
    async with worker(world, slots=3) as (batches, id):
        await fetched(batches, id)
        await batches.unregister_worker(id)
    assert await states(world) == ["doing", *["todo"] * (MOST + 1)]
    assert await world.one("select count(*) from procrastinate_workers") == 0


async def test_a_job_that_comes_again_has_given_up_its_slot(world: World, ids: list[int], clock: object) -> None:
    async with worker(world, slots=1) as (batches, id):
        job = await fetched(batches, id)
        await batches.retry_job(job, retry_at=world.clock())
        await fetched(batches, id)
        assert (await states(world)).count("doing") == 1
