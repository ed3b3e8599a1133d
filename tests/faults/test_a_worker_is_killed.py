"""kill -9 of the worker, at each step of a message's way: nothing is lost, and nothing is said twice.

No step is hit by luck: whoever the worker waits for at that step (the model, the provider, a row) makes it wait until
it is dead.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from concierge.simulators.graph_api import drop
from concierge.simulators.serving import Answer, Request, json_answer, serving
from tests.faults.processes import DEADLINE, until
from tests.faults.site import Site, locked

FOREVER = 600


async def test_while_it_thinks(site: Site) -> None:
    asked = asyncio.Event()

    async def ponder(_request: Request) -> Answer | None:
        asked.set()
        await asyncio.sleep(FOREVER)
        return None

    async with serving(ponder) as url:
        worker = site.start("worker", COMPATIBLE_BASE_URL=url, COMPATIBLE_MODEL="any")
        await site.receive()
        await asyncio.wait_for(asked.wait(), DEADLINE)
        worker.kill()
    assert await site.world.one("select handled_seq from conversation") == 0
    assert await site.statuses() == []

    await site.succeed()
    assert await site.statuses() == ["sent"]
    assert site.graph.requests == 1
    assert await site.world.one("select count(*) from task") == 1
    assert await site.world.one("select count(*) from extraction") == 1


async def test_while_it_settles(site: Site) -> None:
    async with locked(site.environ["DATABASE_URL"], "lock table task in exclusive mode") as lock:
        worker = site.start("worker")
        await site.receive()
        waiting = await lock.waiting()
        worker.kill()
        await lock.end(waiting)
    assert await site.world.one("select handled_seq from conversation") == 0

    await site.succeed()
    assert await site.statuses() == ["sent"]
    assert site.graph.requests == 1
    assert await site.world.one("select count(*) from task") == 1


async def test_between_claim_and_send(site: Site) -> None:
    """The message may have left, for all anybody knows: it becomes unknown, and an operator decides."""
    async with nobody_answers() as url:
        await site.point_account_to(url)
        worker = site.start("worker")
        await site.receive()
        await site.until_statuses("sending")
        worker.kill()
    await site.point_account_to(site.graph.url)
    await site.succeed()
    assert await site.statuses() == ["sending"]

    await site.reconcile_after(minutes=2)
    assert await site.statuses() == ["unknown"]
    await site.reconcile_after(minutes=3)
    assert await site.statuses() == ["unknown"]
    assert site.graph.requests == 0
    assert await site.world.rows("select kind from notification") == [("unknown",)]


async def test_between_claim_and_send_where_the_provider_reports_on_others(site: Site) -> None:
    """Silence about this one, while it speaks of others, is an answer: it never got it. Then it is sent, once."""
    async with nobody_answers() as url:
        await site.point_account_to(url)
        worker = site.start("worker")
        await site.receive()
        await site.until_statuses("sending")
        worker.kill()
    await site.point_account_to(site.graph.url)
    await site.succeed()
    await site.reconcile_after(minutes=2)
    await site.receive(id="wamid.2", sender="15557654321")
    successor = await site.successor()
    await successor.work()
    assert await site.statuses() == ["unknown", "sent"]
    site.world.clock.advance(minutes=1)
    await site.report("delivered")
    await site.reconcile_after(minutes=3)
    await successor.tick()
    assert await site.statuses() == ["sent", "delivered"]
    assert sorted(each["to"] for each in site.graph.accepted) == ["+15551234567", "+15557654321"]


async def test_during_the_call_which_the_provider_took(site: Site) -> None:
    site.graph.next(drop(accepting=True, after=FOREVER))
    worker = site.start("worker")
    await site.receive()
    await until_requested(site)
    worker.kill()
    await site.succeed()

    await site.reconcile_after(minutes=2)
    assert await site.statuses() == ["unknown"]
    await site.report("delivered")
    assert await site.statuses() == ["delivered"]
    assert len(site.graph.accepted) == 1


async def test_during_the_call_which_the_provider_did_not_take(site: Site) -> None:
    site.graph.next(drop(accepting=False, after=FOREVER))
    worker = site.start("worker")
    await site.receive()
    await until_requested(site)
    worker.kill()
    await site.succeed()
    await site.reconcile_after(minutes=2)
    await site.reconcile_after(minutes=3)
    assert await site.statuses() == ["unknown"]
    assert site.graph.requests == 1


async def test_between_acceptance_and_record(site: Site) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def take(_request: Request) -> Answer | None:
        asked.set()
        await answer.wait()
        return json_answer({"messages": [{"id": "wamid.SIM00000001"}]})

    async with serving(take) as url:
        await site.point_account_to(url)
        worker = site.start("worker")
        await site.receive()
        await asyncio.wait_for(asked.wait(), DEADLINE)
        async with locked(site.environ["DATABASE_URL"], "select from delivery_attempt for update") as lock:
            answer.set()
            waiting = await lock.waiting()
            worker.kill()
            await lock.end(waiting)
    assert await site.statuses() == ["sending"]
    await site.point_account_to(site.graph.url)
    await site.succeed()
    await site.reconcile_after(minutes=2)
    await site.reconcile_after(minutes=3)
    assert await site.statuses() == ["unknown"]
    assert site.graph.requests == 0


async def until_requested(site: Site) -> None:
    async def requested() -> bool:
        return site.graph.requests > 0

    await until(requested, "a request at the provider")


@asynccontextmanager
async def nobody_answers() -> AsyncIterator[str]:
    """An address where connections neither open nor fail: its queue is full, and nobody takes anything out of it."""
    with socket.socket() as server, socket.socket() as first, socket.socket() as second:
        server.bind(("127.0.0.1", 0))
        server.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            with suppress(BlockingIOError):
                filler.connect(server.getsockname())
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
