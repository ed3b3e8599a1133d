"""From the bot to a human and back: the bot never talks over the human, and does not run back to one at once."""

from typing import Any
from uuid import UUID

import pytest

from concierge.conversations.handover.moving import close, release, take_over
from concierge.errors import Conflicting, Missing, NotAccepted
from concierge.llm.purposes import Reading, Replied, Summarised
from tests.agents import configure, move, talk
from tests.bookings import ask
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

STATUS = "select status from conversation order by opened_at desc limit 1"


@pytest.fixture(autouse=True)
async def agent(world: World) -> None:
    await configure(world, "replies")


async def test_while_it_thinks(world: World) -> None:
    """The status is looked at again in the transaction that would have posted the answer."""

    async def meanwhile() -> None:
        world.model.meanwhile = None
        await move(world, take_over)

    world.model.meanwhile = meanwhile
    assert await talk(world, "Hello?") == []
    assert (len(world.model.prompts), await world.one("select count(*) from outbound_message")) == (1, 0)
    assert await talk(world, "Anybody?") == []
    assert len(world.model.prompts) == 1
    await move(world, release)
    assert await talk(world, "And now?") == ["An answer."]
    said = [turn.text for turn in world.model.prompts[-1].turns]
    assert said == ["Hello?", "Anybody?", "And now?"]
    assert await world.moves(await world.one("select id from conversation")) == ["human", "bot"]


async def test_while_its_answer_waits_to_be_sent_again(world: World) -> None:
    """One is still in the line, one comes back from a provider that did not take it: neither is sent."""
    world.outside.outcomes = [NotAccepted("busy")]
    assert await talk(world, "Hello?") == ["An answer."]
    await world.whatsapp("Anybody?", id="wamid.2")
    await world.execute("update procrastinate_jobs set status = 'succeeded' where task_name = 'outbox.deliver'")
    await world.work()
    await move(world, take_over)
    await world.pass_time(minutes=5)
    assert len(world.outside.sent) == 1
    assert await world.rows("select distinct status, reason from outbound_message") == [
        ("cancelled", "a human leads the conversation")
    ]


async def test_what_the_business_says_is_said_at_once(world: World) -> None:
    """A system of the tenant is not the bot: its message is not withdrawn with the answer that it stood behind."""
    world.outside.outcomes = [NotAccepted("busy")]
    await talk(world, "Hello?")
    parcel = {"conversation_id": str(await world.one("select id from conversation")), "text": "Your parcel is here."}
    assert (await ask(world, "POST", "/v1/outbound-messages", parcel)).status_code == 201
    await world.work()
    assert len(world.outside.sent) == 1
    await move(world, take_over)
    await world.work()
    assert world.outside.texts[1:] == ["Your parcel is here."]
    await ask(world, "POST", "/v1/outbound-messages", parcel)
    await world.work()
    assert world.outside.texts[2:] == ["Your parcel is here."]


async def test_who_takes_over_reads_what_was_summed_up(world: World) -> None:
    """The newest summary there is, before the last words; also one that is written after the human was asked for."""
    await configure(world, "replies", "summaries")

    def script(prompt: Any) -> Any:
        if prompt.purpose == "summarise":
            return Summarised(f"{len(prompt.turns)} messages about sleep.")
        return Replied("Well.", wants_human="human" in prompt.turns[-1].text)

    world.model.script = script
    await talk(world, "I slept badly")
    await world.pass_time(minutes=3)
    endpoint = {"url": "https://example.com/hooks", "event_types": ["handoff.requested"], "include_text": True}
    made = (await ask(world, "POST", "/v1/webhook-endpoints", endpoint)).json()
    await talk(world, "A human, please")
    await ask(world, "DELETE", f"/v1/webhook-endpoints/{made['id']}")
    told = "2 messages about sleep.\n\nThey: I slept badly\nWe: Well.\nThey: A human, please"
    assert await world.one("select words ->> 'summary' from webhook_event") == told

    async def read() -> str:
        (handoff,) = (await ask(world, "GET", "/v1/handoffs")).json()["data"]
        return str(handoff["summary"])

    assert await read() == told
    await world.pass_time(minutes=3)
    assert await read() == told.replace("2", "4")
    await move(world, close)
    await talk(world, "I slept well")
    await world.pass_time(minutes=3)
    assert await read() == told.replace("2", "4")


async def test_a_call_for_a_human_is_heard_once(world: World) -> None:
    world.model.script = lambda _: Replied("I'll get somebody.", wants_human=True)
    assert await talk(world, "My name is Ann", "A human, please", "Hello?") == ["I'll get somebody."]
    assert await world.one(STATUS) == "handoff_requested"
    text = "select text from notification where kind = 'handoff' and acknowledged_at is null"
    assert await world.rows(text) == [("a human is wanted: they asked for a human",)]
    assert await world.one("select summary from handoff") == "They: My name is Ann"

    await move(world, take_over)
    assert await world.rows(text) == []
    assert await world.rows("select taken_by, taken_at is null, ended_at is null from handoff") == [
        ("Olga", False, True)
    ]
    await move(world, close)
    assert await world.one("select ended_at is not null from handoff")
    with pytest.raises(Conflicting):
        await move(world, close)
    with pytest.raises(Missing):
        await move(world, close, UUID(int=7))

    world.model.script = lambda _: Replied("Welcome back.", wants_human=False)
    assert await talk(world, "Hello again") == ["Welcome back."]
    assert await world.rows("select status from conversation order by opened_at") == [("closed",), ("bot",)]
    assert await world.one("select count(*) from handoff") == 1


async def test_what_the_first_words_are(world: World) -> None:
    """The greeting is said once a conversation, with the place where a bot says that it is one."""
    manners = {"greeting": "Hi, I'm {agent} of {business}. {disclosure}", "disclosure": "I am a bot."}
    await configure(world, "replies", name="Ada", manners=manners)
    assert await talk(world, "Hello", "How are you?") == [
        "Hi, I'm Ada of My business. I am a bot.\n\nAn answer.",
        "An answer.",
    ]
    await move(world, close)
    assert (await talk(world, "Hello"))[0].startswith("Hi, I'm Ada")


async def test_a_reminder_goes_where_the_person_talks_now(world: World) -> None:
    """Its own conversation was closed, and the time for free text there is over; in the new one it is not."""
    await configure(world, "followups")
    world.model.script = readings(reading("Call Bob", SOON), Reading([]))
    await talk(world, "Remind me to call Bob then")
    await move(world, close)
    await world.pass_time(days=8, hours=12)
    await talk(world, "Hello")
    await world.pass_time(hours=12)
    assert world.outside.texts[-1].startswith("Reminder: Call Bob")
    ids = "select c.status from outbound_message o join conversation c on c.id = o.conversation_id order by o.position"
    assert await world.rows(ids) == [("closed",), ("bot",)]
