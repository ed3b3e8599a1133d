"""Two web processes take in the same and different messages at once, while a worker handles them.

Whatever the order: every message is kept once, numbered without gaps, read once, and no conversation has two live jobs.
Each lock by itself is shown in tests/behaviour/test_who_comes_second_waits.py.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from random import Random

import pytest

from concierge.inbox import arrival
from concierge.web import webhooks
from tests.fakes import FrozenClock
from tests.makers import batch, text_message
from tests.world import World, open_world

DELIVERIES = 50
SENDERS = [f"1555000{n}" for n in range(6)]


@pytest.fixture
async def two(
    world: World, db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[tuple[World, World]]:
    """Two web processes over one database. On a busy machine the last ones would be told to come again."""
    for module, limit in ((arrival, "LONGEST_BATCH"), (arrival, "LONGEST_WAIT"), (webhooks, "ASKING")):
        monkeypatch.setattr(module, limit, 60)
    async with open_world(db, clock) as other:
        yield world, other


def deliveries(random: Random) -> list[list[tuple[str, str]]]:
    """Batches of (id, sender) in which many ids come several times, in different company and order."""
    ids = {f"wamid.{n}": random.choice(SENDERS) for n in range(60)}
    return [random.sample(sorted(ids.items()), random.randint(1, 5)) for _ in range(DELIVERIES)]


async def post_all(worlds: tuple[World, World], what: list[list[tuple[str, str]]], random: Random) -> None:
    async def post(messages: list[tuple[str, str]]) -> int:
        payload = batch([text_message(id, id=id, sender=sender) for id, sender in messages])
        return (await random.choice(worlds).client.post("/webhook/whatsapp", json=payload)).status_code

    assert Counter(await asyncio.gather(*(post(messages) for messages in what))) == {200: len(what)}


async def check_rows(world: World, expected: dict[str, str]) -> None:
    rows = await world.rows("""
        select m.provider_message_id, i.value, m.conversation_id, m.seq
        from inbound_message m join contact_identity i on i.id = m.identity_id
    """)
    assert Counter({id: sender for id, sender, _, _ in rows}) == Counter(expected)
    assert len(rows) == len(expected)
    seqs = defaultdict(list)
    for _, sender, conversation, seq in rows:
        seqs[sender, conversation].append(seq)
    assert len(seqs) == len(set(expected.values()))
    cursors = dict(await world.rows("select id, last_seq from conversation"))
    for (_, conversation), numbers in seqs.items():
        assert sorted(numbers) == list(range(1, cursors[conversation] + 1))


@pytest.mark.parametrize("seed", range(2))
async def test_many_deliveries_at_once(two: tuple[World, World], seed: int) -> None:
    random, (world, _) = Random(seed), two
    what = deliveries(random)
    await post_all(two, what, random)
    await check_rows(world, dict(message for messages in what for message in messages))
    jobs = await world.rows("select args ->> 'conversation_id' from procrastinate_jobs where status = 'todo'")
    assert sorted(jobs) == await world.rows("select id::text from conversation order by 1")


@pytest.mark.parametrize("seed", range(2))
async def test_while_a_worker_handles_them(two: tuple[World, World], seed: int) -> None:
    random, (world, _) = Random(seed), two
    what = deliveries(random)
    world.model.meanwhile = lambda: asyncio.sleep(0)
    await asyncio.gather(post_all(two, what, random), world.work(), world.work())
    await world.work()
    expected = dict(message for messages in what for message in messages)
    await check_rows(world, expected)
    assert await world.rows("select 1 from conversation where handled_seq < last_seq") == []
    read = [said.text for prompt in world.model.prompts for said in prompt.turns[-prompt.unread :]]
    assert sorted(read) == sorted(expected)
