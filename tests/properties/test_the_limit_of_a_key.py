"""All processes together let a key ask as often as it may, neither more nor less, and say what is left."""

import asyncio
import re
from collections.abc import AsyncIterator
from random import Random

import pytest

from tests.fakes import FrozenClock
from tests.world import KEY, World, open_world

QUOTA = 30  # a minute: one every two seconds


@pytest.fixture
async def both(db: str, clock: FrozenClock) -> AsyncIterator[list[World]]:
    quota = str(QUOTA)
    async with (
        open_world(db, clock, API_RATE_LIMIT=quota) as one,
        open_world(db, clock, API_RATE_LIMIT=quota) as two,
    ):
        yield [one, two]


async def ask(worlds: list[World], random: Random, times: int) -> list[int]:
    answers = await asyncio.gather(
        *(random.choice(worlds).client.get("/v1/me", headers={"x-api-key": KEY}) for _ in range(times))
    )
    for answer in answers:
        assert answer.headers["ratelimit-policy"] == f'"default";q={QUOTA};w=60'
        assert re.fullmatch(r'"default";r=\d+;t=\d+', answer.headers["ratelimit"])
        assert ("retry-after" in answer.headers) is (answer.status_code == 429)
    return sorted(answer.status_code for answer in answers)


@pytest.mark.parametrize("seed", range(3))
async def test_exactly_what_is_allowed(both: list[World], clock: FrozenClock, seed: int) -> None:
    random = Random(seed)
    left, at = float(QUOTA), 0.0  # what a bucket by the book would hold
    for _ in range(6):
        asked = random.randrange(1, 25)
        statuses = await ask(both, random, asked)
        allowed = min(asked, int(left))
        assert statuses == [200] * allowed + [429] * (asked - allowed)
        left -= allowed
        rest = random.randrange(0, 20) * 2  # whole tokens, so that no rounding decides
        at += rest
        clock.advance(seconds=rest)
        left = min(float(QUOTA), left + rest / 2)


async def test_who_waits_as_told_is_let_in(both: list[World], clock: FrozenClock) -> None:
    await ask(both, Random(0), QUOTA)
    refused = await both[0].client.get("/v1/me", headers={"x-api-key": KEY})
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many")
    assert refused.headers["ratelimit"] == '"default";r=0;t=60'
    clock.advance(seconds=int(refused.headers["retry-after"]))
    assert await ask(both, Random(0), 1) == [200]


async def test_one_keys_haste_is_not_anothers(both: list[World]) -> None:
    made = await both[0].client.post(
        "/v1/api-keys", json={"name": "x", "scopes": ["*:read"]}, headers={"x-api-key": KEY}
    )
    await ask(both, Random(0), QUOTA)
    assert (await both[0].client.get("/v1/me", headers={"x-api-key": made.json()["key"]})).status_code == 200
    assert (await both[0].client.get("/v1/me", headers={"x-api-key": "wrong"})).status_code == 401
