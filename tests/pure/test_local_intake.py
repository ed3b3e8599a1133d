"""What the offline model reads out of messages for a form."""

from concierge.intake.model import QUESTIONS, SERVICES
from concierge.llm.local.intake import learn
from concierge.llm.purposes import IntakePrompt, Offer, Said, Wanted
from tests.each import each

WANTED = tuple(Wanted(each.key, each.kind, question.ask) for question in QUESTIONS for each in question.fields)
OFFERS = tuple(Offer(each.name, tuple(each.words)) for each in SERVICES)


def read(text: str, *asked: str) -> dict[str, str]:
    prompt = IntakePrompt(
        wanted=WANTED, asked=asked, offers=OFFERS, turns=(Said("contact", text),), unread=1, private=()
    )
    return {fact.key: fact.value for fact in learn(prompt).facts}


@each(
    ("text", "asked", "facts"),
    [
        ("Hi there!", "service", {}),
        ("Good morning, can you help me?", "service", {}),
        ("What services do you offer?", "service", {}),
        ("I need a family visa", "", {"service": "Family visa"}),
        ("visa for me and company formation", "", {"service": "Visa, Business setup"}),
        ("I want to open a bank account", "", {"service": "bank account"}),
        ("translation of documents", "service", {"service": "translation of documents"}),
        ("translation of documents", "", {}),
        ("ali khan", "name", {"name": "ali khan"}),
        ("ali khan", "", {}),
        ("It's Ali.", "name", {"name": "Ali"}),
        ("My name is sara and I am egyptian", "", {"name": "sara", "nationality": "egyptian"}),
        ("I need to think", "name", {"service": "to think"}),
        ("How much is it?", "name", {}),
        ("Ali Khan, Indian", "name", {"name": "Ali Khan", "nationality": "Indian"}),
        ("I'm from Sri Lanka", "nationality", {"nationality": "Sri Lanka"}),
        ("South African passport", "nationality", {"nationality": "South African"}),
        ("why do you ask?", "nationality", {}),
        (
            "ali@example.com, tomorrow after 3pm",
            "best_time",
            {"email": "ali@example.com", "best_time": "tomorrow after 3pm"},
        ),
        ("call me in the morning", "", {"best_time": "in the morning"}),
        ("whenever", "best_time", {}),
    ],
)
def test_what_is_read(text: str, asked: str, facts: dict[str, str]) -> None:
    assert read(text, *([asked] if asked else [])) == facts


def test_a_human_is_heard() -> None:
    turns = (Said("contact", "Can I speak to a real person?"),)
    assert learn(IntakePrompt(wanted=WANTED, asked=(), offers=OFFERS, turns=turns, unread=1, private=())).wants_human
