"""Several workers at once keep one limit: never more than allowed in any window, in order, and all get a turn.

When whoever waits is to come again, to the second: test_whose_turn_it_is.py.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from itertools import combinations
from random import Random
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from concierge.outbox.delivery import deliver
from concierge.outbox.limits import Bucket, buckets
from concierge.outbox.line import store
from concierge.outbox.reconciling import wake
from tests.fakes import FrozenClock
from tests.saying import say
from tests.world import World, open_world

SECOND = timedelta(seconds=1)
MESSAGES = 15  # of ten people: some have said nothing yet, some have said several things


@pytest.fixture
async def workers(world: World, db: str, clock: FrozenClock) -> AsyncIterator[list[World]]:
    """Three workers over one database, and ten people who have written."""
    async with open_world(db, clock) as second, open_world(db, clock) as third:
        everybody = [(f"wamid.{n}", f"1555000{n}", "hello") for n in range(10)]
        await world.client.post("/webhook/whatsapp", json=world.whatsapp_payload(*everybody))
        await world.work()
        yield [world, second, third]


async def put(world: World, conversation: UUID, n: int) -> None:
    await say(world, str(n), key=str(n), conversation=conversation, kind="confirmation")


async def set_rate(world: World, rate: float, burst: int) -> None:
    settings = Jsonb({"rate": rate, "burst": burst})
    await world.execute("update channel_account set settings = %(settings)s", settings=settings)


async def all_deliver(workers: list[World], ids: list[UUID]) -> None:
    await asyncio.gather(*(deliver(worker.runtime, id) for id in ids for worker in workers))


async def started(world: World) -> list[datetime]:
    return [at for (at,) in await world.rows("select started_at from delivery_attempt order by started_at")]


def kept(moments: list[datetime], rate: float, burst: int) -> bool:
    """In every window that begins and ends with a message there are at most burst + rate * its length."""
    return all(
        later - earlier + 1 <= burst + rate * ((moments[later] - moments[earlier]) / SECOND) + 1e-6
        for earlier, later in combinations(range(len(moments)), 2)
    )


@pytest.mark.parametrize(("seed", "rate", "burst"), [(0, 1.0, 1), (1, 4.0, 4), (3, 0.5, 3)])
async def test_never_more_than_allowed_and_in_order(workers: list[World], seed: int, rate: float, burst: int) -> None:
    random, world = Random(seed), workers[0]
    await set_rate(world, rate, burst)
    ids = [id for (id,) in await world.rows("select id from conversation")]
    for n in range(MESSAGES):
        await put(world, random.choice(ids), n)
    for _ in range(200):
        await all_deliver(workers, random.sample(ids, 3))
        world.clock.advance(seconds=random.choice([0.05, 0.3, 1, 2.5]))
        await wake(world.runtime)
        if len(await started(world)) == MESSAGES:
            break
    assert len(await started(world)) == MESSAGES, "somebody never got a turn"
    assert kept(await started(world), rate, burst)
    order = await world.rows("""
        select o.conversation_id, array_agg(o.payload ->> 'text' order by d.started_at, o.position)
             = array_agg(o.payload ->> 'text' order by o.position)
        from delivery_attempt d join outbound_message o on o.id = d.outbound_message_id group by 1
    """)
    assert all(right for _, right in order)
    assert {worker.outside.texts.count("0") for worker in workers} == {0, 1}


async def test_newcomers_do_not_starve_those_who_wait(workers: list[World]) -> None:
    """Every second somebody new speaks, and is tried first; one message a second is allowed."""
    world = workers[0]
    await set_rate(world, 1, 1)
    ids = [id for (id,) in await world.rows("select id from conversation order by id")]
    for n, id in enumerate(ids[:4]):
        await put(world, id, n)
    await all_deliver(workers, ids[:4])
    for n, newcomer in enumerate(ids[4:], 4):
        world.clock.advance(seconds=1)
        await put(world, newcomer, n)
        await all_deliver(workers, [newcomer])
        await wake(world.runtime)
        waiting = await world.rows(
            """
            select conversation_id from outbound_message where status = 'queued' and due_at <= %(now)s order by due_at
        """,
            now=world.clock(),
        )
        for (id,) in waiting:
            await deliver(world.runtime, id)
    said = [
        int(text)
        for (text,) in await world.rows("""
        select o.payload ->> 'text' from delivery_attempt d join outbound_message o on o.id = d.outbound_message_id
        order by d.started_at
    """)
    ]
    assert len(said) == 7
    assert set(said[:4]) == {0, 1, 2, 3}
    assert kept(await started(world), 1, 1)


async def test_a_paced_message_holds_nothing(workers: list[World]) -> None:
    """It is a row with a time: no worker, no connection, no job; others of the account keep their own limits."""
    world = workers[0]
    await set_rate(world, 0.1, 1)
    ids = [id for (id,) in await world.rows("select id from conversation order by id")]
    await put(world, ids[0], 0)
    await put(world, ids[1], 1)
    await world.work()
    assert world.outside.texts == ["0"]
    assert await world.rows("select status, reason, wake_at from outbound_message where status = 'queued'") == [
        ("queued", "paced", world.clock() + timedelta(seconds=10))
    ]
    assert await world.rows("select 1 from procrastinate_jobs where status in ('todo', 'doing')") == []
    await world.email("hello")
    await put(world, await world.one("select id from conversation order by opened_at desc, id desc limit 1"), 2)
    await world.work()
    await world.pass_time(seconds=10)
    assert sorted(world.outside.texts) == ["0", "1", "2"]


async def test_a_gap_of_a_second_holds_over_all_accounts(workers: list[World]) -> None:
    world = workers[0]
    await world.email("hello")
    await world.work()
    await world.execute("update tenant set send_gap_seconds = 1")
    ids = [id for (id,) in await world.rows("select id from conversation")]
    for n, id in enumerate(ids):
        await put(world, id, n)
    for _ in ids:
        await all_deliver(workers, ids)
        world.clock.advance(seconds=1)
    moments = await started(world)
    assert len(moments) == len(ids) == 11
    assert kept(moments, 1, 1)


@given(
    steps=st.lists(st.tuples(st.integers(0, 8000), st.sampled_from(["a", "b"])), min_size=1, max_size=40),
    burst=st.integers(1, 5),
)
async def test_a_pair_limit_is_its_own(steps: list[tuple[int, str]], burst: int, conn: Any) -> None:
    """One per 6 s and person, some at once after a rest; the other person's do not count."""
    now = datetime.fromisoformat("2027-03-03T12:00:00+00:00")
    await conn.execute("delete from rate_bucket")
    tenant = (await (await conn.execute("insert into tenant (name) values ('x') returning id")).fetchone())[0]
    gone: dict[str, list[datetime]] = {"a": [], "b": []}
    for wait, whom in steps:
        now += timedelta(milliseconds=wait)
        answer = await conn.execute(
            "select take_turn(%s, %s::text[], array[6.0]::float[], %s::int[], array[false], null, %s)",
            [tenant, [f"pair:{whom}"], [burst], now],
        )
        (until,) = await answer.fetchone()
        assert until is None or until > now
        if until is None:
            gone[whom].append(now)
    assert gone["a"] or gone["b"]
    assert all(kept(moments, 1 / 6, burst) for moments in gone.values())


def test_the_limits_of_a_channel() -> None:
    account, whom = UUID(int=1), UUID(int=2)

    def of(transport: str, gap: float | None = None, **settings: Any) -> list[Bucket]:
        return buckets(
            account_id=account, channel="whatsapp", transport=transport, settings=settings, identity_id=whom, gap=gap
        )

    assert of("whatsapp") == [
        Bucket(f"account:{account}", 1 / 80, 80, lined=True),
        Bucket(f"pair:{account}:{whom}", 6.0, 45, lined=False),
    ]
    assert of("whatsapp", rate=20)[0] == Bucket(f"account:{account}", 1 / 20, 20, lined=True)
    assert of("sandbox") == []
    assert of("sandbox", rate=0.5, gap=1.0) == [
        Bucket(f"account:{account}", 2.0, 1, lined=True),
        Bucket("tenant", 1.0, 1, lined=True),
    ]
    assert of("sandbox", rate="fast", burst=-1, send_gap="x") == []
    assert of("sandbox", send_gap=1) == [Bucket(f"gap:{account}", 1.0, 1, lined=True)]


async def test_old_buckets_are_forgotten(world: World) -> None:
    await world.execute("""
        insert into rate_bucket select id, 'pair', '2027-03-03T11:00Z', '2027-03-03T11:00Z' from tenant
    """)
    async with world.runtime.connection() as conn:
        await store.forget_buckets(conn, before=world.clock() - timedelta(minutes=10))
    assert await world.rows("select 1 from rate_bucket") == []
