"""Blue ticks and “typing…” come before the answer where an account wants them, and never cost anybody an answer."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from msgspec.structs import replace

from concierge.channels.abilities import Acknowledging
from concierge.channels.model import Accepted, ChannelAccount, OutboundMessage
from concierge.errors import Refused, Unknown
from concierge.runtime import Runtime
from tests.fakes import FrozenClock, RecordingTransport, reading
from tests.makers import SOON, readings
from tests.world import KEY, World, open_world


class CourteousTransport(RecordingTransport, Acknowledging):
    """A vendor with blue ticks."""

    def __init__(self) -> None:
        super().__init__("sandbox")
        self.seen: list[tuple[str, bool, int]] = []  # (message, typing, answers so far)
        self.trouble: Exception | None = None

    async def acknowledge(self, provider_message_id: str, account: ChannelAccount, *, typing: bool) -> None:
        self.seen.append((provider_message_id, typing, len(self.sent)))
        if self.trouble is not None:
            raise self.trouble

    async def send(self, message: OutboundMessage, account: ChannelAccount) -> Accepted:
        return await super().send(message, account)


@pytest.fixture
async def courteous(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    def arrange(runtime: Runtime) -> Runtime:
        return replace(runtime, transports={"sandbox": CourteousTransport()})

    async with open_world(db, clock, arrange=arrange) as world:
        world.model.script = readings(reading("Call Bob", SOON))
        yield world


async def wants(world: World, acknowledge: str | None) -> None:
    id = await world.one("select id from channel_account where channel = 'whatsapp'")
    body = {"acknowledge": acknowledge}
    answer = await world.client.patch(f"/admin/accounts/{id}", json=body, headers={"x-api-key": KEY})
    assert answer.status_code == 200


def seen(world: World) -> Any:
    return world.outside.seen  # type: ignore[attr-defined]


@pytest.mark.parametrize(("acknowledge", "typing"), [("read", False), ("typing", True)])
async def test_before_the_answer(courteous: World, acknowledge: str, typing: bool) -> None:
    await wants(courteous, acknowledge)
    await courteous.whatsapp("Call Bob")
    await courteous.work()
    assert seen(courteous) == [("wamid.1", typing, 0)]
    assert len(courteous.outside.sent) == 1


async def test_only_where_it_is_wanted_and_we_are_to_answer(courteous: World) -> None:
    await courteous.whatsapp("Call Bob")
    await courteous.work()
    await wants(courteous, "read")
    await courteous.whatsapp("STOP", id="wamid.2")
    await courteous.work()
    await courteous.whatsapp("START", id="wamid.3")
    await courteous.work()
    await courteous.execute("update conversation set status = 'human'")
    await courteous.whatsapp("Hello?", id="wamid.4")
    await courteous.work()
    assert seen(courteous) == []


@pytest.mark.parametrize("trouble", [Refused("no such message"), Unknown("reset"), ValueError("surprise")])
async def test_trouble_with_it_is_nobodys_trouble(courteous: World, trouble: Exception) -> None:
    await wants(courteous, "read")
    courteous.outside.trouble = trouble  # type: ignore[attr-defined]
    await courteous.whatsapp("Call Bob")
    await courteous.work()
    assert len(seen(courteous)) == len(courteous.outside.sent) == 1
    await wants(courteous, None)
    await courteous.whatsapp("Call Bob", id="wamid.2")
    await courteous.work()
    assert len(seen(courteous)) == 1
