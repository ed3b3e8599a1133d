"""Whatever a follow-up or a message goes through, and whoever moved it, can be read afterwards."""

import pytest

from concierge.errors import NotAccepted, Unknown
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

CHAIN = "select from_status, to_status, type, correlation_id from event where subject_id = %(id)s order by id"
THINGS = """
    select 'task', id, status from task union all
    select 'outbound_message', id, status from outbound_message
"""


@pytest.fixture
async def story(world: World) -> World:
    """A question, its answer, a reminder that needed two attempts, a message nobody knows the fate of."""
    world.model.script = readings(reading("Call Bob", None, "week"), reading("Call Bob", SOON, answers="Q1"))
    world.outside.outcomes = [None, Unknown(), NotAccepted()]
    headers = {"x-correlation-id": "the-question"}
    payload = {"messageId": "msg-0", "from": "alice@example.com", "to": "concierge@example.com", "textBody": "Call Bob"}
    answer = await world.client.post("/webhook/email", json=payload, headers=headers)
    assert answer.headers["x-correlation-id"] == "the-question"
    await world.work()
    await world.email("Friday week")
    await world.work()
    await world.pass_time(days=9)
    await world.pass_time(seconds=30)
    return world


async def test_the_chain_of_every_thing_is_whole(story: World) -> None:
    things = await story.rows(THINGS)
    assert sorted(status for _, _, status in things) == ["done", "sent", "sent", "unknown"]
    for subject, id, status in things:
        chain = await story.rows(CHAIN, id=id)
        assert [kind for _, _, kind, _ in chain] == [f"{subject}.{to}" for _, to, _, _ in chain]
        assert [since for since, _, _, _ in chain] == [None, *(to for _, to, _, _ in chain[:-1])]
        assert chain[-1][1] == status


async def test_events_carry_the_correlation_of_what_caused_them(story: World) -> None:
    task = await story.one("select id from task")
    assert {correlation for *_, correlation in await story.rows(CHAIN, id=task)} == {"the-question"}


async def test_an_operator_reads_the_follow_up_and_its_reminder_as_one_story(story: World) -> None:
    task = await story.one("select id from task")
    told = (await story.admin("GET", f"/admin/tasks/{task}/events")).json()["data"]
    assert [event["type"] for event in told] == [
        "task.needs_clarification",
        "task.pending",
        "task.due",
        "task.executing",
        "outbound_message.queued",
        "task.sending",
        "outbound_message.sending",
        "outbound_message.queued",
        "outbound_message.sending",
        "outbound_message.sent",
        "task.done",
    ]


async def test_a_move_by_hand_is_an_event_too(story: World) -> None:
    await story.execute("update outbound_message set status = 'cancelled', reason = 'by hand' where status = 'unknown'")
    assert await story.rows("select from_status, to_status, detail from event order by id desc limit 1") == [
        ("unknown", "cancelled", "by hand")
    ]
