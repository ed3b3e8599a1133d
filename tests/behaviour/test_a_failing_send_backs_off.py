"""A message that was provably not accepted is tried again after 30, 60, 120 and 240 seconds, then it has failed."""

from datetime import timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from concierge.errors import NotAccepted, Refused
from tests.fakes import reading
from tests.makers import CONFIRMED, SOON, readings
from tests.world import World

STATUS = "select status from outbound_message"
STARTED = "select started_at from delivery_attempt order by n"


@pytest.fixture
async def message(world: World) -> None:
    """A confirmation waits to be delivered."""
    world.model.script = readings(reading("Call Bob", SOON), reading("Write Ann", SOON))
    await world.email("Call Bob")


async def waits(world: World) -> list[float]:
    """Seconds between one attempt and the next."""
    at = [moment for (moment,) in await world.rows(STARTED)]
    return [(later - earlier) / timedelta(seconds=1) for earlier, later in pairwise(at)]


@pytest.mark.usefixtures("message")
async def test_four_waits_and_then_it_has_failed(world: World) -> None:
    world.outside.outcomes = [NotAccepted("busy", code="130429")] * 5
    await world.work()
    for attempts, seconds in enumerate((30, 60, 120, 240), 1):
        assert await world.one(STATUS) == "queued"
        await world.pass_time(seconds=seconds - 1)
        assert len(world.outside.sent) == attempts
        await world.pass_time(seconds=1)
        assert len(world.outside.sent) == attempts + 1
    assert await waits(world) == [30, 60, 120, 240]
    assert await world.one(STATUS) == "failed"
    assert len({sent.id for sent in world.outside.sent}) == 1

    id = await world.one("select id from outbound_message")
    assert await world.moves(id) == ["queued", *["sending", "queued"] * 4, "sending", "failed"]
    assert await world.rows("select subject, subject_id, kind, text from notification") == [
        ("outbound_message", id, "failed", "busy")
    ]
    await world.pass_time(days=1)
    assert len(world.outside.sent) == 5


@pytest.mark.usefixtures("message")
async def test_a_provider_that_names_a_longer_wait_gets_it(world: World) -> None:
    world.outside.outcomes = [NotAccepted(retry_after=300), NotAccepted(retry_after=1)]
    await world.work()
    await world.pass_time(seconds=299)
    assert len(world.outside.sent) == 1
    await world.pass_time(seconds=1)
    assert len(world.outside.sent) == 2
    await world.pass_time(seconds=60)
    assert await waits(world) == [300, 60]
    assert await world.one(STATUS) == "sent"


@pytest.mark.usefixtures("message")
async def test_a_refusal_is_final(world: World) -> None:
    world.outside.outcomes = [Refused("no such number", code="131026")]
    await world.work()
    await world.pass_time(days=1)
    assert len(world.outside.sent) == 1
    assert await world.rows("select status, reason from outbound_message") == [("failed", "no such number")]
    assert await world.one("select count(*) from notification") == 1


@pytest.mark.usefixtures("message")
async def test_an_operator_gives_it_all_its_attempts_again(world: World) -> None:
    world.outside.outcomes = [Refused(), *[NotAccepted()] * 4]
    await world.work()
    id = await world.one("select id from outbound_message")
    assert (await world.admin("POST", f"/admin/outbox/{id}/retry")).status_code == 200
    await world.work()
    for seconds in (30, 60, 120, 240):
        await world.pass_time(seconds=seconds)
    assert len(world.outside.sent) == 6
    assert await world.one(STATUS) == "sent"
    assert await world.rows("select acknowledged_at is not null from notification") == [(True,)]


@pytest.mark.usefixtures("message")
async def test_nobody_overtakes_the_head_that_waits(world: World) -> None:
    world.outside.outcomes = [NotAccepted()]
    await world.work()
    await world.email("Write Ann", id="msg-2")
    await world.work()
    assert len(world.outside.sent) == 1
    await world.pass_time(seconds=30)
    assert world.outside.texts == [CONFIRMED + "Call Bob", CONFIRMED + "Call Bob", CONFIRMED + "Write Ann"]


async def test_what_is_said_again_is_said_in_the_same_words(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [NotAccepted()]
    await world.email("Call Bob", subject="Bob")
    await world.work()
    await world.execute("update task set title = 'Something else'")
    await world.pass_time(seconds=30)
    first, second = world.outside.sent
    assert replace(first, attempt=2) == second
    assert (first.subject, first.quotes) == ("Bob", "msg-1")
