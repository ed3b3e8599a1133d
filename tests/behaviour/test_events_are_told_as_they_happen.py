"""`/v1/events`: each event of a tenant once and in order, over lost connections, to keys that are live."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from concierge.live import streaming, tail
from concierge.tenants.keys import hashed
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.webchat import Tab, local_client, served
from tests.world import KEY, World

OTHER = """
    with t as (insert into tenant (name, zone) values ('Other', 'UTC') returning id)
    insert into api_key (tenant_id, name, hash, scopes) select id, 'other', %(hash)s, '{*:read}' from t
"""
EVENT = """
    insert into event (tenant_id, subject, subject_id, type, at)
    select id, 'thing', id, %(type)s, now() from tenant where name <> 'Other' returning id
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tail, "EVERY", 0.02)
    monkeypatch.setattr(streaming, "HEARTBEAT", 0.1)


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    await world.execute(OTHER, hash=hashed("other"))
    async with served(world) as at:
        yield at


@asynccontextmanager
async def stream(url: str, after: Any = None, key: str = KEY) -> AsyncIterator[Tab]:
    headers = {"x-api-key": key} | ({} if after is None else {"last-event-id": str(after)})
    async with (
        local_client() as client,
        client.stream("GET", f"{url}/v1/events", headers=headers, timeout=5) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Tab(answer)


async def test_each_once_and_in_order(world: World, url: str) -> None:
    before = await world.one("select coalesce(max(id), 0) from event")
    async with stream(url) as own, stream(url, key="other") as others:
        world.model.script = readings(reading("Call Bob", SOON))
        await world.email("Remind me to call Bob next Friday")
        await world.work()
        written = await world.rows("select id, type from event where id > %(before)s order by id", before=before)
        assert len(written) >= 3
        seen = [await own.next() for _ in written]
        assert [(int(each["id"]), each["event"]) for each in seen] == written
        assert seen[0].keys() >= {"subject", "subject_id", "to_status", "correlation_id", "at"}
        assert await others.is_quiet()
    # from the second on, as a client does that lost its connection; from beyond the end: from now on
    async with stream(url, after=written[1][0]) as again, stream(url, after=10**17) as late:
        assert [int((await again.next())["id"]) for _ in written[2:]] == [id for id, _ in written[2:]]
        await world.rows(EVENT, type="thing.done")
        assert ((await again.next())["event"], (await late.next())["event"]) == ("thing.done",) * 2


async def test_what_is_committed_late_is_not_passed_over(world: World, url: str) -> None:
    """The earlier number becomes visible after the later one: both are told, in order, when both are there."""
    async with stream(url) as own:
        async with world.runtime.begin() as conn:
            ((first,),) = await (await conn.execute(EVENT, {"type": "thing.first"})).fetchall()
            second = await world.one(EVENT, type="thing.second")
            assert first < second
            await world.rows("select pg_sleep(0.3)")
        assert [(await own.next())["event"], (await own.next())["event"]] == ["thing.first", "thing.second"]


async def test_a_stream_ends_with_its_key_and_there_are_not_too_many(world: World, url: str) -> None:
    async with stream(url, key="other") as others:
        await world.execute("update api_key set revoked_at = now() where name = 'other'")
        ended = await others.next()
        assert (ended["event"], ended["reason"]) == ("end", "revoked")
        with pytest.raises(StopAsyncIteration):
            await others.next()
    async with AsyncExitStack() as open_:
        tabs = [await open_.enter_async_context(stream(url)) for _ in range(tail.MOST_STREAMS)]
        async with local_client(headers={"x-api-key": KEY}) as client:
            refused = await client.get(f"{url}/v1/events")
            assert (refused.status_code, refused.json()["code"]) == (429, "too-many")
            assert (await client.get(f"{url}/v1/events", headers={"last-event-id": "x"})).status_code == 400
        assert len(tabs) == 5


async def test_it_says_when_it_restarts(world: World) -> None:
    async with AsyncExitStack() as open_:
        async with served(world) as url:
            own = await open_.enter_async_context(stream(url))
        ended = await own.next()
        assert (ended["event"], ended["reason"]) == ("end", "restarting")
