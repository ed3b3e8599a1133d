"""A time fires only if the words bear it out; however a model lies about it, we ask."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec

from concierge.conversations.model import NOBODY, Conversation, Message, Turn
from concierge.followups.evidence import settled
from concierge.followups.scheduling import Due, Unclear
from concierge.llm.purposes import Said, When
from tests.each import each

NOW = datetime(2026, 11, 18, 9, 7, tzinfo=UTC)  # a Wednesday; 10:07 in Berlin
CONVERSATION = msgspec.convert(
    {
        **dict.fromkeys(("id", "tenant_id", "channel_account_id", "contact_id", "identity_id"), UUID(int=1)),
        **dict.fromkeys(("acknowledge", "contact_name", "quiet_until"), None),
        **dict.fromkeys(("greeted", "suppressed", "metered", "held_back", "has_tasks"), False),
        "channel": "email",
        "status": "bot",
        "last_seq": 2,
        "handled_seq": 1,
        "zone": "Europe/Berlin",
        "language": "en",
        "tone": "friendly",
        "default_action": "remind",
        "agent": NOBODY,
        "tenant_name": "T",
    },
    Conversation,
    from_attributes=True,
)


def message(text: str, seq: int = 2) -> Message:
    facts: dict[str, Any] = dict.fromkeys(("context", "subject", "automated", "correlation_id"))
    return Message(
        id=UUID(int=seq), seq=seq, provider_message_id="m", text=text, sent_at=NOW, received_at=NOW, **facts
    )  # fmt: skip


def read(when: When, *texts: str, before: tuple[str, ...] = (), kept: datetime | None = None) -> Due | Unclear:
    history = [Said("contact", text) for text in before]
    turn = Turn(conversation=CONVERSATION, messages=[message(text) for text in texts], history=history)
    return settled(when, turn, now=NOW, kept=kept)


def fires(when: When, *texts: str, **more: Any) -> bool:
    due = read(when, *texts, **more)
    assert isinstance(due, Due) or due.reason == "unsupported", due
    return isinstance(due, Due)


BOB = "Remind me to call Bob tomorrow at 3pm"
WEEKLY = "Please call me about it every Monday at 9am"


@each(
    ("text", "when"),
    [
        (BOB, When("2026-11-19T15:00", "hour", "tomorrow at 3pm")),
        ("Remind me to pay the rent on Friday", When("2026-11-20T09:00", "day", "on Friday")),
        ("Remind me to pay the rent on 1 December", When("2026-12-01T09:00", "day", "1 December")),
        ("Remind me of the rent at 18:30", When("2026-11-18T18:30", "minute", "18:30")),
        ("Remind me of the rent at 8am", When("2026-11-19T08:00", "hour", "at 8am")),
        ("Remind me in half an hour", When("2026-11-18T10:37", "minute", "in half an hour")),
        ("Remind me tonight", When("2026-11-18T19:00", "day_part", "tonight")),
        (WEEKLY, When("2026-11-23T09:00", "hour", "every Monday at 9am", repeats="FREQ=WEEKLY;BYDAY=MO")),
        ("Recuérdame llamar a Ana mañana a las 17:00", When("2026-11-19T17:00", "hour", "mañana a las 17:00")),
        ("Erinnere mich am Freitag um 15 Uhr", When("2026-11-20T15:00", "hour", "am Freitag um 15 Uhr")),
        ("Erinnere mich am Freitag um 15:00 Uhr", When("2026-11-20T15:00", "minute", "am Freitag um 15:00 Uhr")),
        ("Übermorgen um 9:30 Uhr bitte", When("2026-11-20T09:30", "minute", "Übermorgen um 9:30 Uhr")),
        ("el martes a las 9:30", When("2026-11-24T09:30", "minute", "el martes a las 9:30")),
        (
            "Erinnere mich jeden Montag um 9:00",
            When("2026-11-23T09:00", "hour", "jeden Montag um 9:00", repeats="FREQ=WEEKLY;BYDAY=MO"),
        ),
        ("Recuérdame el viernes", When("2026-11-20T09:00", "day", "el viernes")),
    ],
)
def test_what_was_said_is_done(text: str, when: When) -> None:
    assert fires(when, text)


LIES = {
    "another day": (BOB, When("2026-11-20T15:00", "hour", "tomorrow at 3pm")),
    "another hour": (BOB, When("2026-11-19T16:00", "hour", "tomorrow at 3pm")),
    "the other half of the day": (BOB, When("2026-11-19T03:00", "hour", "tomorrow at 3pm")),
    "another minute": ("Remind me at 18:30 today", When("2026-11-18T18:35", "minute", "at 18:30 today")),
    "another weekday": ("Remind me to pay on Friday", When("2026-11-21T09:00", "day", "on Friday")),
    "another week": ("Remind me to pay on Friday", When("2026-11-27T09:00", "day", "on Friday")),
    "another date": ("Remind me to pay on 1 December", When("2026-12-02T09:00", "day", "1 December")),
    "another month": ("Remind me to pay on 1 December", When("2027-01-01T09:00", "day", "1 December")),
    "another year": ("Remind me to pay on 1 December", When("2027-12-01T09:00", "day", "1 December")),
    "another part of the day": ("Remind me on Friday morning", When("2026-11-20T18:00", "day_part", "Friday morning")),
    "another duration": ("Remind me in two hours", When("2026-11-18T15:07", "hour", "in two hours")),
    "an hour nobody named": ("Remind me to pay on Friday", When("2026-11-20T17:00", "hour", "on Friday")),
    "a day nobody named": ("Remind me to pay at 3pm", When("2026-12-24T15:00", "hour", "at 3pm")),
    "half of the words, another hour": (BOB, When("2026-11-19T17:00", "hour", "tomorrow")),
    "half of the words, another day": (BOB, When("2026-11-18T15:00", "hour", "3pm")),
    "other words": (BOB, When("2026-11-23T15:00", "hour", "call Bob")),
    "no time at all": ("Please remind me to call Bob about the lease", When("2026-11-19T15:00", "hour", "call Bob")),
    "no quote": (BOB, When("2026-11-19T15:00", "hour", "")),
    "blanks for a quote": (BOB, When("2026-11-19T15:00", "hour", " \n ")),
    "a quote that is not there": (BOB, When("2026-11-19T16:00", "hour", "tomorrow at 4pm")),
    "a quote of our own words": (BOB, When("2026-11-20T09:00", "day", "Friday 20 November 2026")),
    "another hour, in German": ("Freitag um 9:30 Uhr", When("2026-11-20T11:00", "minute", "Freitag um 9:30 Uhr")),
    "a day nobody named, in few words": ("lunch 9:30", When("2026-11-24T09:30", "minute", "lunch 9:30")),
    "a rhythm nobody named": (BOB, When("2026-11-19T15:00", "hour", "tomorrow at 3pm", repeats="FREQ=DAILY")),
    "a rhythm of a single day": ("Remind me on Friday", When("2026-11-20T09:00", "day", "Friday", "FREQ=WEEKLY")),
    "another rhythm": (WEEKLY, When("2026-11-23T09:00", "hour", "every Monday at 9am", repeats="FREQ=DAILY")),
    "another day of the rhythm": (
        WEEKLY,
        When("2026-11-24T09:00", "hour", "every Monday at 9am", repeats="FREQ=WEEKLY;BYDAY=TU"),
    ),
    "another interval": (
        WEEKLY,
        When("2026-11-23T09:00", "hour", "every Monday at 9am", repeats="FREQ=WEEKLY;INTERVAL=3;BYDAY=MO"),
    ),
    "another hour of the rhythm": (
        WEEKLY,
        When("2026-11-23T07:00", "hour", "every Monday at 9am", repeats="FREQ=WEEKLY;BYDAY=MO"),
    ),
}


@each("lie", LIES)
def test_a_lie_is_asked_about(lie: str) -> None:
    text, when = LIES[lie]
    assert not fires(when, text)


def test_words_of_an_older_message_name_no_time_now() -> None:
    when = When("2026-11-20T09:00", "day", "on Friday")
    assert not fires(when, "call me", before=("I have to pay on Friday",))
    assert fires(when, "call me", "on Friday")


def test_what_stays_open_may_stand_beside_it() -> None:
    at_three = When("2026-11-20T15:00", "hour", "at 3pm")
    assert fires(at_three, "remind me at 3pm", before=("The dentist can see you on Friday",))
    assert fires(When("2026-11-20T15:00", "hour", "Friday"), "Friday", "3pm")
    assert not fires(at_three, "remind me at 3pm", before=("The dentist can see you on Monday",))
    planned = datetime(2026, 11, 25, 16, 0)  # noqa: DTZ001  a wall time
    assert fires(When("2026-11-25T15:00", "hour", "at 3pm"), "make that at 3pm", kept=planned)
    assert fires(When("2026-11-27T16:00", "day", "Friday next week"), "move it to Friday next week", kept=planned)
    assert not fires(When("2026-11-26T15:00", "hour", "at 3pm"), "make that at 3pm", kept=planned)


def test_a_time_that_is_no_single_one_is_asked_about() -> None:
    def reason(when: When, text: str) -> str | None:
        due = read(when, text)
        return due.reason if isinstance(due, Unclear) else None

    assert reason(When("2026-11-23T09:00", "week", "next week"), "remind me next week") == "vague"
    assert reason(When("2026-11-20T09:00", "day", "Friday", confidence="low"), "remind me on Friday") == "vague"
    assert reason(When("2026-11-20T09:00+05:00", "day", "Friday"), "remind me on Friday") == "vague"
    assert reason(When("2026-13-40T09:00", "day", "Friday"), "remind me on Friday") == "vague"
    assert reason(When("2026-11-17T09:00", "day", "Friday"), "remind me on Friday") == "past"
    assert reason(When("2126-11-20T09:00", "day", "Friday"), "remind me on Friday") == "too_far"
    often = When("2026-11-18T11:00", "minute", "every minute", repeats="FREQ=MINUTELY")
    assert reason(often, "remind me every minute") == "too_often"
