"""The words models are asked with: versioned, complete, and free of what is not theirs."""

from datetime import datetime
from typing import Any

import pytest

from concierge.errors import SettingsError
from concierge.llm.local import LocalModel
from concierge.llm.model import Usage
from concierge.llm.prices import cost, price_list
from concierge.llm.prompts import fingerprint, render
from concierge.llm.purposes import (
    PURPOSES,
    Drafted,
    DraftPrompt,
    ExtractPrompt,
    IntakePrompt,
    Learnt,
    Reading,
    Replied,
    ReplyPrompt,
    Said,
    Scored,
    ScorePrompt,
    Summarised,
    SummarisePrompt,
    Wanted,
)
from concierge.wiring import chain, models
from tests.each import each
from tests.world import make_settings

# A text that changes is a new file with the next number; the old one stays as long as a prompt names it.
FINGERPRINTS = {
    "extract-3": "8e732186aa20",
    "intake-1": "29d7a2109b34",
    "draft-2": "c4ff34429961",
    "reply-2": "c4471493c72f",
    "score-1": "260e1c08cba9",
    "summarise-1": "413791aa31ed",
}
NOW = datetime(2026, 11, 18, 10, 7)  # noqa: DTZ001 - a wall time
ALWAYS: dict[str, Any] = {"private": ("Secret Name",), "asker": "c-17"}
TURNS = (Said("contact", "hello"), Said("concierge", "Hi."), Said("contact", "May I speak to a human, please?"))
ASKED: dict[Any, Any] = {
    ExtractPrompt(
        now=NOW, zone="UTC", default_draft=False, questions=(), turns=TURNS, unread=1, subject=None, **ALWAYS
    ): Reading,
    DraftPrompt(title="Call Ana", source="call Ana", tone="formal", channel="email", **ALWAYS): Drafted,
    ReplyPrompt(
        instructions="Sell.", now=NOW, zone="UTC", tone="formal", channel="email", turns=TURNS, unread=1, **ALWAYS
    ): Replied,
    IntakePrompt(
        wanted=(Wanted("name", "name", "Your name?"),), asked=("name",), offers=(), turns=TURNS, unread=1, **ALWAYS
    ): Learnt,
    ScorePrompt(now=NOW, zone="UTC", turns=TURNS, **ALWAYS): Scored,
    SummarisePrompt(turns=TURNS, **ALWAYS): Summarised,
}


def test_a_text_in_use_does_not_change() -> None:
    assert {version: fingerprint(version) for version in FINGERPRINTS} == FINGERPRINTS
    assert {prompt.version for prompt in ASKED} <= FINGERPRINTS.keys()


def test_every_purpose_is_here() -> None:
    assert {prompt.purpose for prompt in ASKED} == set(PURPOSES)


@each("prompt", ASKED)
def test_instructions_and_data_are_apart(prompt: Any) -> None:
    rendered = render(prompt)
    assert "never" in rendered.system
    assert "Secret Name" not in str(rendered.messages)
    assert "c-17" not in str(rendered.messages)
    fields = {
        "now",
        "zone",
        "tone",
        "channel",
        "length",
        "language",
        "instructions",
        "facts",
        "business",
        "before",
        "wish",
    }
    for field in fields & set(prompt.__struct_fields__):
        assert f"`{field}`" in rendered.system, f"the instructions do not explain {field}"


@each("prompt", ASKED)
async def test_local_answers_it(prompt: Any) -> None:
    assert isinstance((await LocalModel().answer(prompt, ASKED[prompt])).value, ASKED[prompt])


async def test_local_knows_who_wants_a_human() -> None:
    asked = next(prompt for prompt in ASKED if isinstance(prompt, ReplyPrompt))
    assert (await LocalModel().answer(asked, Replied)).value == Replied(
        "Noted. Somebody will take over from here.", wants_human=True
    )


async def test_local_reads_what_has_a_form() -> None:
    said = "Hi, I'm Ada Byron from Analytical Engines. ada@engines.example, budget $5000, it is urgent."
    prompt = ScorePrompt(now=NOW, zone="UTC", turns=(Said("contact", said),), private=())
    found = (await LocalModel().answer(prompt, Scored)).value
    assert (found.name, found.email, found.company) == ("Ada Byron", "ada@engines.example", "Analytical Engines")
    assert (found.urgency, found.budget, found.fit) == (3, 2, None)


def test_a_model_that_is_not_set_up_stops_the_start() -> None:
    keys = {"ANTHROPIC_API_KEY": "k", "GROQ_API_KEY": "k"}
    settings = make_settings("postgresql://x/y", **keys)
    assert chain(settings, models(settings)) == ("anthropic", "groq")
    bare = make_settings("postgresql://x/y")
    assert chain(bare, models(bare)) == ("local",)
    chosen = make_settings("postgresql://x/y", MODELS="groq, local", **keys)
    assert chain(chosen, models(chosen)) == ("groq", "local")
    odd = make_settings("postgresql://x/y", MODELS="gorq, openai, local", **keys)
    with pytest.raises(SettingsError, match="gorq, openai"):
        chain(odd, models(odd))
    for wrong in ({"MODEL_PRICES": "gpt-6=cheap"}, {"COMPATIBLE_BASE_URL": "http://x"}, {"COMPATIBLE_SCHEMA": "maybe"}):
        with pytest.raises(SettingsError, match=next(iter(wrong)).split("_")[0]):
            make_settings("postgresql://x/y", **wrong)


def test_prices() -> None:
    prices = price_list(["gpt-6=1.5/12"])
    assert cost(prices["gpt-6"], Usage(input=1_000_000, output=1_000_000)) == 13_500_000
    haiku = prices["claude-haiku-5-5"]
    assert cost(haiku, Usage(input=1000, cached=400, stored=200, output=100)) == 119  # 40 + 4 + 25 + 50, rounded up
    assert cost(haiku, Usage(input=200_000, output=1000)) == 102_500, "a long prompt costs more"
    assert cost(None, Usage(input=1000)) == 0
