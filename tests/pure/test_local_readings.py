"""What the offline model makes of a conversation: what has a form, and nothing else."""

from datetime import datetime

from concierge.llm.local.scores import score
from concierge.llm.local.summaries import summarise
from concierge.llm.purposes import Said, Scored, ScorePrompt, SummarisePrompt, When
from tests.each import each

NOON = datetime(2027, 3, 3, 12)  # noqa: DTZ001 - a wall time, a Wednesday


def scored(*texts: str) -> Scored:
    turns = tuple(Said("contact", text) for text in texts)
    return score(ScorePrompt(now=NOON, zone="Europe/Berlin", turns=turns, private=()))


def test_a_lead_that_says_who_it_is() -> None:
    who = "I am Alice Arnold from Acme. We need forty seats this month, mail alice@acme.test."
    assert scored(who, "Can we meet on Friday at 3pm?") == Scored(
        name="Alice Arnold",
        email="alice@acme.test",
        company="Acme",
        intent="forty seats this month",
        urgency=2,
        budget=None,
        fit=None,
        engagement=1,
        demo=When("2027-03-05T15:00", "hour", "Friday at 3pm"),
        notice=None,
    )


@each("text", ["Hello", "Thanks!", "We went to the demo and then home", ""])
def test_what_says_nothing_is_read_as_nothing(text: str) -> None:
    said = scored(text)
    assert (said.name, said.email, said.company, said.intent, said.demo) == (None,) * 5


def test_a_time_counts_only_where_somebody_asks_to_meet() -> None:
    assert scored("I wrote on Friday at 3pm.").demo is None
    asked = scored("Can I see a demo on Friday at 3pm?", "Remind me tomorrow at 9am to call you").demo
    assert asked is not None
    assert asked.wall == "2027-03-05T15:00"
    assert scored("Can you show us on Friday at 3pm? Thanks.").demo is not None


def test_a_recap_counts_and_quotes() -> None:
    turns = (Said("contact", "We need forty seats"), Said("concierge", "By when?"), Said("contact", "By Friday"))
    text = summarise(SummarisePrompt(turns=turns, private=())).text
    assert text == "2 messages and 1 answer. First: “We need forty seats” Last: “By Friday”"
