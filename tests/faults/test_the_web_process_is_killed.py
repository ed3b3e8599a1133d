"""kill -9 of the web process with a message in its hands: the provider got no 200, so it delivers again."""

import asyncio

import httpx
import pytest

from tests.faults.site import Site, locked


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after the commit"])
async def test_with_a_message_half_stored(site: Site, *, committed: bool) -> None:
    web, url = await site.start_web()
    async with locked(site.environ["DATABASE_URL"], "lock table inbound_message in exclusive mode") as lock:
        request = asyncio.create_task(site.deliver(url, id="wamid.1"))
        waiting = await lock.waiting()
        web.kill()
        if not committed:
            await lock.end(waiting)
    with pytest.raises(httpx.TransportError):
        await request
    await site.until_gone(waiting)
    kept = 1 if committed else 0
    for table in ("inbound_message", "conversation", "contact", "procrastinate_jobs"):
        assert await site.world.one(f"select count(*) from {table}") == kept, table

    # by the world's own door, which is another web process in all but the process
    await site.receive(id="wamid.1", status="duplicate" if committed else "accepted")
    await (await site.successor()).work()
    assert await site.statuses() == ["sent"]
    assert len(site.graph.accepted) == 1
