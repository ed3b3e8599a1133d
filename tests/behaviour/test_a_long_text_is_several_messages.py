"""A text that WhatsApp cannot carry at once goes out as several messages, in order, each of them once."""

import pytest

from concierge.errors import NotAccepted
from tests.saying import say
from tests.world import World

PARAGRAPH = "This is a sentence of a certain length, said again and again. " * 50
LONG = f"{PARAGRAPH.strip()}\n\n{PARAGRAPH.strip()}\n\nThe end."


async def say_long(world: World) -> bool:
    return await say(world, LONG, key="long", kind="confirmation") is not None


@pytest.fixture
async def known(world: World) -> World:
    await world.whatsapp("hello")
    await world.work()
    return world


async def test_in_order_and_once(known: World) -> None:
    assert await say_long(known)
    assert not await say_long(known)
    await known.work()
    first, second = known.outside.texts
    assert (len(first) <= 4096, len(second) <= 4096) == (True, True)
    assert f"{first}\n\n{second}" == LONG
    assert await known.rows("select dedupe_key from outbound_message order by position") == [
        ("long",),
        ("long:part:2",),
    ]


async def test_the_second_waits_for_the_first(known: World) -> None:
    known.outside.outcomes = [NotAccepted()]
    await say_long(known)
    await known.work()
    assert len(known.outside.sent) == 1
    await known.pass_time(seconds=30)
    assert known.outside.texts[0] == known.outside.texts[1] != known.outside.texts[2]


async def test_a_template_stands_for_the_whole(known: World) -> None:
    await known.execute("""
        insert into message_template (tenant_id, channel_account_id, name, language, kind, parameters, created_at,
                                      moved_at)
        select tenant_id, id, 'news', 'en', 'confirmation', '{text}', now(), now() from channel_account
    """)
    known.clock.advance(days=2)
    await say_long(known)
    await known.work()
    assert len(known.outside.sent) == 1
    assert await known.rows("select status from outbound_message order by position") == [("sent",), ("cancelled",)]


async def test_an_email_stays_whole(world: World) -> None:
    await world.email("hello")
    await world.work()
    await say_long(world)
    await world.work()
    assert world.outside.texts == [LONG]
