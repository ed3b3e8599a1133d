"""STOP and START are whole messages, in many languages; what only sounds like them is a message."""

from concierge.consent.words import said
from tests.each import each


@each(
    ("text", "wants", "scope"),
    [
        ("STOP", "stop", "all"),
        ("  stop. ", "stop", "all"),
        ("Stop  All", "stop", "all"),
        ("“Unsubscribe”", "stop", "all"),
        ("STOPP", "stop", "all"),
        ("Se désabonner", "stop", "all"),
        ("baja", "stop", "all"),
        ("Stop promotions", "stop", "marketing"),
        ("Start!", "resume", "all"),
        ("alta", "resume", "all"),
    ],
)
def test_it_is_understood(text: str, wants: str, scope: str) -> None:
    word = said(text)
    assert word is not None
    assert (word.wants, word.scope) == (wants, scope)


@each("text", ["", "stop it", "stop calling Bob", "END", "cancel", "quit", "Stop\nCall Bob", "." * 200])
def test_it_is_a_message(text: str) -> None:
    assert said(text) is None


def test_the_answer_is_in_the_language_of_the_word() -> None:
    german, english = said("Abmelden"), said("stop")
    assert german is not None
    assert english is not None
    assert german.answer.startswith("Sie bekommen")
    assert english.answer.startswith("You will get")
