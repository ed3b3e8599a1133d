"""What cannot be acted on is asked about, and the answer completes what was asked about."""

import pytest

from concierge.llm.purposes import FoundTask, OpenQuestion, Reading
from tests.fakes import reading
from tests.makers import found, readings, wall
from tests.world import World

ASKED = "I've noted: Follow up\nWhich day and time would suit you? For example “Tuesday 3pm”."
TASKS = "select status, title, wall from task order by title"


async def test_an_answer_completes_the_task(world: World) -> None:
    world.model.script = readings(
        reading("Follow up", None, "week"), reading("Follow up", "2027-03-09T15:00", answers="Q1")
    )
    await world.email("Follow up sometime next week")
    await world.work()
    assert world.outside.texts == [ASKED]
    assert await world.rows("select status, kind from outbound_message") == [("sent", "clarification")]
    assert await world.rows(TASKS) == [("needs_clarification", "Follow up", None)]

    await world.email("Tuesday 3pm", id="msg-2")
    await world.work()
    assert world.model.prompts[1].questions == (OpenQuestion("Q1", "Follow up"),)
    assert world.outside.texts[1:] == [
        "Got it. I'll remind you on Tuesday 9 March 2027 at 15:00 (Europe/Berlin): Follow up"
    ]
    assert await world.rows(TASKS) == [("pending", "Follow up", wall("2027-03-09T15:00"))]
    assert await world.moves(await world.one("select id from task")) == ["needs_clarification", "pending"]

    await world.pass_time(days=7)
    assert world.outside.texts[2:] == ["Reminder: Follow up"]


async def test_a_vague_answer_is_asked_again(world: World) -> None:
    world.model.script = readings(reading("Follow up", None, "week"), reading("Follow up", None, "month", answers="Q1"))
    await world.email("Follow up sometime next week")
    await world.work()
    await world.email("Or later that month", id="msg-2")
    await world.work()
    assert world.outside.texts == [ASKED, ASKED]
    assert await world.rows(TASKS) == [("needs_clarification", "Follow up", None)]


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("2027-03-01T09:00", "That time has already passed. Which day and time did you mean?"),
        ("2099-01-01T09:00", "That is very far away. Which day and time did you mean?"),
        ("9999-12-31T23:59", "That is very far away. Which day and time did you mean?"),
        ("next friday", "Which day and time would suit you?"),
    ],
)
async def test_a_time_that_cannot_be_meant_is_asked_about(world: World, said: str, question: str) -> None:
    world.model.script = readings(reading("Follow up", said))
    await world.email("Follow up then")
    await world.work()
    assert world.outside.texts == [f"I've noted: Follow up\n{question} For example “Tuesday 3pm”."]
    assert await world.rows(TASKS) == [("needs_clarification", "Follow up", None)]


async def test_no_time_at_all_is_asked_about(world: World) -> None:
    world.model.script = readings(Reading([FoundTask(title="Call Bob", draft=False, when=None, answers=None)]))
    await world.email("Call Bob")
    await world.work()
    assert world.outside.texts == ["I've noted: Call Bob\nWhen should I remind you? For example “Tuesday 3pm”."]


async def test_several_tasks_are_answered_in_one_message(world: World) -> None:
    world.model.script = readings(
        Reading(
            [
                found("Call Bob", "2027-03-12T09:00"),
                found("Pay rent", None, "month"),
                found("Buy milk", "2027-03-04T18:30"),
            ]
        )
    )
    await world.email("Call Bob Friday week, pay the rent next month, buy milk tomorrow 18:30")
    await world.work()
    (text,) = world.outside.texts
    assert text.split("\n\n") == [
        "Got it. I'll remind you on Friday 12 March 2027 at 09:00 (Europe/Berlin): Call Bob",
        "I've noted: Pay rent\nWhich day and time would suit you? For example “Tuesday 3pm”.",
        "Got it. I'll remind you on Thursday 4 March 2027 at 18:30 (Europe/Berlin): Buy milk",
    ]
    assert await world.one("select kind from outbound_message") == "clarification"
    assert [(status, title) for status, title, _ in await world.rows(TASKS)] == [
        ("pending", "Buy milk"),
        ("pending", "Call Bob"),
        ("needs_clarification", "Pay rent"),
    ]


async def test_small_talk_is_not_answered(world: World) -> None:
    await world.email("Thank you!")
    await world.work()
    assert len(world.model.prompts) == 1
    assert world.outside.sent == []
