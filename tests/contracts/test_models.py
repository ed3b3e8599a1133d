"""What every model keeps to. Vendors are asked over HTTP; behind their simulated APIs sits the local grammar."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime
from typing import Any

import msgspec
import pytest

from concierge.errors import ModelError
from concierge.llm.anthropic import AnthropicModel
from concierge.llm.local import LocalModel
from concierge.llm.local.drafts import draft
from concierge.llm.local.reading import read
from concierge.llm.model import LanguageModel
from concierge.llm.openai import ChatModel, ResponsesModel
from concierge.llm.purposes import Drafted, DraftPrompt, ExtractPrompt, FoundTask, OpenQuestion, Reading, Said, When
from concierge.llm.redaction import Vault, redacted, restored
from tests.simulators import openai_api as openai
from tests.simulators.messages_api import KEY, messages_api


def prompt(
    text: str, *, questions: tuple[OpenQuestion, ...] = (), private: tuple[str, ...] = (), default_draft: bool = False
) -> ExtractPrompt:
    return ExtractPrompt(
        now=datetime(2025, 1, 15, 10, 0),  # noqa: DTZ001 - a wall time, a Wednesday
        zone="America/New_York",
        default_draft=default_draft,
        questions=questions,
        turns=(Said("contact", text),),
        unread=1,
        subject=None,
        private=private,
    )


def grammar(body: dict[str, Any]) -> Any:
    """What a well-behaved model answers to a rendered prompt."""
    data = json.loads((body.get("messages") or body["input"])[-1]["content"])
    if "follow_up" in data:
        asked = DraftPrompt(
            title=data["follow_up"],
            source=data["original_message"],
            tone=data["tone"],
            channel=data["channel"],
            private=(),
        )
        return msgspec.to_builtins(draft(asked))
    found = read(
        ExtractPrompt(
            now=datetime.fromisoformat(data["now"].split(" ")[0]),
            zone=data["zone"],
            default_draft=data["default_draft"],
            questions=tuple(OpenQuestion(each["ref"], each["title"]) for each in data["open_questions"]),
            turns=tuple(Said("contact", text) for text in data["new_messages"]),
            unread=len(data["new_messages"]),
            subject=data["subject"],
            private=(),
        )
    )
    return msgspec.to_builtins(found)


class Redacting:
    """A model that is shown no personal data."""

    def __init__(self, model: LanguageModel) -> None:
        self.model = model

    async def answer(self, prompt: Any, shape: type[Any]) -> Any:
        vault = Vault(private=prompt.private, region="US")
        answer = await self.model.answer(redacted(prompt, vault), shape)
        return msgspec.structs.replace(answer, value=restored(answer.value, vault))

    async def close(self) -> None:
        await self.model.close()


@pytest.fixture(
    params=["local", "anthropic", "openai", "chat", "chat without schemas", "redacting local", "redacting anthropic"]
)
async def model(request: pytest.FixtureRequest) -> AsyncIterator[Any]:
    async with AsyncExitStack() as stack:
        made: LanguageModel = LocalModel()
        if "anthropic" in request.param:
            made = AnthropicModel(KEY, (await stack.enter_async_context(messages_api(grammar))).url)
        elif "local" not in request.param:
            url = (await stack.enter_async_context(openai.openai_api(grammar))).url
            schema: Any = "none" if "without" in request.param else "strict"
            made = ChatModel("chat", url, openai.KEY, model="m", schema=schema, timeout=5)
            if request.param == "openai":
                made = ResponsesModel(openai.KEY, url, small="s", large="l", timeout=5)
        stack.push_async_callback(made.close)
        yield Redacting(made) if "redacting" in request.param else made


async def test_a_clear_date_is_read(model: LanguageModel) -> None:
    asked = prompt("Follow up with Dr office next Friday morning about test results.")
    answer = await model.answer(asked, Reading)
    when = When("2025-01-24T09:00", "day_part", "next Friday morning")
    quote = "Follow up with Dr office next Friday morning about test results"
    assert answer.value == Reading([FoundTask(f"{quote[:24]} about test results", False, when, None, quote)])
    assert answer.model


async def test_a_vague_date_has_no_wall_time(model: LanguageModel) -> None:
    (task,) = (await model.answer(prompt("Follow up sometime next week"), Reading)).value.tasks
    assert task.title == "Follow up"
    assert task.when == When(None, "week", "sometime next week")


async def test_an_answer_completes_the_latest_question(model: LanguageModel) -> None:
    questions = (OpenQuestion("Q1", "Call the bank"), OpenQuestion("Q2", "Follow up"))
    (task,) = (await model.answer(prompt("Tuesday 3pm", questions=questions), Reading)).value.tasks
    assert task == FoundTask("Follow up", False, When("2025-01-21T15:00", "hour", "Tuesday 3pm"), "Q2")


async def test_small_talk_asks_for_nothing(model: LanguageModel) -> None:
    assert (await model.answer(prompt("Thanks, see you tomorrow!"), Reading)).value == Reading([])


async def test_personal_data_comes_back(model: LanguageModel) -> None:
    asked = prompt("Call Zelda Fitz on +1 415 555 2671 tomorrow at 5pm", private=("Zelda Fitz",))
    (task,) = (await model.answer(asked, Reading)).value.tasks
    assert task.title == "Call Zelda Fitz on +1 415 555 2671"
    assert task.when == When("2025-01-16T17:00", "hour", "tomorrow at 5pm")


async def test_a_draft_is_text(model: LanguageModel) -> None:
    asked = DraftPrompt(title="Call Zelda", source="call zelda", tone="formal", channel="email", private=("Zelda",))
    assert "Zelda" in (await model.answer(asked, Drafted)).value.text


async def test_a_shape_of_another_purpose_is_an_error(model: LanguageModel) -> None:
    with pytest.raises(ModelError):
        await model.answer(prompt("call Ana tomorrow"), Drafted)


async def test_closing_twice_is_harmless(model: LanguageModel) -> None:
    await model.answer(prompt("hello"), Reading)
    await model.close()
    await model.close()


async def test_nothing_personal_reaches_the_provider() -> None:
    text = (
        "Call Zelda Fitz on +1 415 555 2671 or 415-555-2671, write to zelda@fitz.example, card 4111 1111 1111 1111, "
        "IBAN GB82 WEST 1234 5698 7654 32, SSN 219-09-9999, from 203.0.113.9, "
        "https://shop.example/reset?token=abc123 on 2027-01-05 15:30"
    )
    async with messages_api(grammar) as api:
        model = Redacting(AnthropicModel(KEY, api.url))
        (task,) = (await model.answer(prompt(text, private=("Zelda Fitz",)), Reading)).value.tasks
        await model.close()
    secrets = ("Zelda", "Fitz", "555", "fitz.example", "4111", "GB82", "219-09", "203.0", "abc123")
    assert not [secret for secret in secrets if secret in api.seen]
    assert "2027-01-05 15:30" in api.seen
    assert task.when == When("2027-01-05T15:30", "minute", "2027-01-05 15:30")
    assert "zelda@fitz.example" in task.title
    assert "<CARD>" in task.title
