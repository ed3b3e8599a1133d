"""An operation over everything that matches: answered at once, done in batches, readable while it runs."""

from typing import Any

import pytest

from concierge.admin.bulk import steps
from concierge.admin.bulk.model import Batch, Sweep
from concierge.admin.bulk.sweeping import sweep
from tests.world import KEY, World

FAILED = """
    insert into procrastinate_jobs (queue_name, task_name, status, args)
    select case when n <= 7 then 'inbox' else 'media' end, 'nobody.does', 'failed', '{}' from generate_series(1, 9) n
"""


async def ask(world: World, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    answer = await world.client.request(
        method, f"/v1/admin{path}", headers={"x-api-key": KEY}, **({} if body is None else {"json": body})
    )
    return answer.status_code, answer.json()


async def step(world: World) -> None:
    """The job of one batch."""
    rows = await world.rows("""
        update procrastinate_jobs set status = 'succeeded' where task_name = 'admin.sweep' and status = 'todo'
        returning (args->>'tenant_id')::uuid, (args->>'operation_id')::uuid
    """)
    for row in rows:
        await sweep(world.runtime, Sweep(*row))


async def statuses(world: World, queue: str) -> set[str]:
    rows = await world.rows("select distinct status::text from procrastinate_jobs where queue_name = %(q)s", q=queue)
    return {status for (status,) in rows}


async def test_failed_jobs_run_again_each_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SIZE", 3)
    await world.execute(FAILED)
    status, made = await ask(world, "POST", "/jobs/retry", {"queue": "inbox"})
    assert (status, made["status"], made["total"], made["done"], made["asked_by"]) == (
        202,
        "running",
        7,
        0,
        "key:operator",
    )
    path = f"/operations/{made['id']}"
    await step(world)
    assert (await ask(world, "GET", path))[1]["done"] == 3
    # those that fail again at once are not taken up a second time, nor what fails from now on
    await world.execute(
        "update procrastinate_jobs set status = 'failed' where status = 'todo' and queue_name = 'inbox'"
    )
    await world.execute(FAILED)
    for _ in range(3):
        await step(world)
    _, ended = await ask(world, "GET", path)
    assert (ended["status"], ended["done"]) == ("done", 7)
    assert await world.one("select count(*) from procrastinate_jobs where status = 'todo'") == 4
    assert await statuses(world, "media") == {"failed"}
    assert [each["id"] for each in (await ask(world, "GET", "/operations"))[1]["data"]] == [made["id"]]
    assert await world.moves(made["id"]) == ["running", "done"]
    assert (await ask(world, "POST", path + "/cancel"))[0] == 409
    ((noted,),) = [(await ask(world, "GET", "/actions"))[1]["data"]]
    assert (noted["actor"], noted["action"], noted["subject_id"]) == ("key:operator", "retry_jobs", made["id"])


async def test_it_is_cancelled_or_fails_and_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "SIZE", 3)
    await world.execute(FAILED)
    await world.execute("update procrastinate_jobs set status = 'todo', scheduled_at = '2099-01-01'")
    assert (await ask(world, "POST", "/jobs/cancel", {}))[0] == 422, "not everything at once"
    _, made = await ask(world, "POST", "/jobs/cancel", {"kind": "nobody.does"})
    await step(world)
    path = f"/operations/{made['id']}"
    assert (await ask(world, "POST", path + "/cancel"))[1]["status"] == "cancelled"
    await step(world)
    assert await world.one("select count(*) from procrastinate_jobs where status = 'cancelled'") == 3

    async def broken(*_: Any) -> Batch:
        raise RuntimeError("no")

    monkeypatch.setattr("concierge.admin.bulk.sweeping.STEPS", {"jobs.retry": broken})
    await world.execute("delete from procrastinate_jobs")
    _, made = await ask(world, "POST", "/jobs/retry", {})
    await world.work()
    _, ended = await ask(world, "GET", f"/operations/{made['id']}")
    assert (ended["status"], ended["reason"]) == ("failed", "RuntimeError")
    assert await world.rows("select kind from notification where subject_id = %(id)s", id=made["id"]) == [
        ("operation_failed",)
    ]
