"""What `local` takes for a request, and what it calls it. Every phrase was written for this file.

Now is Wednesday 18 November 2026, 10:07, in New York.
"""

import time
from datetime import datetime

import pytest

from concierge.llm.local.reading import read
from concierge.llm.local.titles import title
from concierge.llm.purposes import ExtractPrompt, OpenDraft, OpenQuestion, OpenTask, Said
from tests.each import each
from tests.pure.asking import NOW, one, tasks

TITLES = [
    ("Follow up with Dr office next Friday morning about test results.", "Follow up with Dr office about test results"),
    ("Follow up next Friday morning about dentist", "Follow up about dentist"),
    ("can you please follow up with Jane re: the lease on Monday?", "Follow up with Jane re: the lease"),
    ("Don't forget to book flights by next Wednesday", "Book flights"),
    ("Hey, I need to pay rent by Friday", "Pay rent"),
    ("I have a dentist appointment on Dec 3 at 2:30pm", "Dentist appointment"),
    ("Team lunch on Friday", "Team lunch"),
    ("remind me about Friday's meeting on Thursday at noon", "Friday's meeting"),
    ("Remind me tomorrow at 9am about the meeting on Monday", "Meeting on Monday"),
    ("Prepare slides for the Monday meeting by Sunday evening", "Prepare slides for the Monday meeting"),
    ("Remind me of the 3pm call at 2:45pm", "3pm call"),
    ("Pay invoice 4432 on Friday", "Pay invoice 4432"),
    ("Order 3 pizzas at 6pm tonight", "Order 3 pizzas"),
    ("Read chapter 7 tomorrow evening", "Read chapter 7"),
    ("Call 555-123-4567 at 4pm", "Call 555-123-4567"),
    ("Submit the weekly report tomorrow at 3pm", "Submit the weekly report"),
    ("Check in with Priya in a couple of days", "Check in with Priya"),
    ("Remind me not to eat sugar tomorrow", "Do not eat sugar"),
    ("Set a reminder for 5pm to leave the office", "Leave the office"),
    ("TODO: renew passport by March 1st", "Renew passport"),
    ("if he hasn't replied by Friday, remind me to call him", "Call him"),
    ("I called Bob yesterday, follow up with him next Monday", "Follow up with him"),
    ("Good morning! Please call the bank at 3pm.", "Call the bank"),
    ("The report is due Friday", "Report is due"),
    ("Dinner with Ana on Saturday at 8", "Dinner with Ana"),
]


@each(("text", "title"), TITLES)
def test_a_title_is_what_is_to_be_done(text: str, title: str) -> None:
    task = one(text)
    assert task.title == title
    assert task.when is not None
    assert task.when.wall is not None


@each(
    "text",
    [
        "thanks!", "OK", "", "   ", "👍", "Thanks, see you tomorrow!", "Have a great weekend!", "Good morning",
        "Happy new year!", "sounds good, tomorrow works", "talk to you on Monday", "don't remind me",
        "Don't remind me on Friday", "no need to follow up next week", "Please don't call me tomorrow", "not today",
        "never mind", "cancel that reminder", "stop", "The meeting was yesterday", "I met Bob last Tuesday",
        "We spoke two days ago", "I'll be there at 5", "I'm on holiday until Monday", "It's my birthday tomorrow!",
        "The package should arrive on Monday", "What's on my list tomorrow?", "Are you free tomorrow at 3?",
        "what time do you open on Saturday?", "Do you have a table for tonight?", "How are you today?",
        "My phone number is 555-867-5309", "I sat down and the sun was out", "The second invoice is wrong",
        "It took 3 hours", "Price is $500 for 10 days", "hola, ¿qué tal?", "\x00\x00", "....", "?!",
    ],
)  # fmt: skip
def test_nothing_is_asked_for(text: str) -> None:
    assert tasks(text) == []


@each(
    ("text", "title"),
    [
        ("remind me to call mum", "Call mum"),
        ("Follow up with Sam", "Follow up with Sam"),
        ("Please call the plumber", "Call the plumber"),
        ("Follow up on yesterday's call", "Follow up on yesterday's call"),
        ("recuérdame llamar a mamá", "Llamar a mamá"),
        ("I need to renew my passport", "Renew my passport"),
    ],
)
def test_a_task_without_a_time(text: str, title: str) -> None:
    task = one(text)
    assert (task.title, task.when) == (title, None)


def test_several_tasks_in_one_message() -> None:
    found = tasks("Call Bob tomorrow at 9am and remind me to pay rent on Friday. Thanks! Also email Sue next week.")
    assert [(task.title, task.when and task.when.wall) for task in found] == [
        ("Call Bob", "2026-11-19T09:00"),
        ("Pay rent", "2026-11-20T09:00"),
        ("Email Sue", None),
    ]
    assert one("Pick up milk and call mum tomorrow evening").title == "Pick up milk and call mum"


def test_several_messages() -> None:
    found = tasks("Remind me to call Bob", "tomorrow at 2pm please", "and don't forget to water the plants tonight")
    assert [(task.title, task.when and task.when.wall) for task in found] == [
        ("Call Bob", "2026-11-19T14:00"),
        ("Water the plants", "2026-11-18T19:00"),
    ]


QUESTIONS = (OpenQuestion("Q1", "Pay the plumber"), OpenQuestion("Q2", "Follow up"))


@each(
    ("text", "wall"),
    [
        ("Tuesday 3pm", "2026-11-24T15:00"),
        ("let's say Friday at 10am", "2026-11-20T10:00"),
        ("tomorrow morning please", "2026-11-19T09:00"),
        ("How about the 3rd at noon?", "2026-12-03T12:00"),
        ("Friday works", "2026-11-20T09:00"),
        ("in 20 minutes", "2026-11-18T10:27"),
        ("next week", None),
        ("whenever", None),
    ],
)
def test_a_bare_time_answers_the_latest_question(text: str, wall: str | None) -> None:
    task = one(text, questions=QUESTIONS)
    assert task.when is not None
    assert (task.title, task.answers, task.when.wall) == ("Follow up", "Q2", wall)


def test_a_day_and_then_an_hour_are_one_answer() -> None:
    (task,) = tasks("Tuesday", "3pm", questions=QUESTIONS)
    assert task.when is not None
    assert task.when.wall == "2026-11-24T15:00"


def test_an_answer_can_name_its_question() -> None:
    task = one("Pay the plumber on Friday", questions=QUESTIONS)
    assert (task.title, task.answers) == ("Pay the plumber", "Q1")


@each(
    ("text", "draft"),
    [
        ("Draft an email to Sam about pricing for Monday morning", True),
        ("write to the landlord tomorrow", True),
        ("Please prepare a short message for Ana by Friday", True),
        ("Review the draft contract tomorrow", False),
        ("Call Ana tomorrow", False),
    ],
)
def test_whether_a_draft_is_wanted(text: str, *, draft: bool) -> None:
    assert one(text).draft is draft
    assert one(text, default_draft=True).draft


def test_an_email_is_read_without_what_it_quotes() -> None:
    body = (
        "Hi,\r\n\r\nPlease remind me to send the  invoice to Acme on Monday   at 10am.\r\n\r\nBest regards,\r\nAna\r\n"
        "Call me tomorrow: 555 1234\r\n> remind me on Friday\r\n"
    )
    task = one(body, subject="Re: Invoice")
    assert task.when is not None
    assert (task.title, task.when.quote) == ("Send the invoice to Acme", "Monday   at 10am")


@each(
    ("subject", "body", "title"),
    [
        ("Re: Fwd: Acme contract", "Friday at noon", "Acme contract"),
        ("Acme contract", "Remind me about this on Friday", "Acme contract"),
        ("Acme contract", "Follow up next Friday morning", "Follow up: Acme contract"),
        ("Follow up", "Follow up next Friday morning", "Follow up"),
        (None, "Friday at noon", "Follow up"),
        ("Call the bank on Friday", "", "Call the bank"),
    ],
)
def test_a_subject_helps_out(subject: str | None, body: str, title: str) -> None:
    assert one(body, subject=subject).title == title


@pytest.mark.parametrize(
    ("zone", "wall"), [("America/Chicago", "2027-01-05T09:00"), ("Europe/London", "2027-05-01T09:00")]
)
def test_which_number_is_the_month_depends_on_the_zone(zone: str, wall: str) -> None:
    when = one("Call Ana on 1/5/2027", zone=zone).when
    assert when is not None
    assert when.wall == wall


def test_hours_run_on_the_utc_time_line() -> None:
    eve = datetime(2027, 3, 13, 23, 30)  # noqa: DTZ001 - clocks go forward at 2:00
    for text, wall in (("in 3 hours", "2027-03-14T03:30"), ("tomorrow at 9am", "2027-03-14T09:00")):
        when = one(f"Remind me to call Ana {text}", now=eve).when
        assert when is not None
        assert when.wall == wall


def test_typographic_quotes_are_quoted_as_written() -> None:
    task = one("Don’t forget to call Ana in two weeks’ time")
    assert task.when is not None
    assert (task.title, task.when.quote) == ("Call Ana", "in two weeks’ time")


@pytest.mark.parametrize(
    "text",
    [
        "call bob at 3pm. " * 6000, "in 1 " * 20000, "9:" * 50000, "later " * 17000, "end of " * 14000,
        "\n" * 100_000, "a" * 100_000, "remind me to " * 8000, "a@" * 50000, "3-" * 50000, "." * 100_000,
        ", and then call" * 7000, "🎉" * 100_000, "\x00" * 100_000,
    ],
    ids=lambda text: text[:10],
)  # fmt: skip
def test_a_huge_message_is_read_in_bounded_time(text: str) -> None:
    started = time.process_time()
    tasks(text)
    assert time.process_time() - started < 1.0  # about 0.05 in truth; the bound is for slow machines


@each("phrase", ["in 9999 years", "on 32/13/2027", "on the 45th", "in 9999 months", "on 0000-00-00", "on 9999-12-31"])
def test_times_no_calendar_has_are_not_invented(phrase: str) -> None:
    found = tasks(f"Remind me to call Ana {phrase}")
    assert all(task.when is None or task.when.wall is None or task.when.wall.startswith("9999") for task in found)


def about_follow_ups(text: str) -> ExtractPrompt:
    """Much is open that it may be about."""
    open = tuple(OpenTask(f"T{n}", f"Call Bob {n} about it", "2026-11-18T15:00", latest=n == 1) for n in range(1, 21))
    draft = OpenDraft("D1", "Mail to Bob", "Hello", "warm", "short", None, latest=True)
    return ExtractPrompt(
        now=NOW, zone="UTC", default_draft=False, questions=QUESTIONS, subject=None, private=(), unread=1, open=open,
        turns=(Said("contact", text),), drafts=(draft,),
    )  # fmt: skip


WORDS = (
    "please cancel move|no |not now |call me |can you |i already |done |snooze for an hour |x is done |"
    "move it to |what do i have |rename it to |and then |every monday and |stop reminding me |i'm on |"
    "be more |make it |from monday to |the |1 h |2 and a half hours |9:30 - |jan 5 - |the 2nd and |christmas 2027 |"
    "cancel it and |a and remind me to b, then |lunes 3 "
)


@each(
    "text",
    [
        *((word * length)[:length] for word in WORDS.split("|") for length in (280, 2_000)),
        "cancel " + "the 2nd and " * 340,
        "in 2 days and " * 1_500,
        "recuérdame " + "lunes 3 " * 250,
        "change " + "a to " * 790 + "\nx",
        *(f"{word} " * 50 + "x" for word in ("right", "fine", "perfect", "sounds good", "works", "all good")),
        "send the draft for " + "please " * 500 + "x",
        "call Bob " + "," * 3_900 + "x",
        "hmm" + "." * 3_900 + "x",
        "ja" + " " * 19_000 + "x",
        "mention " + "." * 3_900 + "\nx",
    ],
)
def test_no_text_about_follow_ups_takes_long(text: str) -> None:
    """Words of commands, over and over: no expression may try all the ways to read them."""
    read(about_follow_ups(text))  # compiles what it needs, for ten times as long
    began = time.process_time()
    read(about_follow_ups(text))
    assert time.process_time() - began < 0.6  # 0.02 in truth, 0.15 for the worst


def test_only_short_words_are_a_yes_and_nothing_else() -> None:
    """Their expressions try all pairs of courtesies, a tenth of a second each."""
    text = "then " * 790 + "x"
    read(about_follow_ups(text[:60]))
    began = time.process_time()
    read(about_follow_ups(text))
    assert time.process_time() - began < 0.1  # 0.01 in truth


def test_the_end_of_a_title_is_looked_for_once() -> None:
    assert title("call Bob, or so") == "Call Bob"
    began = time.process_time()
    assert title("call Bob " + "," * 30_000 + "x").startswith("Call Bob")
    assert time.process_time() - began < 0.4  # about 0.01 in truth
