"""A database that is there and says nothing: webhooks are refused within seconds, and taken as soon as it speaks."""

import asyncio
import json
import time
from collections.abc import AsyncIterator

import msgspec
import psycopg
import pytest

from concierge.channels.model import Raw
from concierge.errors import NotStored
from concierge.inbox import arrival
from concierge.inbox.arrival import Arrivals
from concierge.inbox.model import Delivery
from concierge.postgres import silence
from concierge.postgres.pool import LENT_WITHIN, connection_options, make_pool
from concierge.tenants.directory import Directory
from concierge.web import reading, webhooks
from tests.faults.site import locked
from tests.world import World

MAIL = {"messageId": "m-1", "from": "alice@example.com", "to": "concierge@example.com", "textBody": "Call Bob"}
LOCK = "lock table inbound_message in exclusive mode"


async def delivery(world: World, id: str, text: str = "Call Bob") -> Delivery:
    raw = Raw(headers={}, body=json.dumps(MAIL).encode(), received_at=world.clock())
    (read,) = world.runtime.channels["email"].read(raw)
    known = await Directory(world.runtime).find("email", [read.account])
    message = msgspec.structs.replace(read, provider_message_id=id, text=text)
    return Delivery(channel="email", correlation_id=f"c-{id}", messages=[(known[read.account], message)])


async def test_a_lock_that_is_held(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "LONGEST_BATCH", 0.3)
    monkeypatch.setattr(arrival, "LONGEST_WAIT", 50)  # so it is the batch that gives up, on a busy machine too
    resting = set(world.runtime.pool._pool)
    async with locked(world.runtime.settings.database_url.reveal(), LOCK):
        begun = time.monotonic()
        answers = await asyncio.gather(*(world.email("Call Bob", id=f"msg-{n}") for n in range(5)))
        assert time.monotonic() - begun < 25
    assert [answer.status_code for answer in answers] == [503] * 5
    assert resting <= set(world.runtime.pool._pool)  # the server is there: nobody has to connect anew
    again = await world.email("Call Bob", id="msg-0")
    assert (again.status_code, again.json()["status"]) == (200, "accepted")
    assert await world.one("select count(*) from inbound_message") == 1


async def test_a_batch_that_cannot_even_be_cancelled(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a server that is stuck, cancelling takes as long as a connection: nobody waits for that."""
    monkeypatch.setattr(arrival, "LONGEST_WAIT", 0.3)
    async with locked(world.runtime.settings.database_url.reveal(), LOCK):
        assert (await world.email("Call Bob")).status_code == 503
    assert (await world.email("Call Bob")).json()["status"] in {"accepted", "duplicate"}


def test_the_limits_fit_into_each_other() -> None:
    assert arrival.PATIENCE < arrival.LONGEST_BATCH < arrival.LONGEST_WAIT
    assert arrival.LONGEST_WAIT + webhooks.ASKING < 15  # seconds that providers wait, about
    assert silence.SILENT + silence.GREETING + LENT_WITHIN < 10  # seconds that people and programs wait, at most


async def test_the_server_ends_what_takes_too_long(db: str) -> None:
    async with make_pool(db, size=1, name="test", longest=0.05) as pool, pool.connection() as conn:
        with pytest.raises(psycopg.errors.QueryCanceled):
            await conn.execute("select pg_sleep(10)")


async def test_who_is_only_slow_is_waited_for(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """However often the server has to be asked whether it is there; and whoever gives up waiting leaves no harm."""
    monkeypatch.setattr(silence, "SILENT", 0.02)
    monkeypatch.setattr(silence, "GREETING", 30)  # on a busy machine it takes its time
    async with make_pool(db, size=1, name="test") as pool:
        async with pool.connection() as conn:
            slow = await conn.execute("select 1 from pg_sleep(0.15)")
            assert await slow.fetchone() == (1,)
            backend = conn.info.backend_pid
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await conn.execute("select pg_sleep(10)")
        async with pool.connection() as conn:
            assert conn.info.backend_pid == backend


def test_the_options_of_the_url_are_kept_and_win() -> None:
    options = connection_options("postgresql://host/db?options=-c%20statement_timeout%3D1s", name="x", longest=60)
    assert options["options"] == "-c statement_timeout=60000 -c statement_timeout=1s"
    assert options["tcp_user_timeout"] > 0


async def test_no_more_wait_than_there_is_room_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "MOST_WAITING", 2)
    await refuses_the_fourth(world, "Call Bob")


async def test_no_more_bytes_wait_than_there_is_room_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "MOST_BYTES_WAITING", 25_000)
    await refuses_the_fourth(world, "x" * 10_000)


async def refuses_the_fourth(world: World, text: str) -> None:
    """One is being kept, two wait, and for the next there is no room."""
    async with Arrivals(world.runtime) as arrivals:
        async with locked(world.runtime.settings.database_url.reveal(), LOCK) as lock:
            first = asyncio.create_task(arrivals.accept(await delivery(world, "m-0", text)))
            await lock.waiting()
            others = [asyncio.create_task(arrivals.accept(await delivery(world, f"m-{n}", text))) for n in (1, 2)]
            last = await delivery(world, "m-3", text)
            with pytest.raises(NotStored, match="too much"):
                await arrivals.accept(last)
        kept = await asyncio.gather(first, *others)
    assert [each.status for (each,) in kept] == ["accepted"] * 3


async def test_a_batch_is_not_larger_than_it_should_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is larger than a batch alone is a batch of its own."""
    monkeypatch.setattr(arrival, "MOST_BYTES", 25_000)
    sizes = []
    keep = arrival.keep

    async def counted(conn, deliveries, *, now):
        sizes.append(len(deliveries))
        await keep(conn, deliveries, now=now)

    monkeypatch.setattr(arrival, "keep", counted)
    texts = ["x" * 30_000, *["x" * 10_000] * 4]
    deliveries = [await delivery(world, f"m-{n}", text) for n, text in enumerate(texts)]
    async with Arrivals(world.runtime) as arrivals:
        await asyncio.gather(*map(arrivals.accept, deliveries))
    assert sizes == [1, 2, 2]


@pytest.mark.parametrize("error", [RuntimeError("boo"), asyncio.CancelledError(), AssertionError()])
async def test_the_batcher_survives_surprises(
    world: World, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    """Whatever escapes: this delivery is refused, the next one is kept."""
    with monkeypatch.context() as patch:

        async def fail(*_: object) -> None:
            raise error

        patch.setattr(Arrivals, "_settle", fail)
        assert (await world.email("Call Bob")).status_code == 503
    assert (await world.email("Call Bob")).json()["status"] == "accepted"


async def test_what_was_kept_of_a_batch_that_failed_is_answered_once(world: World) -> None:
    """The batch is run again, one delivery at a time; what an earlier run noted does not count twice."""
    monster = await delivery(world, "".join(chr(0x10000 + 7919 * n % 0xE0000) for n in range(1000)))
    sound = await delivery(world, "m-1")
    sound.kept = [object()]  # as an earlier run would leave them
    async with Arrivals(world.runtime) as arrivals:
        kept = await asyncio.gather(*map(arrivals.accept, (sound, monster)))
    assert [[each.status for each in one] for one in kept] == [["accepted"], ["ignored"]]


async def test_a_body_that_never_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "READING", 0.1)

    async def hanging() -> AsyncIterator[bytes]:
        yield b'{"messageId"'
        await asyncio.Event().wait()

    answer = await world.client.post("/webhook/email", content=hanging())
    assert (answer.status_code, answer.json()["code"], answer.json()["title"]) == (408, "too-slow", "Too slow")
