"""What takes long to read is read beside the event loop, where heartbeats and webhooks go on."""

import re
import threading
from datetime import datetime
from typing import Any

import pytest
from msgspec import structs

from concierge.followups.texts.phrases import phrases
from concierge.followups.texts.wording import which_draft
from concierge.languages.speaking import LANGUAGES
from concierge.llm.local import LocalModel, foreign, supports
from concierge.llm.purposes import ExtractPrompt, OpenDraft, OpenQuestion, OpenTask, Reading, Said
from tests.each import each


def prompt(text: str) -> ExtractPrompt:
    return ExtractPrompt(
        now=datetime(2026, 11, 18, 10, 7),  # noqa: DTZ001  a wall time
        zone="UTC",
        default_draft=False,
        questions=(),
        turns=(Said("contact", text),),
        unread=1,
        subject=None,
        private=(),
    )


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("Recuérdame llamar a mamá mañana a las 17:00", "2026-11-19T17:00"),
        ("Hallo. Erinnere mich morgen um 15 Uhr daran, Ana anzurufen", "2026-11-19T15:00"),
        ("rappelle-moi d'appeler Luc demain à 9h30", "2026-11-19T09:30"),
    ],
)
async def test_dateparser_is_asked_in_another_thread(text: str, wall: str, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = list[int]()
    search = foreign._search

    def watched(*given: Any) -> Any:
        threads.append(threading.get_ident())
        return search(*given)

    monkeypatch.setattr(foreign, "_search", watched)
    (task,) = (await LocalModel().answer(prompt(text), Reading)).value.tasks
    assert task.when is not None
    assert task.when.wall == wall
    assert threads
    assert threading.get_ident() not in threads


def quoted(text: str) -> list[str]:
    """What stands in quotation marks, whosever."""
    found = re.findall(r"„([^“”]+)[“”]|“([^”]+)”|«([^»]+)»|‘([^’]+)’", text)
    return [next(filter(None, each)).strip() for each in found]


EXAMPLES = [quoted(phrases(each).example)[0] for each in LANGUAGES]
BOB = OpenQuestion("Q1", "Call Bob")
TITLES = ((1, "Call Bob"), (2, "Call Ana"))


async def heard(text: str, **facts: Any) -> Reading:
    return (await LocalModel().answer(structs.replace(prompt(text), **facts), Reading)).value


@each("example", EXAMPLES)
async def test_the_answer_that_we_propose_is_understood(example: str) -> None:
    """And no model that reads it so is held to have made it up."""
    (task,) = (await heard(example, questions=(BOB,))).tasks
    assert task.when is not None
    assert (task.answers, task.when.wall) == ("Q1", "2026-11-24T15:00")
    assert supports(task.when, now=datetime(2026, 11, 18, 10, 7), zone="UTC", text=example)  # noqa: DTZ001


@each(
    ("text", "wall"),
    [
        ("morgen um 9:30 Uhr", "2026-11-19T09:30"),
        ("mañana a las 9:30, por favor", "2026-11-19T09:30"),
        ("we wtorek o 15:00", "2026-11-24T15:00"),
        ("12. März um 9:30", "2027-03-12T09:30"),
        ("mañana a las 9", None),  # or in the evening
        ("martes a las 15:00 llamar a Ana", None),
    ],
)
async def test_a_day_in_another_language_is_read_whole_or_asked_about(text: str, wall: str | None) -> None:
    (task,) = (await heard(text, questions=(BOB,))).tasks
    assert task.when is not None
    assert (task.answers, task.when.wall) == ("Q1", wall)


async def test_a_name_that_is_a_day_elsewhere_is_a_name() -> None:
    assert (await heard("Domingo called", questions=(BOB,))).tasks == []


@each("language", LANGUAGES)
async def test_the_words_we_ask_for_decide_on_a_draft(language: str) -> None:
    draft = OpenDraft("D1", "Bob", "Hi", "friendly", "medium", None, latest=True)
    (yes,) = quoted(phrases(language).approve)
    _, send, no, shorter, change = quoted(phrases(language).undecided)
    does = {}
    for word in (yes, send, no, shorter):
        (answer,) = (await heard(word, drafts=(draft,))).drafts
        assert answer.quote == word
        does[word] = answer.does
    assert does == {yes: "approve", send: "approve", no: "decline", shorter: "rewrite"}
    theirs = change.replace("…", "Hallo Bob!")
    (answer,) = (await heard(theirs, drafts=(draft,))).drafts
    assert (answer.does, answer.text, answer.quote) == ("change", "Hallo Bob!", theirs)
    assert (await heard(theirs)).drafts == []


@each("language", LANGUAGES)
async def test_which_one_we_asked_is_known_in_every_language(language: str) -> None:
    drafts = tuple(OpenDraft(f"D{n}", each, "Hi", "friendly", "medium", None, latest=True) for n, each in TITLES)
    (yes,) = quoted(phrases(language).approve)
    asked = Said("concierge", which_draft([title for _, title in TITLES], language).text)
    (answer,) = (await heard("2", turns=(Said("contact", yes), asked, Said("contact", "2")), drafts=drafts)).drafts
    assert (answer.does, answer.refs, answer.quote) == ("approve", ["D2"], "2")

    tasks = tuple(OpenTask(f"T{n}", each, "2026-11-25T09:00") for n, each in TITLES)
    asked = Said("concierge", "\n".join([phrases(language).which, *(f"{n}. {each} — …" for n, each in TITLES)]))
    turns = (Said("contact", "cancel the call"), asked, Said("contact", "2"))
    (change,) = (await heard("2", turns=turns, open=tasks)).changes
    assert (change.act, change.refs) == ("cancel", ["T2"])


async def test_done_and_yes_to_nothing() -> None:
    rent = OpenTask("T1", "Pay rent", "2026-11-18T10:00", repeats=None, reminded=True, latest=True)
    for word in ("erledigt", "¡Hecho!", "fatto", "تم", "हो गया"):
        assert [(each.act, each.refs) for each in (await heard(word.lstrip("¡"), open=(rent,))).changes] == [
            ("complete", ["T1"])
        ]
    assert await heard("ja") == Reading([])
