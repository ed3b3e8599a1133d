"""A text that WhatsApp cannot carry at once goes out as several messages, in order, each of them once."""

import pytest

from concierge.errors import NotAccepted
from concierge.outbox.model import NewMessage, Payload
from concierge.outbox.posting import post
from tests.world import World

PARAGRAPH = "This is a sentence of a certain length, said again and again. " * 50
LONG = f"{PARAGRAPH.strip()}\n\n{PARAGRAPH.strip()}\n\nThe end."


async def say(world: World, text: str) -> bool:
    ((tenant, account, conversation, identity),) = await world.rows(
        "select tenant_id, channel_account_id, id, identity_id from conversation"
    )
    message = NewMessage(
        tenant_id=tenant,
        channel_account_id=account,
        conversation_id=conversation,
        identity_id=identity,
        kind="confirmation",
        payload=Payload(text),
        correlation_id=None,
    )
    async with world.runtime.begin() as conn:
        return await post(conn, message, key="long", now=world.clock()) is not None


@pytest.fixture
async def known(world: World) -> World:
    await world.whatsapp("hello")
    await world.work()
    return world


async def test_in_order_and_once(known: World) -> None:
    assert await say(known, LONG)
    assert not await say(known, LONG)
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
    await say(known, LONG)
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
    await say(known, LONG)
    await known.work()
    assert len(known.outside.sent) == 1
    assert await known.rows("select status from outbound_message order by position") == [("sent",), ("cancelled",)]


async def test_an_email_stays_whole(world: World) -> None:
    await world.email("hello")
    await world.work()
    await say(world, LONG)
    await world.work()
    assert world.outside.texts == [LONG]
