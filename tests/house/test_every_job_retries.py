"""Every job can be run again, names its arguments by id, and has somebody who answers for it when it cannot be done."""

import asyncio
from typing import get_type_hints
from uuid import UUID

import pytest
from procrastinate import App
from procrastinate.tasks import Task

from concierge.wiring import wire
from concierge.work import Tick, Work
from concierge.worker.app import EVERY_TICK, WORK, Waits, make_app
from concierge.worker.ticking import JOB
from tests.each import each
from tests.world import make_settings


@pytest.fixture(scope="module")
def app() -> App:
    """Never opened: only what is registered matters."""

    async def made() -> App:
        return make_app(wire(make_settings("postgresql://nowhere/"), name="test"), ticking=True)

    return asyncio.run(made())


def ours(app: App) -> list[Task]:
    """Without what procrastinate brings along, which nobody queues here."""
    return [task for name, task in app.tasks.items() if "builtin_tasks" not in name]


def test_every_job_and_tick_is_registered_once(app: App) -> None:
    names = [work.job.kind for work in WORK] + [tick.name for tick in EVERY_TICK] + [JOB]
    assert len(names) == len(set(names))
    assert {task.name for task in ours(app)} == set(names)


def test_every_task_is_tried_again(app: App) -> None:
    assert [task.name for task in ours(app) if not isinstance(task.retry_strategy, Waits)] == []
    assert [task.name for task in ours(app) if not task.retry_strategy.seconds] == []


def test_no_task_locks(app: App) -> None:
    """Order comes from the cursor; a lock of the queue would stall everybody behind one dead worker."""
    assert [task.name for task in ours(app) if task.lock or task.queueing_lock] == []


@each("work", WORK)
def test_a_job_carries_ids_only(work: Work) -> None:
    fields = {name: get_type_hints(work.job)[name] for name in work.job.__struct_fields__}
    assert set(fields.values()) == {UUID}
    assert all(name.endswith("_id") for name in fields)


@each("work", WORK)
def test_a_job_that_cannot_be_done_is_parked(work: Work) -> None:
    """Deliveries need nobody: each message or webhook keeps its own attempts and fails by itself."""
    assert work.give_up is not None or work.job.kind in {"outbox.deliver", "webhooks.tell"}


def test_ticks_come_by_one_periodic_task(app: App) -> None:
    coming = app.periodic_registry.periodic_tasks.values()
    assert [(each.task.name, each.cron) for each in coming] == [(JOB, "* * * * * *")]


@each("tick", EVERY_TICK)
def test_a_tick_has_a_deadline(tick: Tick) -> None:
    assert 0 < tick.deadline <= 600
