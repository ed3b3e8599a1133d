"""What is said in a web chat reaches every tab once and in order, whatever is lost on the way."""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from uuid import uuid4

import httpx
import pytest

from concierge import log
from concierge.api import sse
from concierge.webchat import limits, streaming, tokens
from tests.each import each
from tests.fakes import FrozenClock, reading
from tests.logs import log_plainly
from tests.makers import CONFIRMED, SOON, readings
from tests.webchat import Visitor, chat_world, local_client, on_time, say_back, served
from tests.world import World, make_settings

LISTENING = "from pg_stat_activity where application_name = 'concierge-listen' and datname = current_database()"
LISTENERS = f"select count(*) {LISTENING}"
KILL = f"select pg_terminate_backend(pid) {LISTENING}"


@pytest.fixture
async def world(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    async with chat_world(db, clock) as opened:
        yield opened


@pytest.fixture
async def url(world: World) -> AsyncIterator[str]:
    async with served(world) as opened:
        yield opened


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with local_client(timeout=20) as opened:
        yield opened


@pytest.fixture
async def visitor(client: httpx.AsyncClient, url: str) -> Visitor:
    return await Visitor.enter(client, url)


@pytest.fixture
def lines(db: str) -> Iterator[io.StringIO]:
    """The log as production writes it, at its most talkative."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers, root.level
    log.configure(make_settings(db, LOG_LEVEL="debug", LOG_FORMAT="json"), stream)
    yield stream
    root.handlers, root.level = before
    log_plainly()


async def test_a_message_is_confirmed_on_the_stream(world: World, visitor: Visitor) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    async with visitor.stream() as tab:
        posted = await visitor.say("Call Bob on Friday week at nine", id := str(uuid4()))
        assert (posted.status_code, posted.json()["seq"], posted.json()["status"]) == (200, 1, "accepted")
        mine = await tab.next()
        assert (mine["event"], mine["id"], mine["direction"], mine["client_message_id"]) == ("message", "1", "in", id)
        await world.work()
        ours = await tab.next()
        assert (ours["id"], ours["direction"], ours["text"]) == ("2", "out", CONFIRMED + "Call Bob")
    assert [(each["seq"], each["text"]) for each in await visitor.listed()] == [
        (1, "Call Bob on Friday week at nine"),
        (2, ours["text"]),
    ]
    assert await world.rows("select status, provider_message_id = 'webchat-' || id from outbound_message") == [
        ("sent", True)
    ]


async def test_a_reminder_comes_to_the_stream_when_due(world: World, visitor: Visitor, clock: FrozenClock) -> None:
    world.model.script = readings(reading("Call Bob", "2027-03-03T13:30"))
    await visitor.say("Call Bob at half past one", str(uuid4()))
    await world.work()
    async with visitor.stream(after=2) as tab:
        await world.pass_time(minutes=31)
        assert (await tab.next())["text"].startswith("Reminder: Call Bob")


async def test_a_doubled_post_is_one_message(world: World, visitor: Visitor) -> None:
    id = str(uuid4())
    answers = await asyncio.gather(*(visitor.say("hello", id) for _ in range(8)))
    assert sorted(answer.json()["status"] for answer in answers) == ["accepted"] + ["duplicate"] * 7
    assert {(answer.json()["id"], answer.json()["seq"]) for answer in answers} == {(answers[0].json()["id"], 1)}
    assert [event["text"] for event in await visitor.listed()] == ["hello"]


async def test_one_client_id_in_two_sessions_is_two_messages(
    client: httpx.AsyncClient, url: str, visitor: Visitor
) -> None:
    other, id = await Visitor.enter(client, url), str(uuid4())
    answers = [await visitor.say("mine", id), await other.say("theirs", id)]
    assert [answer.json()["status"] for answer in answers] == ["accepted", "accepted"]
    assert [event["text"] for event in await other.listed()] == ["theirs"]


async def test_two_tabs_see_the_same(world: World, visitor: Visitor) -> None:
    async with visitor.stream() as one, visitor.stream() as two:
        for n in range(3):
            await visitor.say(f"hello {n}", str(uuid4()))
        expected = [(n + 1, f"hello {n}") for n in range(3)]
        assert await one.texts(3) == expected
        assert await two.texts(3) == expected


async def test_a_tab_sees_nobody_elses(client: httpx.AsyncClient, url: str, visitor: Visitor) -> None:
    other = await Visitor.enter(client, url)
    async with visitor.stream() as tab:
        await other.say("private", str(uuid4()))
        assert await tab.is_quiet()


async def test_who_comes_back_gets_what_was_missed(visitor: Visitor) -> None:
    async with visitor.stream() as tab:
        await visitor.say("one", str(uuid4()))
        assert await tab.texts(1) == [(1, "one")]
    await visitor.say("two", str(uuid4()))
    async with visitor.stream(after=1) as tab:
        assert await tab.texts(1) == [(2, "two")]
        await visitor.say("three", str(uuid4()))
        assert await tab.texts(1) == [(3, "three")]
        assert await tab.is_quiet()


async def test_a_browser_comes_back_by_its_query(visitor: Visitor) -> None:
    """EventSource can set no headers at first: token and last id stand in the query."""
    for text in ("one", "two"):
        await visitor.say(text, str(uuid4()))
    query = {"token": visitor.session["token"], "last_event_id": "1"}
    async with visitor.client.stream("GET", f"{visitor.base}/events", params=query) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        text = ""
        async for chunk in answer.aiter_text():
            text += chunk
            if '"two"' in text:
                break
    assert '"one"' not in text
    assert "retry: 2000" in text


@each("given", ["x", "-1", "1.5", "٣", "9" * 5_000])
async def test_a_last_id_that_is_no_number(visitor: Visitor, given: str) -> None:
    answer = await visitor.client.get(
        f"{visitor.base}/events", params={"last_event_id": given}, headers=visitor.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")


async def test_a_last_id_from_beyond_the_end_does_not_deafen(visitor: Visitor) -> None:
    async with visitor.stream(after=10**30) as tab:
        await visitor.say("hello", str(uuid4()))
        assert await tab.texts(1) == [(1, "hello")]


async def test_a_lost_listener_misses_and_repeats_nothing(world: World, visitor: Visitor) -> None:
    async with visitor.stream() as tab:
        await visitor.say("before", str(uuid4()))
        assert await tab.texts(1) == [(1, "before")]
        for n in range(3):
            while not await world.rows(KILL):  # it begins to listen as the stream begins
                await asyncio.sleep(0.01)
            await visitor.say(f"meanwhile {n}", str(uuid4()))
            assert await tab.texts(1) == [(n + 2, f"meanwhile {n}")]
            while not await world.one(LISTENERS):
                await asyncio.sleep(0.05)
        await visitor.say("after", str(uuid4()))
        assert await tab.texts(1) == [(5, "after")]
        assert await tab.is_quiet()


async def test_one_process_listens_once(world: World, visitor: Visitor) -> None:
    """A connection for all streams of the served one; and none of the world's own, where nobody has a stream."""
    former = await world.rows(f"select pid {LISTENING}")
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(visitor.stream()) for _ in range(5)]
        while await world.one(LISTENERS) != 1:  # it has just begun, or one of a former test is just ending
            await asyncio.sleep(0.02)
        await visitor.say("hello", str(uuid4()))
        for tab in tabs:
            assert await tab.texts(1) == [(1, "hello")]
        assert len({*await world.rows(f"select pid {LISTENING}")} - {*former}) == 1


async def test_a_stream_outlives_its_pool_connections(
    world: World, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "PAUSE", 0.05)
    async with visitor.stream() as tab:
        await visitor.say("before", str(uuid4()))
        assert await tab.texts(1) == [(1, "before")]
        await world.rows(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
            " and application_name <> 'concierge-listen' and pid <> pg_backend_pid()"
        )
        await say_on_after_the_outage(visitor)
        assert await tab.texts(1, within=20) == [(2, "after")]


async def say_on_after_the_outage(visitor: Visitor) -> None:
    id = str(uuid4())
    while (await visitor.say("after", id)).status_code != 200:
        await asyncio.sleep(0.5)


async def test_a_slow_reader_holds_nobody_up(world: World, client: httpx.AsyncClient, url: str) -> None:
    slow, quick = await Visitor.enter(client, url), await Visitor.enter(client, url)
    await say_very_much(world, slow)
    async with idle_reader(url, slow) as reader:
        async with quick.stream() as tab:
            for n in range(5):
                await quick.say(f"hello {n}", str(uuid4()))
                assert await tab.texts(1) == [(n + 1, f"hello {n}")]
        seen = b""
        async with asyncio.timeout(20):  # and it can still read on from where it was
            while b"id: 13\n" not in seen:
                seen = seen[-20_000:] + await reader.read(65_536)


async def test_a_reader_that_takes_nothing_is_let_go(
    world: World, client: httpx.AsyncClient, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sse, "STALLED", 0.2)
    monkeypatch.setattr(limits, "MOST_STREAMS", 1)
    visitor = await Visitor.enter(client, url)
    await say_very_much(world, visitor)
    async with idle_reader(url, visitor):
        async with visitor.stream() as tab:
            assert tab.answer.status_code == 429
        async with asyncio.timeout(20):
            while not await may_listen(visitor):
                await asyncio.sleep(0.05)


async def may_listen(visitor: Visitor) -> bool:
    async with visitor.stream() as tab:
        return tab.answer.status_code == 200


async def say_very_much(world: World, visitor: Visitor) -> None:
    """Far more than a socket's buffers take."""
    await visitor.say("hello", str(uuid4()))
    for n in range(12):
        await say_back(world, f"{n} " + "x" * 500_000, key=f"much-{n}", session=visitor.session["session"])
    await world.work()


@asynccontextmanager
async def idle_reader(url: str, visitor: Visitor) -> AsyncIterator[asyncio.StreamReader]:
    """A stream that nobody reads from, beyond its head."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port), limit=1024)
    path = visitor.base.removeprefix(url)
    writer.write(f"GET {path}/events?token={visitor.session['token']} HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    yield reader
    writer.close()


async def test_a_stream_ends_with_its_token(db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokens, "LIFETIME", tokens.timedelta(seconds=2))
    async with chat_world(db, clock, on_time) as world, served(world) as url, local_client() as client:
        visitor = await Visitor.enter(client, url)
        async with visitor.stream() as tab:
            end = await tab.next()
            assert (end["event"], end["reason"]) == ("end", "expired")
            with pytest.raises(StopAsyncIteration):
                await tab.next()
        async with visitor.stream() as tab:
            assert tab.answer.status_code == 401


async def test_a_server_that_stops_ends_its_streams(world: World, client: httpx.AsyncClient) -> None:
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(served(world))
        visitor = await Visitor.enter(client, url)
        async with visitor.stream() as tab:
            await visitor.say("hello", str(uuid4()))
            assert await tab.texts(1) == [(1, "hello")]
            stopping = asyncio.create_task(stack.aclose())
            end = await tab.next()
            assert (end["event"], end["reason"]) == ("end", "restarting")
            with pytest.raises(StopAsyncIteration):
                await tab.next()
            async with asyncio.timeout(3):
                await stopping


async def test_a_quiet_stream_says_that_it_lives(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT", 0.05)
    async with visitor.stream() as tab:
        assert await tab.is_quiet(0.4)
        assert tab.comments >= 3


async def test_acknowledging_is_a_receipt(world: World, visitor: Visitor) -> None:
    status = "select status from outbound_message order by position"
    await visitor.say("hello", str(uuid4()))
    for n in range(2):
        await say_back(world, f"hello {n}", key=f"k{n}", session=visitor.session["session"])
    await world.work()
    assert await world.rows(status) == [("sent",), ("sent",)]
    assert (await visitor.ack(2)).status_code == 204
    assert await world.rows(status) == [("delivered",), ("sent",)]
    await visitor.ack(2)
    await visitor.ack(3, read=True)
    await visitor.ack(1)
    assert await world.rows(status) == [("read",), ("read",)]
    page = (await visitor.client.get(f"{visitor.base}/messages", headers=visitor.headers)).json()
    assert (page["last_seq"], page["delivered_seq"], page["read_seq"]) == (3, 3, 3)


async def test_nothing_is_acknowledged_before_it_was_said(world: World, visitor: Visitor) -> None:
    await visitor.say("hello", str(uuid4()))
    assert (await visitor.ack(1_000_000, read=True)).status_code == 204
    assert await world.rows("select delivered_seq, read_seq from webchat_session") == [(1, 1)]
    await say_back(world, "hello", key="k", session=visitor.session["session"])
    await world.work()
    assert await world.one("select status from outbound_message") == "sent"
    await visitor.ack(2)
    assert await world.one("select status from outbound_message") == "delivered"


async def test_a_worker_that_dies_while_sending_has_shown_it(world: World, visitor: Visitor) -> None:
    """Between claim and record: the message is on the stream, and the acknowledgement settles what nobody knew."""
    await visitor.say("hello", str(uuid4()))
    await say_back(world, "hello to you", key="k", session=visitor.session["session"])
    await world.execute("update outbound_message set status = 'sending', moved_at = %(now)s", now=world.clock())
    async with visitor.stream(after=1) as tab:
        assert await tab.texts(1) == [(2, "hello to you")]
        await world.pass_time(minutes=2)
        assert await world.one("select status from outbound_message") == "unknown"
        await visitor.ack(2)
        assert await world.one("select status from outbound_message") == "delivered"
        # and if it were sent again, it would be the same message to the visitor
        await world.execute("update outbound_message set status = 'queued'")
        await world.execute("update outbound_message set status = 'sending'")
        assert await tab.is_quiet()
    assert len(await visitor.listed()) == 2


async def test_a_closed_conversation_does_not_break_the_sequence(world: World, visitor: Visitor) -> None:
    await visitor.say("one", str(uuid4()))
    await world.work()
    await world.execute("update conversation set status = 'closed'")
    async with visitor.stream(after=1) as tab:
        await visitor.say("two", str(uuid4()))
        assert await tab.texts(1) == [(2, "two")]
    assert await world.one("select count(*) from conversation") == 2


async def test_no_token_is_in_the_log(world: World, visitor: Visitor, lines: io.StringIO) -> None:
    token = visitor.session["token"]
    async with visitor.client.stream("GET", f"{visitor.base}/events", params={"token": token}) as answer:
        assert answer.status_code == 200
        while not await world.rows(KILL):  # it begins to listen as the stream begins
            await asyncio.sleep(0.01)
        while "not listening" not in lines.getvalue():
            await asyncio.sleep(0.01)
    await visitor.client.get(f"{visitor.base}/messages", params={"token": token + "x"})
    assert token[:40] not in lines.getvalue()


async def test_other_channels_have_no_sequence(world: World) -> None:
    await world.email("hello")
    await world.whatsapp("hello")
    await world.work()
    assert await world.rows("select 1 from webchat_event") == []
