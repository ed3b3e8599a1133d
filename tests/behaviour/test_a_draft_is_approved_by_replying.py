"""Whoever gets a draft answers where they got it: yes, no, other words, another manner; once, and only their own."""

from typing import Any

import pytest

from concierge.errors import ModelRefused
from concierge.llm.purposes import DraftAnswer, DraftPrompt, Reading
from tests.agents import talk as talk_by
from tests.offline import offline
from tests.world import World

APPROVE = "Approve it with “yes”, or tell me what to change."
FIRST = (
    "Hi there,\n\nJust a quick note about this: Draft a note to Bob.\n\nLet me know how it looks on your side. Thanks!"
)
STATES = "select n, status from draft order by n"


async def talk(world: World, *texts: str) -> list[str]:
    return await talk_by(world, *texts, channel="email")


@pytest.fixture
async def asked(world: World) -> World:
    """Somebody was reminded, with a draft, and has not answered yet."""
    world.model.script = offline
    await talk(world, "Draft a note to Bob tomorrow at 3pm")
    await world.pass_time(days=1, hours=3)
    assert world.outside.texts[1:] == [
        f"Reminder: Draft a note to Bob\n\nHere is a draft you can use:\n\n{FIRST}\n\n{APPROVE}"
    ]
    world.clock.advance(seconds=30)
    return world


async def test_yes_gives_the_text_alone_once(asked: World) -> None:
    text = "ok, send it"
    first = await asked.email(text, id="yes")
    assert first.status_code == (await asked.email(text, id="yes")).status_code == 200
    await asked.work()
    await asked.email(text, id="yes")
    await asked.work()
    said = asked.outside.texts[2:]
    assert said == [FIRST, "Approved: Draft a note to Bob\nThe text above is ready to be passed on."]
    assert await asked.rows(STATES) == [(1, "sent")]
    assert await talk(asked, "yes", "send it") == [], "nothing waits any more"


async def test_no_means_no_draft(asked: World) -> None:
    assert await talk(asked, "no thanks", "yes", "send it") == ["All right, no draft: Draft a note to Bob"]
    assert await asked.rows(STATES) == [(1, "declined")]


async def test_other_words_are_shown_and_then_approved(asked: World) -> None:
    changed, sent, done = await talk(asked, "change it to: Hi Bob,\nany news?", "yes")
    assert changed == f"Changed. The draft for “Draft a note to Bob” is now:\n\nHi Bob,\nany news?\n\n{APPROVE}"
    assert (sent, done.splitlines()[0]) == ("Hi Bob,\nany news?", "Approved: Draft a note to Bob")
    assert await asked.rows(STATES) == [(1, "replaced"), (2, "sent")]
    assert await asked.rows("select author from draft order by n") == [("model",), ("person",)]


async def test_another_manner_is_written_shown_and_asked_about(asked: World) -> None:
    writing, shown, again, other, more, formal, sent, done = await talk(
        asked, "make it shorter", "try again", "more formal please", "looks good"
    )
    assert writing == again == more == "I'm writing another draft: Draft a note to Bob"
    short = "Just a quick note about this: Draft a note to Bob."
    assert shown == f"Another draft for: Draft a note to Bob\n\n{short}\n\n{APPROVE}"
    assert "I thought I'd check in on this" in other
    assert formal.split("\n\n")[1] == sent == "I am writing with regard to the following: Draft a note to Bob."
    assert done.startswith("Approved")
    assert (await asked.rows(STATES))[-1] == (4, "sent")


async def test_what_is_unclear_is_asked_and_then_answered(asked: World) -> None:
    (question,) = await talk(asked, "hmm, not sure")
    assert question.startswith("What should I do with the draft for “Draft a note to Bob”?")
    assert await asked.one("select kind from outbound_message order by position desc limit 1") == "clarification"
    assert await asked.rows(STATES) == [(1, "proposed")]
    assert (await talk(asked, "yes"))[0] == FIRST


async def test_a_yes_to_something_else_is_no_approval(asked: World) -> None:
    await talk(asked, "Remind me to call Ann sometime")
    assert await talk(asked, "yes") == []
    assert await asked.rows(STATES) == [(1, "proposed")]
    assert (await talk(asked, "approve the draft"))[0] == FIRST


async def test_only_the_version_they_saw(asked: World) -> None:
    """An operator changes the draft after it was shown: a yes is not about the new words."""
    id = await asked.one("select id from task")
    path = f"/v1/follow-ups/{id}/draft"

    async def meanwhile() -> None:
        asked.model.meanwhile = None
        answer = await asked.client.put(path, headers={"x-api-key": "operator-key-for-tests"}, json={"text": "Mine."})
        assert answer.status_code == 200

    asked.model.meanwhile = meanwhile
    assert await talk(asked, "yes", "send it") == ["That draft is not waiting any more: Draft a note to Bob"]
    assert await asked.rows(STATES) == [(1, "replaced"), (2, "proposed")]


async def test_two_that_wait_are_told_apart(world: World) -> None:
    world.model.script = offline
    await talk(world, "Draft a note to Bob tomorrow at 3pm", "Draft a letter to the landlord tomorrow at 3pm")
    await world.pass_time(days=1, hours=3)
    which, sent, done = await talk(world, "yes", "the second one")
    question, first, second = which.splitlines()
    assert question == "Which draft do you mean?"
    titles = [first.removeprefix("1. "), second.removeprefix("2. ")]  # as they were asked, both at the same moment
    assert sorted(titles) == ["Draft a letter to the landlord", "Draft a note to Bob"]
    assert titles[1] in sent
    assert done.startswith(f"Approved: {titles[1]}")


async def test_nobody_else_can_answer_and_no_model_can_invent_a_yes(asked: World) -> None:
    await asked.email("yes, send it", id="other", **{"from": "mallory@example.com"})
    await asked.work()
    assert asked.model.prompts[-1].drafts == ()
    assert await asked.rows(STATES) == [(1, "proposed")]
    lies = [DraftAnswer("approve", ["D1"], quote) for quote in ("yes, send it", "")]
    for lie in lies:
        asked.model.script = lambda prompt, lie=lie: Reading([], drafts=[lie])
        (question,) = await talk(asked, "What a day")
        assert question.startswith("What should I do"), "nobody wrote that"
    asked.model.script = lambda prompt: Reading([], drafts=[DraftAnswer("approve", ["D7", "T1"], "send")])
    await asked.email("send", id="mine")
    await asked.work()
    assert await asked.rows(STATES) == [(1, "sent")], "a reference that was not given out means the only one there is"


async def test_what_cannot_be_written_is_said(asked: World) -> None:
    def script(prompt: Any) -> Any:
        if isinstance(prompt, DraftPrompt):
            raise ModelRefused("no")
        return offline(prompt)

    asked.model.script = script
    assert await talk(asked, "shorter") == [
        "I'm writing another draft: Draft a note to Bob",
        "I could not write another draft. Somebody will look at it: Draft a note to Bob",
    ]
    assert await asked.rows("select subject, kind from notification") == [("task", "no_draft")]
