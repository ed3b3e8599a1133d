"""While a transaction is open no model and no provider is called: not by habit, but because it is refused."""

from uuid import uuid4

import pytest

from concierge.asking.model import Behalf
from concierge.channels.email.resend import Resend
from concierge.channels.model import Address, ChannelAccount, OutboundMessage, Raw
from concierge.errors import TransactionOpen
from concierge.llm.purposes import Drafted, DraftPrompt
from concierge.postgres.pool import transaction_is_open
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

FETCHING = Resend()
PROMPT = DraftPrompt(title="Call Bob", source="Call Bob", tone="friendly", channel="email", private=())


def letter(world: World) -> tuple[OutboundMessage, ChannelAccount]:
    message = OutboundMessage(id=uuid4(), recipient=Address("email", "a@b.c"), text="hello", created_at=world.clock())
    account = ChannelAccount(id=uuid4(), tenant_id=uuid4(), channel="email", external_id="x@y.z", transport="sandbox")
    return message, account


async def test_a_call_inside_is_refused(world: World) -> None:
    async with world.runtime.begin():
        with pytest.raises(TransactionOpen):
            await world.runtime.ask(PROMPT, Drafted, on=Behalf(tenant_id=uuid4()))
        with pytest.raises(TransactionOpen):
            await world.runtime.send(*letter(world))
        with pytest.raises(TransactionOpen):
            await world.runtime.prepare(FETCHING, Raw(headers={}, body=b"", received_at=world.clock()), [])
        with pytest.raises(TransactionOpen):
            await world.runtime.complete(FETCHING, [], {})
    assert world.model.prompts == []
    assert world.outside.sent == []


async def test_the_same_call_outside_is_made(world: World) -> None:
    async with world.runtime.begin():
        pass
    tenant = await world.one("select id from tenant")
    await world.runtime.ask(PROMPT, Drafted, on=Behalf(tenant_id=tenant))
    await world.runtime.send(*letter(world))
    assert (len(world.model.prompts), len(world.outside.sent)) == (1, 1)


async def test_a_failed_transaction_leaves_no_mark(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        async with world.runtime.begin():
            raise ZeroDivisionError
    assert not transaction_is_open()


async def test_the_whole_story_has_none_open_while_it_calls(world: World) -> None:
    """Also asked of Postgres itself: no session of ours sits idle in a transaction while a model thinks."""
    idle: list[int] = []

    async def look() -> None:
        idle.append(
            await world.one("""
                select count(*) from pg_stat_activity
                where datname = current_database() and application_name = 'concierge-test'
                  and state like 'idle in transaction%%'
            """)
        )

    world.model.meanwhile = look
    world.model.script = readings(reading("Call Bob", SOON, draft=True))
    await world.email("Call Bob")
    await world.work()
    await world.pass_time(days=9)
    assert [prompt.purpose for prompt in world.model.prompts] == ["extract", "draft"]
    assert idle == [0, 0]
