"""An account that cannot send keeps its queue, tells an operator once, and goes on when it is repaired."""

import pytest

from concierge.errors import AccountStopped
from concierge.tenants.seeding import seed
from tests.fakes import reading
from tests.makers import CONFIRMED, SOON, readings
from tests.world import World

ACCOUNT = "select status from channel_account where channel = 'email'"
STATUSES = "select status from outbound_message order by position"


@pytest.fixture
async def stopped(world: World) -> World:
    """The token ran out while the first of two messages was sent."""
    world.model.script = readings(reading("Call Bob", SOON), reading("Write Ann", SOON))
    world.outside.outcomes = [AccountStopped("the token has expired", code="190")]
    await world.email("Call Bob")
    await world.work()
    await world.email("Write Ann", id="msg-2")
    await world.work()
    return world


async def test_nothing_is_sent_and_nothing_is_lost(stopped: World) -> None:
    await stopped.pass_time(days=2)
    assert len(stopped.outside.sent) == 1
    assert await stopped.one(ACCOUNT) == "reauth_required"
    assert await stopped.rows(STATUSES) == [("queued",), ("queued",)]


async def test_an_operator_is_told_once(stopped: World) -> None:
    await stopped.pass_time(days=2)
    account = await stopped.one("select id from channel_account where channel = 'email'")
    assert await stopped.rows("select subject_id, kind, text from notification") == [
        (account, "stopped", "the token has expired")
    ]
    assert await stopped.moves(account) == ["reauth_required"]


async def test_new_credentials_let_it_go_on_in_order(stopped: World) -> None:
    await stopped.pass_time(days=2)
    await seed(stopped.runtime)
    assert await stopped.one(ACCOUNT) == "active"
    await stopped.pass_time(minutes=1)
    assert stopped.outside.texts[1:] == [CONFIRMED + "Call Bob", CONFIRMED + "Write Ann"]
    assert await stopped.rows(STATUSES) == [("sent",), ("sent",)]


async def test_the_stop_costs_no_attempt(stopped: World) -> None:
    assert await stopped.rows("select tries from outbound_message order by position") == [(0,), (0,)]
    assert await stopped.rows("select outcome, error_code from delivery_attempt") == [("account_stopped", "190")]


async def test_a_pause_stays_a_pause(stopped: World) -> None:
    await stopped.execute("update channel_account set status = 'paused' where channel = 'email'")
    await seed(stopped.runtime)
    await stopped.pass_time(minutes=2)
    assert await stopped.one(ACCOUNT) == "paused"
    assert len(stopped.outside.sent) == 1


async def test_other_accounts_go_on(stopped: World) -> None:
    await stopped.whatsapp("Write Ann")
    await stopped.work()
    assert stopped.outside.texts[1:] == [CONFIRMED + "Write Ann"]


async def test_credentials_that_cannot_be_read_stop_it_too(world: World) -> None:
    """Provably nothing was sent: so the message waits, it is not unknown."""
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.execute("update channel_account set credentials = 'nonsense'")
    await world.work()
    assert (await world.one(ACCOUNT), await world.rows(STATUSES)) == ("reauth_required", [("queued",)])
    assert world.outside.sent == []
    await seed(world.runtime)
    await world.pass_time(minutes=1)
    assert world.outside.texts == [CONFIRMED + "Call Bob"]
