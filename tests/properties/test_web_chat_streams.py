"""Whatever happens at once in a web chat, whoever reconnects and whatever is lost: each message once, in one order."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from concierge.outbox.delivery import deliver
from concierge.webchat.limits import Limit
from tests.fakes import FrozenClock
from tests.webchat import Visitor, chat_world, local_client, say_back, served
from tests.world import World

HAPPENS = st.lists(  # what happens at the same moment, moment by moment
    st.lists(st.sampled_from(["post", "post twice", "say back", "send", "drop", "deafen"]), min_size=1, max_size=5),
    min_size=1,
    max_size=6,
)
DEAFEN = """
    select pg_terminate_backend(pid) from pg_stat_activity
    where application_name = 'concierge-listen' and datname = current_database()
"""


class Tab:
    """Listens, and after a lost connection listens on from the last id it has."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.seen: list[tuple[int, str]] = []
        self.task = asyncio.create_task(self.listen())

    async def listen(self) -> None:
        async with self.visitor.stream(after=len(self.seen)) as stream:
            while True:
                self.seen += await stream.texts(1, within=60)

    async def drop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task
        self.task = asyncio.create_task(self.listen())


class Chat:
    """One visitor with two tabs, one of which keeps losing its connection."""

    def __init__(self, world: World, visitor: Visitor, conversation: UUID) -> None:
        self.world = world
        self.visitor = visitor
        self.conversation = conversation
        self.steady, self.shaky = Tab(visitor), Tab(visitor)
        self.expected = {"hello"}

    async def happen(self, what: str) -> None:
        id = str(uuid4())
        match what:
            case "post" | "post twice":
                self.expected.add(id)
                await asyncio.gather(*(self.visitor.say(id, id) for _ in range(1 + (what == "post twice"))))
            case "say back":
                self.expected.add(id)
                await say_back(self.world, id, key=id, session=self.visitor.session["session"])
            case "send":
                await deliver(self.world.runtime, self.conversation)
            case "drop":
                await self.shaky.drop()
            case _:
                await self.world.rows(DEAFEN)


@pytest.fixture
async def url(fresh_db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[World, str]]:
    monkeypatch.setattr(Limit, "take", lambda _limit, _key: None)
    async with chat_world(fresh_db, clock) as world, served(world) as url:
        yield world, url


@settings(max_examples=8)
@given(moments=HAPPENS)
async def test_each_message_is_seen_once_and_in_order(url: tuple[World, str], moments: list[list[str]]) -> None:
    world, base = url
    async with local_client(timeout=20) as client:
        visitor = await Visitor.enter(client, base)
        await visitor.say("hello", str(uuid4()))
        again = await Visitor.enter(client, base, token=visitor.session["token"])
        chat = Chat(world, visitor, UUID(again.session["conversation"]))
        tabs, dropping = (chat.steady, chat.shaky), asyncio.Lock()

        async def one(what: str) -> None:
            async with dropping if what == "drop" else contextlib.nullcontext():
                await chat.happen(what)

        for moment in moments:
            await asyncio.gather(*(one(what) for what in moment))
        await deliver(world.runtime, chat.conversation)

        expected = [(event["seq"], event["text"]) for event in await visitor.listed()]
        assert [seq for seq, _ in expected] == list(range(1, len(chat.expected) + 1))
        assert {text for _, text in expected} == chat.expected
        async with asyncio.timeout(15):
            while any(len(tab.seen) < len(expected) for tab in tabs):
                await asyncio.sleep(0.005)
        for tab in tabs:
            assert tab.seen == expected
            tab.task.cancel()
        await asyncio.gather(*(tab.task for tab in tabs), return_exceptions=True)
