"""Whatever the program believes: what is done never fires again, and nothing skips a step."""

import asyncio

import psycopg
import pytest

from concierge.followups.executing import execute
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

OTHERS = [
    "needs_clarification", "pending", "snoozed", "due", "executing", "sending", "failed", "cancelled", "expired",
]  # fmt: skip


@pytest.fixture
async def done(world: World) -> World:
    """A reminder was delivered."""
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    await world.pass_time(days=9)
    assert await world.one("select status from task") == "done"
    return world


async def test_the_database_refuses(done: World) -> None:
    for status in OTHERS:
        with pytest.raises(psycopg.errors.CheckViolation, match=f"from done to {status}"):
            await done.execute("update task set status = %(status)s", status=status)


async def test_running_it_again_sends_nothing(done: World) -> None:
    task = await done.one("select id from task")
    await asyncio.gather(*(execute(done.runtime, task) for _ in range(3)))
    await done.pass_time(days=1)
    assert len(done.outside.sent) == 2


async def test_an_operator_cannot_retry_it(done: World) -> None:
    task = await done.one("select id from task")
    assert (await done.admin("POST", f"/admin/tasks/{task}/retry")).status_code == 409


async def test_a_cancelled_one_does_not_fire(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    await world.execute("update task set status = 'cancelled'")
    await world.pass_time(days=9)
    assert len(world.outside.sent) == 1


async def test_one_that_is_cancelled_while_its_draft_is_written_does_not_fire(world: World) -> None:
    async def cancel() -> None:
        if world.model.prompts[-1].purpose == "draft":
            await world.execute("update task set status = 'cancelled'")

    world.model.script = readings(reading("Call Bob", SOON, draft=True))
    world.model.meanwhile = cancel
    await world.email("Call Bob")
    await world.work()
    await world.pass_time(days=9)
    assert len(world.outside.sent) == 1
    assert await world.one("select status from task") == "cancelled"
