"""Two worker processes, each with a scheduler: one reminder."""

from tests.faults.site import Site


async def test_a_due_task_fires_once(site: Site) -> None:
    """Forty at once, so that both schedulers find something."""
    site.start("worker")
    site.start("worker")
    for n in range(40):
        await site.receive(id=f"wamid.{n}", sender=f"155500000{n:02}")
    await site.until_statuses(*["sent"] * 40)

    await site.world.execute("update task set due_at = now()")
    await site.until_statuses(*["sent"] * 80)
    await site.until_idle()
    reminders = [each["to"] for each in site.graph.accepted if each["text"]["body"].startswith("Reminder")]
    assert len(reminders) == len(set(reminders)) == 40
    assert await site.world.one("select max(round) from task") == 1
    moves = "select count(*) from event where type = 'task.executing' group by subject_id having count(*) > 1"
    assert await site.world.rows(moves) == []
    ticks = "select task_name, args from procrastinate_jobs where queue_name = 'ticks'"
    assert await site.world.rows(f"{ticks} group by task_name, args having count(*) > 1") == []
