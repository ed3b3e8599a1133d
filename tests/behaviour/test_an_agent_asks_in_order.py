"""Greeting once, then service, full name, nationality, e-mail and best time to call, then a human: nothing asked twice,
nothing asked that was said."""

import pytest

from concierge.conversations.handover.moving import close, release
from concierge.errors import ModelUnavailable
from concierge.intake.model import QUESTIONS
from concierge.llm.purposes import Replied
from tests.agents import configure, move, talk, wait
from tests.offline import offline
from tests.world import World

HELLO = "Hi 👋 I'm ABCai from Al Ain Business Center.\n\n"
SERVICE, NAME, NATIONALITY, CONTACT = (question.ask for question in QUESTIONS)
THANKS = "Thank you. A colleague will get back to you."
STATUS = "select status from conversation order by opened_at"


def fail(_prompt: object) -> None:
    raise ModelUnavailable("overloaded")


@pytest.fixture
async def center(world: World) -> World:
    """S3's business center, with the offline model."""
    await world.execute("update tenant set name = 'Al Ain Business Center'")
    await configure(world, "intake", name="ABCai")
    world.model.script = offline
    return world


async def test_the_whole_way_to_a_human_and_back(center: World) -> None:
    said = await talk(center, "Hello", "I need a family visa", "Ali Khan", "Indian", "ali@example.com, mornings")
    assert said == [HELLO + SERVICE, NAME, NATIONALITY, CONTACT, THANKS]
    assert await center.rows(STATUS) == [("handoff_requested",)]
    (reason, summary), *_ = await center.rows("select reason, summary from handoff")
    assert reason == "the intake is complete"
    assert summary.splitlines()[:5] == [
        "Service: Family visa",
        "Full name: Ali Khan",
        "Nationality: Indian",
        "Email: ali@example.com",
        "Best time to call: mornings",
    ]
    assert await talk(center, "Are you there?") == []
    assert await center.one("select count(*) from notification where kind = 'handoff'") == 1

    # given back: what is known stays known, and nobody is handed over again for nothing
    await move(center, release)
    assert await talk(center, "Thanks!") == []
    assert await center.rows(STATUS) == [("bot",)]

    # closed: a new conversation greets again, asks what is new, and not who they are
    await move(center, close)
    again = await talk(center, "Hi again", "a golden visa", "after 5pm")
    assert again == [HELLO + SERVICE, "What is the best time to call you?", THANKS]
    assert await center.rows(STATUS) == [("closed",), ("handoff_requested",)]
    assert await center.one("select count(*) from handoff") == 2


async def test_it_speaks_the_language_of_the_customer_where_its_settings_do_not(center: World) -> None:
    await center.execute("update tenant set language = 'de'")
    hello = "Hallo 👋 Hier ist ABCai von Al Ain Business Center.\n\n"
    thanks = "Vielen Dank. Jemand aus unserem Team meldet sich bei Ihnen."
    said = await talk(center, "Hallo", "I need a family visa", "I want to talk to a human")
    assert said == [f"{hello}Wie kann ich Ihnen helfen?", "Wie ist Ihr vollständiger Name, bitte?", thanks]

    await configure(center, "replies", replies={"handing_over": "Bis gleich."})
    await move(center, release)
    assert await talk(center, "Danke") == ["Notiert."]
    center.model.script = fail
    assert await talk(center, "Hallo?") == ["Notiert."]
    await center.execute("update contact set language = 'fr'")
    center.model.script = lambda _: Replied("", wants_human=True)
    assert await talk(center, "I want to talk to a human") == ["Bis gleich."]
    await configure(center, "replies")
    await move(center, release)
    assert await talk(center, "I want to talk to a human") == ["Quelqu’un de notre équipe va prendre la suite."]


@pytest.mark.parametrize(
    ("first", "asked"),
    [
        ("Hello", SERVICE),
        ("I'm Ali Khan", SERVICE),  # a name alone does not come before what they want
        ("I'm Ali Khan and I need a visa", NATIONALITY),
        ("Business setup please. I am from India, my name is Ali Khan", CONTACT),
        ("What services do you offer?", SERVICE),
    ],
)
async def test_what_was_said_in_passing_is_not_asked(center: World, first: str, asked: str) -> None:
    assert await talk(center, first) == [HELLO + asked]


async def test_half_an_answer_is_half_a_question(center: World) -> None:
    await talk(center, "visa, I'm Ali Khan from India")
    assert await talk(center, "ali@example.com") == ["What is the best time to call you?"]
    assert await talk(center, "any time") == [THANKS]


async def test_nobody_is_asked_the_same_for_ever(center: World) -> None:
    said = await talk(center, "Hello", "hmm?", "ok", "yes?")
    assert said == [HELLO + SERVICE, SERVICE, SERVICE, THANKS]
    assert await center.one("select reason from handoff") == "“service” was asked 3 times and not answered"


async def test_a_human_is_called_when_one_is_asked_for(center: World) -> None:
    assert await talk(center, "visa please", "Can I talk to a human?") == [HELLO + NAME, THANKS]
    assert await center.rows("select reason from handoff") == [("they asked for a human",)]


async def test_a_burst_is_asked_once(center: World) -> None:
    await configure(center, "intake", name="ABCai", quiet=2)
    for n, text in enumerate(["Hi", "a visa", "I'm Ali Khan"]):
        await center.whatsapp(text, id=f"wamid.{n}")
        await wait(center, 0.5)
    await wait(center, 2)
    assert center.outside.texts == [HELLO + NATIONALITY]


async def test_what_must_not_be_said_is_taken_out(center: World) -> None:
    """Whatever a model or a setting brings: no list of services leaves."""
    ask = "How can I help (Family Visa, Work Permit, Setup)?"
    form = {"questions": [{"key": "service", "ask": ask, "fields": [{"key": "service", "kind": "service"}]}]}
    await configure(center, "intake", "replies", name="ABCai", intake=form)
    assert await talk(center, "Hello") == [HELLO + "How can I help?"]
    pattern = await center.one("select detail from event where type = 'conversation.sanitized'")
    assert pattern.startswith("taken out of an answer: \\(")
    form["questions"][0]["ask"] = "(Visa Services)"
    await configure(center, "intake", name="ABCai", intake=form)
    assert await talk(center, "Hm?") == ["How can I help you today?"]
    # what the person wrote themselves is theirs
    await configure(center, "followups", name="ABCai")
    assert "(Visa Services" in (await talk(center, "Remind me tomorrow at 9am to call Bob (Visa Services)"))[0]


async def test_followups_and_answers_live_in_one_agent(center: World) -> None:
    """The intake reads in passing what a turn says that another skill answers, and goes on in the next one."""
    await configure(center, "followups", "intake", "replies", name="ABCai")
    (first,) = await talk(center, "I'm Ali Khan. Remind me tomorrow at 9am to renew my visa")
    assert first.startswith(HELLO + "Got it.")
    assert await talk(center, "Hello?") == [NATIONALITY]
    center.model.script = lambda prompt: (
        Replied("Yes.", wants_human=False) if prompt.purpose == "reply" else offline(prompt)
    )
    await center.execute("update intake set completed_at = now()")
    assert await talk(center, "And are you open on Fridays?") == ["Yes."]


async def test_answers_are_forgotten_with_the_words_they_were_read_from(center: World) -> None:
    await talk(center, "visa, I'm Ali Khan from India", "ali@example.com, any time")
    assert await center.one("select count(*) from intake_answer where value <> ''") == 5
    await center.pass_time(days=61)
    assert await center.one("select count(*) from intake_answer where value <> ''") == 0
    assert await center.rows("select summary from handoff") == [("",)]
    await move(center, close)
    assert await talk(center, "A visa, please") == [HELLO + NAME]
