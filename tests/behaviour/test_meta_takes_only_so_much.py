"""Meta's own limits, played by its simulator: what it would refuse is not sent, and where it refuses, we follow."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from concierge.channels.instagram.sending import InstagramTransport
from concierge.channels.whatsapp.sending import WhatsAppTransport
from concierge.runtime import Runtime
from concierge.simulators.graph_api import GraphApi
from concierge.simulators.graph_rules import Limits
from concierge.simulators.graph_windows import Windows
from tests.fakes import FrozenClock
from tests.saying import say
from tests.world import World, open_world

WHATSAPP, INSTAGRAM = "4915112345678", "1239045817263544"
STATES = "select status, reason from outbound_message order by position"


class Meta:
    """A world that sends to Meta as it is played here, with one clock for both."""

    def __init__(self, world: World, graph: GraphApi) -> None:
        self.world, self.graph = world, graph

    async def wrote(self, id: str) -> None:
        at = int(self.world.clock().timestamp())
        headers, body = self.graph.wrote(WHATSAPP, "hello", id=id, name="Ann", at=at)
        assert (await self.world.client.post("/webhook/whatsapp", content=body, headers=headers)).status_code == 200

    async def heard(self, mid: str) -> None:
        headers, body = self.graph.heard(INSTAGRAM, "hello", mid=mid, at=int(self.world.clock().timestamp()))
        assert (await self.world.client.post("/webhook/instagram", content=body, headers=headers)).status_code == 200

    async def say(self, *texts: str, channel: str = "whatsapp", kind: Any = "operator") -> None:
        conversation = await self.world.one(
            "select c.id from conversation c join channel_account a on a.id = c.channel_account_id"
            " where a.channel = %(channel)s",
            channel=channel,
        )
        for text in texts:
            await say(self.world, text, key=f"{kind}:{text}", conversation=conversation, kind=kind)
        await self.world.work()

    async def settle(self, **settings: object) -> None:
        await self.world.execute(
            "update channel_account set settings = settings || %(settings)s",
            settings=msgspec.json.encode(settings).decode(),
        )


@pytest.fixture
async def meta(db: str, clock: FrozenClock) -> AsyncIterator[Meta]:
    def arrange(runtime: Runtime) -> Runtime:
        vendors = {"whatsapp": WhatsAppTransport(), "instagram": InstagramTransport()}
        return msgspec.structs.replace(runtime, transports={**runtime.transports, **vendors})

    async with GraphApi(phone_number_id="1234").serving() as graph:
        graph.windows = Windows(clock=lambda: clock().timestamp())
        environment = {
            "WHATSAPP_TRANSPORT": "whatsapp",
            "WHATSAPP_PHONE_NUMBER_ID": graph.phone_number_id,
            "WHATSAPP_ACCESS_TOKEN": graph.token,
            "WHATSAPP_BASE_URL": graph.url,
            "WHATSAPP_APP_SECRET": graph.secret,
            "WHATSAPP_VERIFY_TOKEN": "verify",
            "INSTAGRAM_ACCOUNT_ID": graph.instagram_id,
            "INSTAGRAM_ACCESS_TOKEN": graph.token,
            "INSTAGRAM_BASE_URL": graph.url,
            "INSTAGRAM_APP_SECRET": graph.secret,
            "INSTAGRAM_VERIFY_TOKEN": "verify",
        }
        async with open_world(db, clock, arrange=arrange, **environment) as world:
            await world.execute("delete from agent")
            yield Meta(world, graph)


async def test_one_person_gets_45_at_once_and_then_one_in_six_seconds(meta: Meta) -> None:
    """Meta's “pair rate”: at most so many as here are taken, and not one of ours is refused."""
    world, graph = meta.world, meta.graph
    graph.limits = Limits(throughput=80, pair=6, burst=45, clock=lambda: world.clock().timestamp())
    await meta.wrote("wamid.1")
    await meta.say(*(f"line {n}" for n in range(48)))
    assert len(graph.accepted) == 45
    for more in (46, 47, 48):
        await world.pass_time(seconds=6)
        assert len(graph.accepted) == more
    assert [each["text"]["body"] for each in graph.accepted] == [f"line {n}" for n in range(48)]
    assert graph.requests == 48


async def test_where_meta_is_stricter_we_wait_longer_each_time(meta: Meta) -> None:
    """131056: another try after 1, 4, 16 seconds; each line is taken once."""
    world, graph = meta.world, meta.graph
    graph.limits = Limits(pair=20, burst=1, clock=lambda: world.clock().timestamp())
    await meta.wrote("wamid.1")
    await meta.say("one", "two")
    assert (len(graph.accepted), graph.requests) == (1, 2)
    for seconds, requests in ((1, 3), (4, 4)):
        await world.pass_time(seconds=seconds)
        assert (len(graph.accepted), graph.requests) == (1, requests)
    await world.pass_time(seconds=16)
    assert [each["text"]["body"] for each in graph.accepted] == ["one", "two"]
    codes = "select distinct error_code from delivery_attempt where outcome = 'not_accepted'"
    assert await world.rows(codes) == [("131056",)]


async def test_a_day_after_the_person_wrote_free_text_is_over(meta: Meta) -> None:
    """Ours is counted as Meta's; where Meta's is shorter (131047), it is Meta's that counts."""
    world, graph = meta.world, meta.graph
    await meta.wrote("wamid.1")
    world.clock.advance(hours=23, minutes=59)
    await meta.say("in time")
    assert (len(graph.accepted), graph.requests) == (1, 1)
    world.clock.advance(minutes=2)
    await meta.say("too late")
    assert graph.requests == 1
    await world.execute("update conversation set window_until = window_until + interval '1 day'")
    await meta.say("we thought it was open")
    assert (len(graph.accepted), graph.requests) == (1, 2)
    assert await world.rows(STATES) == [("sent", None)] + [("blocked", "template_required")] * 2
    assert await world.one("select window_until <= %(now)s from conversation", now=world.clock())
    await meta.wrote("wamid.2")
    await world.work()
    assert [each["text"]["body"] for each in graph.accepted] == ["in time", "too late", "we thought it was open"]


async def test_people_answer_on_instagram_for_a_week_where_meta_lets_them(meta: Meta) -> None:
    world, graph = meta.world, meta.graph
    await meta.heard("aWdf1")
    world.clock.advance(days=2)
    await meta.say("without the setting", channel="instagram")
    assert (graph.requests, await world.rows(STATES)) == (0, [("blocked", "template_required")])

    await meta.settle(human_agent=True)
    await meta.say("the bot's own", channel="instagram", kind="message")
    assert graph.requests == 0  # Meta forbids it to machines
    await meta.say("not granted", channel="instagram")
    assert (await world.rows(STATES))[-1][0] == "failed"
    assert await world.one("select status from channel_account where channel = 'instagram'") == "active"

    graph.human_agent = True
    await meta.say("a person's", channel="instagram")
    [taken] = graph.accepted
    assert (taken["message"]["text"], taken["tag"]) == ("a person's", "HUMAN_AGENT")
    world.clock.advance(days=5)
    await meta.say("after a week", channel="instagram")
    assert (len(graph.accepted), (await world.rows(STATES))[-1]) == (1, ("blocked", "template_required"))

    await meta.heard("aWdf2")
    await world.work()
    said = [(each["message"]["text"], each.get("tag")) for each in graph.accepted]
    assert said[1:] == [("without the setting", None), ("the bot's own", None), ("after a week", None)]
