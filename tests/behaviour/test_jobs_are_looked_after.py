"""Rescue, sweep and prune: what stalled comes back, what never ends is given up, what is over goes away."""

import pytest

from concierge.inbox.handling import MOST_SWEEPS
from concierge.worker.app import EVERY_TICK, TICKS, WORK
from concierge.worker.housekeeping import MARGIN, RESCUES, limits, prune, rescue
from concierge.worker.ticking import JOB, longest
from tests.each import each
from tests.fakes import FrozenClock
from tests.world import World

DEADLINES = {tick.name: tick.deadline for tick in EVERY_TICK} | {JOB: longest(EVERY_TICK)}
STATUS = "select status from procrastinate_jobs where id = %(id)s"


async def begun(world: World, task: str, *, ago: float, alive: bool = True, queue: str = "ticks") -> int:
    """A job that a worker began so many seconds ago and has not ended."""
    heartbeat = "now()" if alive else "now() - interval '1 hour'"
    worker = await world.one(f"insert into procrastinate_workers (last_heartbeat) values ({heartbeat}) returning id")
    id = await world.one(
        "insert into procrastinate_jobs (queue_name, task_name, args) values (%(queue)s, %(task)s, '{}') returning id",
        queue=queue,
        task=task,
    )
    await world.execute(
        "update procrastinate_jobs set status = 'doing', worker_id = %(worker)s where id = %(id)s", id=id, worker=worker
    )
    await world.execute(
        "update procrastinate_events set at = now() - make_interval(secs => %(ago)s) where job_id = %(id)s",
        id=id,
        ago=ago,
    )
    return int(id)


async def rescued(world: World, id: int) -> bool:
    await rescue(world.runtime, work=WORK, ticks=TICKS)
    return bool(await world.one(STATUS, id=id) == "todo")


@each("tick", DEADLINES)
async def test_a_tick_has_its_whole_deadline(world: World, tick: str) -> None:
    early = await begun(world, tick, ago=DEADLINES[tick] + MARGIN - 10)
    assert not await rescued(world, early)
    late = await begun(world, tick, ago=DEADLINES[tick] + MARGIN + 10)
    assert not await rescued(world, late)
    assert await world.one(STATUS, id=late) == "failed"  # the next one comes by itself


@each("work", WORK)
async def test_a_job_has_its_whole_deadline(world: World, work) -> None:
    id = await begun(world, work.job.kind, ago=work.deadline + MARGIN - 10, queue=work.job.queue)
    assert not await rescued(world, id)


async def test_what_another_version_does_is_given_time(world: World) -> None:
    assert not await rescued(world, await begun(world, "tomorrow.tick", ago=660))
    assert await rescued(world, await begun(world, "tomorrow.tick", ago=1000))


async def test_the_jobs_of_the_dead_come_back_at_once(world: World) -> None:
    assert await rescued(world, await begun(world, "inbox.handle", ago=1, alive=False, queue="inbox"))


def test_every_tick_has_a_limit() -> None:
    assert limits(WORK, TICKS).keys() == {work.job.kind for work in WORK} | DEADLINES.keys()


async def kills_its_worker(world: World) -> None:
    """The job that is there begins, and its worker is gone."""
    await world.execute("update procrastinate_jobs set status = 'doing' where queue_name = 'inbox' and status = 'todo'")


async def test_a_job_that_kills_its_workers_is_given_up(world: World) -> None:
    """It goes through the tick with everything registered, as in production."""
    await world.email("Call Bob")
    (handle,) = (work for work in WORK if work.job.kind == "inbox.handle")
    chances = len(handle.waits) + RESCUES
    status = "select status from procrastinate_jobs where task_name = 'inbox.handle' order by id limit 1"
    for n in range(chances):
        await kills_its_worker(world)
        await rescue(world.runtime, work=WORK, ticks=TICKS)
        assert await world.one(status) == "todo", n
    await kills_its_worker(world)
    await rescue(world.runtime, work=WORK, ticks=TICKS)
    assert await world.one(status) == "failed"
    assert await world.rows("select parked_at is not null, handled_seq, last_seq from conversation") == [(True, 0, 1)]
    conversation = await world.one("select id from conversation")
    assert await world.rows("select subject, subject_id, kind from notification") == [
        ("conversation", conversation, "parked")
    ]
    assert world.model.prompts == []


async def test_the_tick_of_the_world_is_the_real_one(world: World) -> None:
    await world.email("Call Bob")
    await kills_its_worker(world)
    await world.execute("update procrastinate_jobs set attempts = 100 where status = 'doing'")
    await world.tick()
    assert await world.one("select parked_at is not null from conversation")


async def test_a_conversation_that_is_never_finished_is_parked(world: World, clock: FrozenClock) -> None:
    """Its wake-up is lost again and again: somebody should look at it."""
    (sweep,) = (tick for tick in TICKS if tick.name == "inbox.sweep")
    await world.email("Call Bob")
    for _ in range(MOST_SWEEPS):
        await world.execute("delete from procrastinate_jobs where queue_name = 'inbox'")
        clock.advance(minutes=6)
        await sweep.run(world.runtime)
        assert await world.one("select count(*) from procrastinate_jobs where queue_name = 'inbox'") == 1
        assert await world.one("select parked_at is null from conversation")
    await world.execute("delete from procrastinate_jobs where queue_name = 'inbox'")
    clock.advance(minutes=6)
    await sweep.run(world.runtime)
    assert await world.rows("select parked_at is not null, parked_reason from conversation") == [
        (True, "never finished")
    ]
    assert await world.rows("select kind from notification") == [("parked",)]
    assert await world.rows("select 1 from procrastinate_jobs where queue_name = 'inbox'") == []


MINUTE, HOUR, DAY = 60, 3_600, 86_400


@each(
    ("queue", "status", "age", "stays"),
    [
        ("ticks", "succeeded", 9 * MINUTE, True),
        ("ticks", "succeeded", 11 * MINUTE, False),
        ("ticks", "failed", 11 * MINUTE, False),
        ("inbox", "succeeded", 23 * HOUR, True),
        ("inbox", "succeeded", 25 * HOUR, False),
        ("inbox", "cancelled", 25 * HOUR, False),
        ("inbox", "failed", 6 * DAY, True),
        ("outbox", "failed", 8 * DAY, False),
        ("outbox", "aborted", 8 * DAY, False),
        ("inbox", "todo", 30 * DAY, True),
        ("ticks", "doing", 30 * DAY, True),
    ],
)
async def test_finished_jobs_go_away(world: World, queue: str, status: str, age: int, stays: bool) -> None:
    id = await world.one(
        "insert into procrastinate_jobs (queue_name, task_name, args) values (%(queue)s, 'x', '{}') returning id",
        queue=queue,
    )
    for step in {"todo": (), "cancelled": (status,)}.get(status, ("doing", status)):
        await world.execute("update procrastinate_jobs set status = %(step)s where id = %(id)s", id=id, step=step)
    await world.execute("update procrastinate_events set at = at - make_interval(secs => %(age)s)", age=age)
    await prune(world.runtime)
    assert bool(await world.rows("select 1 from procrastinate_jobs where id = %(id)s", id=id)) is stays


async def test_many_are_pruned_bite_by_bite(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("concierge.worker.housekeeping.BITE", 2)
    insert = "insert into procrastinate_jobs (queue_name, task_name, args) select 'ticks', 'x', '{}'"
    await world.execute(f"{insert} from generate_series(1, 5)")
    await world.execute("update procrastinate_jobs set status = 'doing'")
    await world.execute("update procrastinate_jobs set status = 'succeeded'")
    await world.execute("update procrastinate_events set at = at - interval '2 days'")
    await prune(world.runtime)
    assert await world.one("select count(*) from procrastinate_jobs") == 0
    assert await world.one("select count(*) from procrastinate_events") == 0
