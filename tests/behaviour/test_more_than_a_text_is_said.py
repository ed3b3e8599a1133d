"""Buttons, menus and files go out by the API where the channel has them; what is sent later is of use from then on."""

from datetime import timedelta
from typing import Any

import pytest

from concierge.channels.model import Buttons, Choice, Media, Menu
from tests.each import each
from tests.world import KEY, World

CHOICES = [{"id": "yes", "title": "Yes"}, {"id": "no", "title": "No"}]


async def says(world: World, **fields: Any) -> Any:
    await world.whatsapp("hello")
    await world.work()
    conversation = str(await world.one("select id from conversation"))
    body = {"text": "Is Friday fine?", "conversation_id": conversation} | fields
    answer = await world.client.post("/v1/outbound-messages", json=body, headers={"x-api-key": KEY})
    await world.work()
    return answer


@pytest.mark.parametrize(
    ("extra", "sent"),
    [
        ({"type": "buttons", "choices": CHOICES}, Buttons([Choice("yes", "Yes"), Choice("no", "No")])),
        ({"type": "menu", "button": "Times", "choices": CHOICES[:1]}, Menu("Times", [Choice("yes", "Yes")])),
        (
            {"type": "media", "kind": "image", "url": "https://x.example/a.png"},
            Media("image", "https://x.example/a.png"),
        ),
    ],
)
async def test_it_leaves_as_it_was_wanted(world: World, extra: Any, sent: Any) -> None:
    assert (await says(world, extra=extra)).status_code == 201
    assert (world.outside.sent[-1].text, world.outside.sent[-1].extra) == ("Is Friday fine?", sent)


@each("extra", [{"type": "carousel"}, {"type": "buttons"}, "buttons", {"choices": CHOICES}])
async def test_what_nobody_knows_is_refused(world: World, extra: Any) -> None:
    answer = await says(world, extra=extra)
    assert answer.status_code == 422
    assert world.outside.sent == []


async def test_it_is_of_use_for_a_week(world: World) -> None:
    await says(world)
    assert await world.one("select expires_at from outbound_message") == world.clock() + timedelta(days=7)
