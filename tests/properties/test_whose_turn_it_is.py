"""To the second: who may go, and when who may not is to come again (sql/functions/take_turn.sql)."""

import asyncio
from datetime import datetime, timedelta

import pytest

from concierge.outbox.limits import Bucket
from concierge.outbox.line.store import forget_buckets
from concierge.postgres.query import Conn
from tests.fixtures import NOON
from tests.meeting import met
from tests.world import World

TURN = "select take_turn(%s, %s::text[], %s::float[], %s::int[], %s::bool[], %s, %s)"
ACCOUNT = Bucket("account", 2.0, 2, lined=True)
OTHER = Bucket("other", 2.0, 1, lined=True)
TENANT = Bucket("tenant", 1.0, 1, lined=True)
PAIR = Bucket("pair", 6.0, 1, lined=False)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def turn(conn: Conn, seconds: float, *limits: Bucket, place: float | None = None) -> float | None:
    """When a message that comes so many seconds after noon is to come again; None: it may go."""
    ((tenant,),) = await (await conn.execute("select id from tenant")).fetchall()
    asked = [tenant, *([*each] for each in zip(*((b.key, b.gap, b.burst, b.lined) for b in limits), strict=True))]
    answer = await conn.execute(TURN, [*asked, None if place is None else at(place), at(seconds)])
    ((until,),) = await answer.fetchall()
    return None if until is None else (until - NOON).total_seconds()


@pytest.fixture
async def alone(conn: Conn) -> Conn:
    """A connection to a database with one tenant, who has sent nothing."""
    await conn.execute("insert into tenant (name) values ('Us')")
    return conn


async def test_places_are_one_behind_the_other(alone: Conn) -> None:
    assert [await turn(alone, 0, ACCOUNT) for _ in range(5)] == [None, None, 2, 4, 6]
    assert await turn(alone, 1, ACCOUNT, place=2) == 2  # too early, and not sent to the end again
    assert await turn(alone, 2, ACCOUNT, place=2) is None
    assert await turn(alone, 3, ACCOUNT) == 8
    assert await turn(alone, 5, ACCOUNT) == 10  # there is room, and others wait for it
    assert [await turn(alone, 5, ACCOUNT, place=place) for place in (4, 6)] == [None, 6]
    assert await turn(alone, 30, ACCOUNT) is None  # after a rest: two at once again
    assert [await turn(alone, 30, ACCOUNT) for _ in range(2)] == [None, 32]


async def test_who_waits_in_one_line_stands_in_no_other(alone: Conn) -> None:
    assert await turn(alone, 0, OTHER, TENANT) is None
    assert await turn(alone, 0, OTHER, TENANT) == 2
    assert await turn(alone, 1.5, ACCOUNT, TENANT) is None
    assert await turn(alone, 1.5, ACCOUNT, TENANT) == 2.5
    assert await turn(alone, 2.5, OTHER) is None  # who was refused was charged nothing


async def test_who_waits_for_room_of_their_own_holds_nobody_up(alone: Conn) -> None:
    assert await turn(alone, 0, ACCOUNT, PAIR) is None
    assert [await turn(alone, 0, ACCOUNT, PAIR) for _ in range(2)] == [6, 6]
    assert await turn(alone, 0, ACCOUNT) is None
    assert await turn(alone, 0, ACCOUNT) == 2
    assert await turn(alone, 4, ACCOUNT, PAIR, place=4) == 6
    assert [await turn(alone, 7, OTHER), await turn(alone, 7, OTHER, PAIR, place=5)] == [None, 5]  # before who has 6


async def test_a_limit_is_lowered(alone: Conn) -> None:
    """Nobody is to come again before there is room by what holds now."""
    many, one = Bucket("account", 1.0, 5, lined=True), Bucket("account", 1.0, 1, lined=True)
    assert [await turn(alone, 0, many) for _ in range(6)] == [None] * 5 + [1]
    assert await turn(alone, 0, one) == 5


async def test_two_workers_make_a_limit_at_once(world: World) -> None:
    async with world.runtime.connection() as first, world.runtime.connection() as second:
        async with first.transaction():
            assert await turn(first, 0, TENANT) is None
            other = asyncio.create_task(turn(second, 0, TENANT))
            await met(world, first, other)
        assert await other == 1


async def test_a_limit_is_held_though_somebody_else_made_it(world: World) -> None:
    """Who finds two limits being made by two others holds the first one while it waits for the second."""
    connection = world.runtime.connection
    async with connection() as first, connection() as second, connection() as third, connection() as asking:
        async with third.transaction():
            async with second.transaction(force_rollback=True):
                await turn(second, 0, TENANT)
                async with first.transaction():
                    assert await turn(first, 0, OTHER) is None
                    asked = asyncio.create_task(turn(asking, 2, OTHER, TENANT))
                    await met(world, first, asked)
                await met(world, second, asked)
                assert await turn(third, 2, OTHER) is None
            await met(world, third, asked)
        assert await asked == 4


async def test_a_limit_is_forgotten_while_it_is_asked_for(world: World) -> None:
    async with world.runtime.connection() as first, world.runtime.connection() as second:
        assert await turn(first, 0, TENANT) is None
        async with first.transaction():
            await forget_buckets(first, before=at(600))
            other = asyncio.create_task(turn(second, 600, TENANT))
            await met(world, first, other)
        assert [await other, await turn(first, 600, TENANT)] == [None, 601]
