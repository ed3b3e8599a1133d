"""Many conversations at once, their messages shuffled, workers killed in the middle: order and counts stay exact.

The suite plays it small. INTERLEAVED=200x20x4x6 (conversations, messages of each, workers, kills) plays it in full.
"""

import asyncio
import os
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from psycopg.types.json import Jsonb

from concierge.outbox.reconciling import reconcile
from concierge.worker.app import TICKS, WORK
from concierge.worker.housekeeping import rescue
from tests.faults.processes import Process, until
from tests.faults.site import Site

PEOPLE, EACH, WORKERS, KILLS = (int(n) for n in os.environ.get("INTERLEAVED", "8x6x2x1").split("x"))
PATIENCE = 60.0 + PEOPLE * EACH / 5  # seconds
AGENT = "update agent set skills = '{replies}', settings = %(settings)s, quiet_seconds = 0 where live"
ALIVE = "select id from procrastinate_workers order by id"
SILENCE = "update procrastinate_workers set last_heartbeat = now() - interval '1 hour' where id = any(%(ids)s)"
# what is under way belongs to the dead where no worker has a delivery in hand: only that may be given up early
ABANDONED = """
    update outbound_message set moved_at = moved_at - interval '2 minutes'
    where status = 'sending'
      and not exists (select from procrastinate_jobs where status = 'doing' and task_name = 'outbox.deliver')
"""
LEFT = """
    select count(*) from conversation where handled_seq < last_seq
    union all
    select count(*) from outbound_message where status in ('queued', 'sending')
"""


async def start(site: Site) -> tuple[Process, list[int]]:
    """A worker, and the names under which the queue knows it."""
    known = await site.world.rows(ALIVE)
    process = site.start("worker")

    async def both() -> list[int]:
        new = [id for (id,) in await site.world.rows(ALIVE) if (id,) not in known]
        return new if len(new) == 2 else []

    return process, await until(both, "both workers of a process", seconds=60)


async def bury(site: Site, process: Process, ids: list[int]) -> None:
    """Kill it; what it was doing is done by others, as if its last heartbeat were long ago."""
    process.kill()
    await site.world.execute(SILENCE, ids=ids)
    await rescue(site.world.runtime, work=WORK, ticks=TICKS)


@pytest.mark.timeout(PATIENCE + 60)
async def test_order_and_counts_are_exact(site: Site) -> None:
    dice, world = Random(7), site.world
    await world.execute(AGENT, settings=Jsonb({}))
    workers = [await start(site) for _ in range(WORKERS)]
    line = [person for person in range(PEOPLE) for _ in range(EACH)]
    dice.shuffle(line)
    said: Counter[int] = Counter()
    deaths = set(dice.sample(range(len(line) // 4, len(line)), KILLS))
    for n, person in enumerate(line):
        said[person] += 1
        sender, id = f"1555{person:07}", f"wamid.{person}.{said[person]}"
        await site.receive(f"message {said[person]}", id=id, sender=sender)
        if n in deaths:
            await bury(site, *workers.pop(dice.randrange(len(workers))))
            workers.append(await start(site))

    async def is_over() -> bool:
        if [n for (n,) in await world.rows(LEFT)] == [0, 0]:
            return True
        await world.execute(ABANDONED)
        await reconcile(world.runtime)  # what a dead worker was sending becomes unknown, and holds nobody up
        await asyncio.sleep(0.1)
        return False

    await until(is_over, "the end of everything", seconds=PATIENCE)

    # every message is kept once, in its order, and handled
    assert await world.rows(
        "select count(*), count(*) filter (where handled_seq = %(n)s) from conversation", n=EACH
    ) == [(PEOPLE, PEOPLE)]
    texts = "select array_agg(text order by seq) from inbound_message group by conversation_id"
    assert {tuple(row) for (row,) in await world.rows(texts)} == {tuple(f"message {n}" for n in range(1, EACH + 1))}

    # one answer a turn; the turns follow each other, and the last one reaches the last message
    turns = "select array_agg(upto_seq order by created_at, id) from reply group by conversation_id"
    answered = [row for (row,) in await world.rows(turns)]
    assert all(row[-1] == EACH and all(a < b for a, b in pairwise(row)) for row in answered)
    posted = await world.rows("select id::text, status, dedupe_key from outbound_message order by position")
    assert len(posted) == len({key for _, _, key in posted}) == sum(len(row) for row in answered)

    # nothing is sent twice, nothing that was sent is missing, and each person hears the answers in their order
    taken = [message["biz_opaque_callback_data"].split(":")[1] for message in site.graph.accepted]
    assert len(taken) == len(set(taken))
    sent = {id for id, status, _ in posted if status == "sent"}
    lost = {id for id, status, _ in posted if status == "unknown"}
    assert sent <= set(taken) <= sent | lost
    assert len(lost) <= KILLS * 8  # no more than the dead had in hand
    places = {id: n for n, (id, _, _) in enumerate(posted)}
    heard: dict[str, list[int]] = {}
    for message, id in zip(site.graph.accepted, taken, strict=True):
        heard.setdefault(message["to"], []).append(places[id])
    assert all(row == sorted(row) for row in heard.values())
