"""Requests under few Idempotency-Keys, at once and through two processes: each is done at most once, and never half."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from random import Random

import pytest
from httpx import Response

from concierge.tenants import key_store
from tests.fakes import FrozenClock
from tests.world import KEY, World, open_world

Sent = tuple[str, str]  # Idempotency-Key, name of the API key that is to be made


@pytest.fixture
async def two(world: World, db: str, clock: FrozenClock) -> AsyncIterator[tuple[World, World]]:
    """Two web processes over one database."""
    async with open_world(db, clock) as other:
        yield world, other


async def send(world: World, sent: Sent) -> Response:
    key, name = sent
    return await world.client.post(
        "/v1/api-keys",
        json={"name": name, "scopes": ["*:read"]},
        headers={"x-api-key": KEY, "idempotency-key": key},
    )


async def made(world: World) -> dict[str, int]:
    return dict(await world.rows("select name, count(*) from api_key where prefix is not null group by 1"))


@pytest.mark.parametrize("seed", range(4))
async def test_each_is_done_once_whatever_comes_at_once(two: tuple[World, World], seed: int) -> None:
    random, world = Random(seed), two[0]
    requests = [(f"key-{random.randrange(3)}", f"name-{random.randrange(2)}") for _ in range(24)]
    together = random.choice([2, 6, 24])
    answers: list[tuple[Sent, Response]] = []
    for n in range(0, len(requests), together):
        batch = requests[n : n + together]
        answers += zip(batch, await asyncio.gather(*(send(random.choice(two), each) for each in batch)), strict=True)

    by_key: dict[str, set[tuple[str, bytes]]] = defaultdict(set)
    fresh = 0
    for (key, name), answer in answers:
        assert answer.status_code in {201, 409, 422}
        if answer.status_code == 201:
            by_key[key].add((name, answer.content))
            fresh += "idempotency-replayed" not in answer.headers
    assert by_key.keys() == {key for key, _ in requests}
    assert all(len(said) == 1 for said in by_key.values()), "a key has one answer, for one request"
    assert fresh == len(by_key)
    assert sum((await made(world)).values()) == len(by_key)
    for key, said in by_key.items():
        ((name, content),) = said
        again, other = await send(world, (key, name)), await send(world, (key, name + "!"))
        assert (again.content, again.headers["idempotency-replayed"]) == (content, "true")
        assert (other.status_code, other.json()["code"]) == (422, "key-used-before")


async def test_a_process_that_dies_before_its_answer_is_kept_has_done_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer is stored in the transaction of what was done: where that fails, nothing was done."""
    with monkeypatch.context() as broken:
        broken.setattr("concierge.web.idempotency.closed", lambda *_: 1 / 0)
        assert (await send(world, ("k", "n"))).status_code == 500
    assert await made(world) == {}
    assert (await send(world, ("k", "n"))).status_code == 201
    assert await made(world) == {"n": 1}


async def test_while_the_first_runs_the_second_is_told_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()
    add = key_store.add

    async def slow(*args: object, **facts: object) -> object:
        inside.set()
        await go_on.wait()
        return await add(*args, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(key_store, "add", slow)
    first = asyncio.create_task(send(world, ("k", "n")))
    await inside.wait()
    second = await send(world, ("k", "n"))
    assert (second.status_code, second.json()["code"]) == (409, "conflicting")
    go_on.set()
    assert (await first).status_code == 201
    assert (await send(world, ("k", "n"))).headers["idempotency-replayed"] == "true"


async def test_what_a_key_is_and_how_long_it_counts(world: World) -> None:
    for bad in ("", "x" * 256):
        assert (await send(world, (bad, "n"))).status_code == 422
    longest = "x" * 255
    assert (await send(world, (longest, ""))).status_code == 422, "a refusal is not kept"
    first = await send(world, (longest, "n"))
    stored = await world.one("select body from idempotent_request")
    assert first.json()["key"].encode() not in stored
    world.clock.advance(hours=23, minutes=59)
    assert (await send(world, (longest, "n"))).content == first.content
    world.clock.advance(minutes=1)
    assert (await send(world, (longest, "n"))).json()["key"] != first.json()["key"]
    assert await made(world) == {"n": 2}
    await world.pass_time(hours=24)
    assert await world.one("select count(*) from idempotent_request") == 0
    reader = (await send(world, ("r", "reader"))).json()["key"]
    answer = await world.client.post(
        "/v1/api-keys",
        json={"name": "reader", "scopes": ["*:read"]},
        headers={"x-api-key": reader, "idempotency-key": "r"},
    )
    assert answer.status_code == 403, "a stored answer is for those who may ask"
