"""The main job: a message becomes a follow-up, and the follow-up becomes one delivered reminder."""

import pytest

from concierge.postgres.ops import ask, question
from tests.fakes import reading
from tests.world import World

FRIDAY = "2027-03-12T09:00"


@pytest.fixture
def _clear(world: World) -> None:
    world.model.script = lambda _prompt: reading("Follow up with Dr office", FRIDAY, "day_part")


@pytest.mark.usefixtures("_clear")
async def test_a_clear_date_is_confirmed_and_fires_when_due(world: World) -> None:
    answer = await world.email("Follow up with Dr office next Friday morning")
    assert answer.status_code == 200
    assert answer.json()["status"] == "accepted"
    await world.work()

    assert await world.rows("select status, zone, wall::text, due_at at time zone 'UTC' from task") == [
        ("pending", "Europe/Berlin", "2027-03-12 09:00:00", __import__("datetime").datetime(2027, 3, 12, 8, 0))
    ]
    assert world.outside.texts == [
        "Got it. I'll remind you on Friday 12 March 2027 at 09:00 (Europe/Berlin): Follow up with Dr office"
    ]
    await world.pass_time(days=8)
    assert len(world.outside.sent) == 1
    await world.pass_time(days=1)
    assert world.outside.texts[1:] == ["Reminder: Follow up with Dr office"]
    task = await world.one("select id from task")
    assert await world.moves(task) == ["pending", "due", "executing", "sending", "done"]


async def test_what_asks_for_nothing_is_seen_to_have_been_read(world: World) -> None:
    """Nobody is answered, and the timeline does not stop at the message as if it had been forgotten."""
    await world.email("What a lovely day")
    await world.work()
    assert world.outside.sent == []
    async with world.runtime.connection() as conn:
        told = await ask(
            conn, question("timeline"), {"conversation": str(await world.one("select id from conversation"))}
        )
    assert [row[1] for row in told.rows] == ["message in", "nothing to do"]


@pytest.mark.usefixtures("_clear")
async def test_the_same_payload_again_changes_nothing(world: World) -> None:
    first = await world.email("Follow up next Friday morning")
    again = await world.email("Follow up next Friday morning")
    await world.work()
    after = await world.email("Follow up next Friday morning")
    await world.work()
    assert [first.json()["status"], again.json()["status"], after.json()["status"]] == [
        "accepted",
        "duplicate",
        "duplicate",
    ]
    assert first.json()["inboundId"] == again.json()["inboundId"] == after.json()["inboundId"]
    assert await world.one("select count(*) from inbound_message") == 1
    assert len(world.outside.sent) == 1
    assert len(world.model.prompts) == 1
