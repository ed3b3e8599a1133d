"""Two worker processes, each with a scheduler: one reminder. And the two workers of one process."""

from tests.faults.processes import until
from tests.faults.site import Site


async def test_a_due_task_fires_once(site: Site) -> None:
    """Twenty at once, so that both schedulers find something."""
    site.start("worker")
    site.start("worker")
    for n in range(20):
        await site.receive(id=f"wamid.{n}", sender=f"155500000{n:02}")
    await site.until_statuses(*["sent"] * 20)

    await site.world.execute("update task set due_at = now()")
    await site.until_statuses(*["sent"] * 40)
    await site.until_idle()
    reminders = [each["to"] for each in site.graph.accepted if each["text"]["body"].startswith("Reminder")]
    assert len(reminders) == len(set(reminders)) == 20
    assert await site.world.one("select max(round) from task") == 1
    moves = "select count(*) from event where type = 'task.executing' group by subject_id having count(*) > 1"
    assert await site.world.rows(moves) == []
    assert await site.world.rows("select name from tick where came_at is null or failing_since is not null") == []


async def test_both_workers_of_a_process_are_replaced_and_buried(site: Site) -> None:
    """They lose one connection after the other until they end, and cannot sign off; two new ones bury them at once."""
    process = site.start("worker")

    async def two() -> set[int]:
        ids = {id for (id,) in await site.world.rows("select id from procrastinate_workers")}
        return ids if len(ids) == 2 else set()

    first = await until(two, "two workers")
    kill = "select pg_terminate_backend(pid) from pg_stat_activity"

    async def have_ended() -> bool:
        await site.world.execute(f"{kill} where datname = current_database() and application_name = 'concierge-queue'")
        return "starting another" in process.log.read_text()

    await until(have_ended, "the end of both")

    async def two_others() -> bool:
        found = await two()
        return bool(found) and not found & first

    await until(two_others, "two new workers")
    await site.receive()
    await site.until_statuses("sent")
