"""What is said in fixed words by rooms that have few of them: every language has them all, with the same blanks."""

import re
from collections.abc import Callable
from itertools import product
from typing import Any

from msgspec import to_builtins

from concierge.consent import wording as consent
from concierge.intake import wording as intake
from concierge.intake.model import QUESTIONS, questions
from concierge.languages.speaking import LANGUAGES
from concierge.llm.local import said as local
from concierge.llm.local.drafts import draft
from concierge.llm.purposes import DraftPrompt
from concierge.outbox import manners
from concierge.replies import model as replies
from tests.each import each

ROOMS: list[Callable[[str], Any]] = [each.phrases for each in (consent, intake, local, manners, replies)]


def lines(said: Any) -> list[str]:
    if isinstance(said, str):
        return [said]
    return [line for each in (said.values() if isinstance(said, dict) else said) for line in lines(each)]


def blanks(line: str) -> list[str]:
    return sorted(re.findall(r"{\w*}", line))


@each("language", sorted(set(LANGUAGES) - {"en"}))
def test_every_language_says_it_in_its_own_words(language: str) -> None:
    for phrases in ROOMS:
        ours, english = (lines(to_builtins(phrases(each))) for each in (language, "en"))
        assert list(map(blanks, ours)) == list(map(blanks, english))
        assert all(line.strip() for line in ours)
        assert not set(ours) & set(english)


def test_a_language_we_do_not_speak_is_english() -> None:
    assert [phrases("ja") for phrases in ROOMS] == [phrases("en") for phrases in ROOMS]
    assert replies.phrases("de-AT").fallback == "Notiert."


def test_the_usual_form_asks_the_same_in_every_language() -> None:
    for language in LANGUAGES:
        form = questions(language)
        assert [(one.key, [field.key for field in one.fields]) for one in form] == [
            (one.key, [field.key for field in one.fields]) for one in QUESTIONS
        ]


@each("language", LANGUAGES)
def test_a_draft_holds_its_title_in_every_manner(language: str) -> None:
    texts = set()
    for tone, length, channel in product(("neutral", "warm", "formal"), ("short", "medium", "long"), ("email", "sms")):
        asked = DraftPrompt(
            title="Zoë 12", source="", tone=tone, channel=channel, private=(), length=length, spoken=language
        )
        text = draft(asked).text
        assert "Zoë 12" in text
        assert not re.search(r"[{}]", text)
        assert text[0] == text[0].upper()
        assert (length, channel) != ("long", "sms") or "\n" not in text
        texts.add(text)
        assert draft(DraftPrompt(**{**asked_of(asked), "before": text})).text != text
        assert draft(DraftPrompt(**{**asked_of(asked), "spoken": "en", "language": language})).text == text
    assert len(texts) == 15  # a short text is the same for every channel


def asked_of(prompt: DraftPrompt) -> dict[str, Any]:
    return {name: getattr(prompt, name) for name in prompt.__struct_fields__}
