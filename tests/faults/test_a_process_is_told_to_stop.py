"""SIGTERM: what is under way is brought to its end, and the rest waits for the next process."""

import asyncio
import signal
from functools import partial
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from concierge.simulators.serving import Answer, Request, json_answer, serving
from concierge.worker.supervisor import GRACE
from tests.faults.processes import DEADLINE, until
from tests.faults.site import THEIRS_END, Site, locked
from tests.places import open_place


async def is_registered(site: Site) -> bool:
    return bool(await site.world.rows("select from procrastinate_workers"))


async def test_a_worker_finishes_what_it_has_begun(site: Site) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def take(_request: Request) -> Answer | None:
        asked.set()
        await answer.wait()
        return json_answer({"messages": [{"id": "wamid.HELD"}]})

    async with serving(take) as url:
        await site.point_account_to(url)
        worker = site.start("worker")
        await site.receive()
        await asyncio.wait_for(asked.wait(), DEADLINE)
        worker.tell(signal.SIGTERM)
        await site.receive(id="wamid.2", sender="15557654321")
        answer.set()
        assert await worker.ended() == 0
    assert (await site.statuses())[0] == "sent"

    await site.point_account_to(site.graph.url)
    await (await site.successor()).pass_time(seconds=1)
    assert await site.statuses() == ["sent", "sent"]


async def test_an_idle_worker_stops_at_once(site: Site) -> None:
    worker = site.start("worker")
    await until(partial(is_registered, site), "the worker")
    worker.tell(signal.SIGTERM)
    assert await worker.ended(seconds=GRACE / 2) == 0
    assert await site.world.rows("select from procrastinate_workers") == []


async def test_a_worker_whose_database_is_gone_does_not_wait_for_it(site: Site) -> None:
    """For ten minutes, here: the last word that it is told to have is a tenth of a second."""
    url = urlsplit(site.environ["DATABASE_URL"])
    host, port = parse_qs(url.query).get("host", [""])[0], parse_qs(url.query).get("port", ["5432"])[0]
    if not host.startswith("/"):
        pytest.skip("the way to this server cannot be taken away")
    hurry = {"concierge.worker.app:PATIENCE": 600.0, "concierge.worker.supervisor:LAST_WORD": 0.1}
    with open_place() as place:
        way = place / f".s.PGSQL.{port}"
        way.symlink_to(Path(host) / way.name)
        query = urlencode({"host": place, "port": port})
        worker = site.start("worker", hurry, DATABASE_URL=url._replace(query=query).geturl())
        await until(partial(is_registered, site), "the worker")
        way.unlink()
        await site.world.execute(THEIRS_END)
        worker.tell(signal.SIGTERM)
        assert await worker.ended() == 0


async def test_the_web_process_answers_what_it_has_taken(site: Site) -> None:
    web, url = await site.start_web()
    async with locked(site.environ["DATABASE_URL"], "lock table inbound_message in exclusive mode") as lock:
        request = asyncio.create_task(site.deliver(url, "Hello", id="wamid.1"))
        await lock.waiting()
        web.tell(signal.SIGTERM)
    answer = await request
    assert answer.json()["status"] == "accepted"
    assert await web.ended() == 0
