"""What left the account comes back to us: one of ours settles it, a human's own words are kept and not answered."""

from datetime import timedelta
from uuid import UUID

import pytest

from concierge.errors import Unknown
from tests.events import AT, BSUID, PHONE, echo, message, tell
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

OURS = "select status, provider_message_id from outbound_message order by position"
THEIRS = "select provider_message_id, text, conversation_id is not null from app_reply"


async def said(world: World, *, n: int = 1, lost: bool = True) -> str:
    """The text of a confirmation that was handed to the provider, whose answer got lost."""
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [Unknown("reset")] if lost else []
    await tell(world, message(id=f"wamid.{n}", also=(BSUID,)))
    await world.work()
    return world.outside.texts[-1]


async def test_a_lost_answer_is_found_by_recipient_and_text(telling: World) -> None:
    text = await said(telling)
    assert (await tell(telling, echo(f"{text}\n"))).json()["status"] == "accepted"
    assert await telling.rows(OURS) == [("sent", "mid.1")]
    await tell(telling, echo(text))
    await telling.pass_time(minutes=10)
    assert await telling.rows(OURS) == [("sent", "mid.1")]
    assert await telling.rows(THEIRS) == []
    assert len(telling.outside.sent) == 1


async def test_an_echo_overtakes_the_answer_to_our_call(telling: World) -> None:
    text = await said(telling)
    await telling.execute("update outbound_message set status = 'sending'")
    await tell(telling, echo(text))
    assert await telling.rows(OURS) == [("sent", "mid.1")]


async def test_it_is_found_by_the_vendors_id_whatever_it_says(telling: World) -> None:
    await said(telling, lost=False)
    id = await telling.one("select provider_message_id from outbound_message")
    await tell(telling, echo("…", id=id, at=AT + timedelta(days=1)))
    assert await telling.rows(OURS) == [("sent", id)]
    assert await telling.rows(THEIRS) == []


async def test_it_never_steps_back(telling: World) -> None:
    await said(telling, lost=False)
    await telling.execute("update outbound_message set status = 'read'")
    await tell(telling, echo("…", id=await telling.one("select provider_message_id from outbound_message")))
    assert await telling.one("select status from outbound_message") == "read"


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_the_same_words_at_another_time_are_not_ours(telling: World, seconds: int) -> None:
    text = await said(telling)
    await tell(telling, echo(text, at=AT + timedelta(seconds=seconds)))
    assert await telling.one("select status from outbound_message") == "unknown"
    assert await telling.rows(THEIRS) == [("mid.1", text, True)]


async def test_the_same_words_to_somebody_else_are_not_ours(telling: World) -> None:
    text = await said(telling)
    await tell(telling, echo(text, recipient=BSUID))
    assert await telling.one("select status from outbound_message") == "unknown"


async def test_two_with_the_same_words_are_settled_one_by_one(telling: World) -> None:
    text = await said(telling)
    await said(telling, n=2)
    await tell(telling, echo(text), echo(text, id="mid.2"))
    assert await telling.rows(OURS) == [("sent", "mid.1"), ("sent", "mid.2")]


async def test_a_human_answered_in_the_app(telling: World) -> None:
    await tell(telling, message())
    await telling.work()
    for _ in range(2):
        await tell(telling, echo("I'll call you\0"))
    await telling.work()
    assert await telling.rows(THEIRS) == [("mid.1", "I'll call you\ufffd", True)]
    conversation: UUID = await telling.one("select id from conversation")
    assert await telling.rows("select subject, subject_id, type, detail from event where subject = 'conversation'") == [
        ("conversation", conversation, "conversation.answered_in_app", "mid.1")
    ]
    assert (len(telling.model.prompts), telling.outside.sent) == (1, [])
    assert await telling.one("select last_seq from conversation") == 1


async def test_a_human_wrote_to_a_stranger(telling: World) -> None:
    await tell(telling, echo("Hello", recipient=PHONE))
    assert await telling.rows(THEIRS) == [("mid.1", "Hello", False)]
    assert await telling.one("select count(*) from contact") == 0


async def test_their_words_are_forgotten_in_time(telling: World) -> None:
    await tell(telling, echo("Hello"))
    await telling.pass_time(days=61)
    assert await telling.rows(THEIRS) == [("mid.1", "", False)]
