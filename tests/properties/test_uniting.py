"""Messages that carry any of one person's addresses, in any order, at two web processes at once.

Whatever happens: one contact, one open conversation, every message in it that was not handled before, no gap, no loss.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from concierge.channels.model import Address, Event
from tests.events import message, renamed, tell
from tests.fakes import FrozenClock
from tests.fixtures import hear_events
from tests.world import World, open_world

PEOPLE = [
    [Address("phone", f"1555000{n}"), Address("bsuid", f"US.{n}"), Address("bsuid", f"US.ENT.{n}")] for n in range(3)
]


@pytest.fixture
async def two(telling: World, db: str, clock: FrozenClock, tmp_path: Path) -> AsyncIterator[tuple[World, World]]:
    """Two web processes over one database."""
    async with open_world(db, clock, arrange=hear_events, MEDIA_FOLDER=str(tmp_path / "media")) as other:
        yield telling, other


def deliveries(random: Random) -> list[list[Event]]:
    """Batches in which every two addresses of a person come together at least once, many messages twice."""
    each: list[Event] = []
    for person in PEOPLE:
        pairs = [(one, (other,)) for one, other in pairwise(random.sample(person, 3))]
        plain = [(random.choice(person), ()) for _ in range(6)]
        each += [
            message(f"{len(each) + n}", id=f"wamid.{len(each) + n}", sender=sender, also=also)
            for n, (sender, also) in enumerate(random.sample([*pairs, *plain], 8))
        ]
    random.shuffle(each)
    batches = []
    while each:
        size = random.randint(1, 4)
        batches.append(each[:size])
        each = each[size:]
    return random.sample([*batches, *random.sample(batches, 2)], len(batches) + 2)


async def check(world: World) -> None:
    assert await world.one("select count(*) from contact where merged_into is null") == len(PEOPLE)
    owners = await world.rows("select value, contact_id from contact_identity")
    assert len(owners) == sum(map(len, PEOPLE))
    assert len({owner for _, owner in owners}) == len(PEOPLE)
    conversations = await world.rows("select id, contact_id, status, last_seq, handled_seq from conversation")
    assert Counter(contact for _, contact, status, *_ in conversations if status != "closed") == Counter(
        {owner: 1 for _, owner in owners}
    )
    seqs = defaultdict(list)
    for conversation, seq in await world.rows("select conversation_id, seq from inbound_message"):
        seqs[conversation].append(seq)
    assert sum(map(len, seqs.values())) == 8 * len(PEOPLE)
    for id, _, status, last, handled in conversations:
        assert sorted(seqs[id]) == list(range(1, last + 1))
        assert status != "closed" or handled == last


async def post(worlds: tuple[World, World], batches: list[list[Event]], random: Random) -> None:
    answers = await asyncio.gather(*(tell(random.choice(worlds), *batch) for batch in batches))
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("seed", range(4))
async def test_any_order_at_once(two: tuple[World, World], seed: int) -> None:
    random, (world, _) = Random(seed), two
    await post(two, deliveries(random), random)
    await check(world)


@pytest.mark.parametrize("seed", range(4, 6))
async def test_any_order_while_a_worker_handles_them(two: tuple[World, World], seed: int) -> None:
    random, (world, _) = Random(seed), two
    world.model.meanwhile = lambda: asyncio.sleep(0)
    await asyncio.gather(post(two, deliveries(random), random), world.work(), world.work())
    await world.work()
    await check(world)
    assert await world.rows("select 1 from conversation where handled_seq < last_seq") == []
    settled = [row for (row,) in await world.rows("select text from inbound_message")]
    read = [said.text for prompt in world.model.prompts for said in prompt.turns[-prompt.unread :]]
    assert set(read) == set(settled)


@pytest.mark.parametrize("seed", range(6, 8))
async def test_any_order_one_after_the_other_with_new_numbers(two: tuple[World, World], seed: int) -> None:
    random, (world, _) = Random(seed), two
    batches = deliveries(random)
    for person in PEOPLE:
        batches.insert(random.randint(0, len(batches)), [renamed(*random.sample(person, 2))])
    for batch in batches:
        await tell(random.choice(two), *batch)
    await check(world)
