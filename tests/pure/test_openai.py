"""The adapters of OpenAI's two formats against their simulator: what they send, and what every answer becomes."""

import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from concierge.errors import ModelError, ModelRefused, ModelStopped, ModelUnavailable, ThreadGone
from concierge.llm.model import LanguageModel, Usage
from concierge.llm.openai import ChatModel, RememberingModel, ResponsesModel
from concierge.llm.purposes import Drafted, Reading, Replied, ReplyPrompt, Scored, ScorePrompt
from tests.pure.test_anthropic import DRAFT, PROMPT, TASK
from tests.simulators.faults import Dropping, Failing, Outcome, Raw, Saying, Slow, Stopping
from tests.simulators.openai_api import KEY, OpenAiApi, openai_api

SCORED = dict.fromkeys(Scored.__struct_fields__) | {"urgency": 3}
REPLY = ReplyPrompt(
    instructions="Sell.", now=PROMPT.now, zone="UTC", tone="formal", channel="email", turns=PROMPT.turns, unread=1,
    private=(),
)  # fmt: skip


def scripted(body: dict[str, Any]) -> Any:
    answers = {
        "extract": {"tasks": [TASK]}, "draft": {"text": "Dear Ana, …"}, "score": SCORED,
        "reply": {"text": "Yes.", "wants_human": False},
    }  # fmt: skip
    text = json.dumps(body)
    return next(answer for purpose, answer in answers.items() if f'"name": "{purpose}"' in text or purpose == "reply")


def made(kind: str, api: OpenAiApi, **more: Any) -> Any:
    if kind == "chat":
        model = {"model": "small-1", "schema": "strict", "timeout": 5} | more
        return ChatModel("groq", api.url, KEY, **model)
    return ResponsesModel(KEY, api.url, **{"small": "small-1", "large": "large-1", "timeout": 5} | more)


@pytest.fixture
async def api() -> AsyncIterator[OpenAiApi]:
    async with openai_api(scripted) as server:
        yield server


@pytest.fixture(params=["responses", "chat"])
async def model(request: pytest.FixtureRequest, api: OpenAiApi) -> AsyncIterator[LanguageModel]:
    one = made(request.param, api)
    yield one
    await one.close()


async def test_an_answer_is_decoded_and_costed(api: OpenAiApi, model: LanguageModel) -> None:
    answer = await model.answer(PROMPT, Reading)
    assert answer.value == msgspec.convert({"tasks": [TASK]}, Reading)
    chat = isinstance(model, ChatModel)
    assert answer.usage == Usage(42, 20, 0 if chat else 12)
    assert (answer.model, answer.request_id) == ("small-1" if chat else "small-1-2026-01-01", "req_1")
    assert (await model.answer(DRAFT, Drafted)).value == Drafted("Dear Ana, …")
    score = ScorePrompt(now=PROMPT.now, zone="UTC", turns=PROMPT.turns, private=())
    assert (await model.answer(score, Scored)).value.urgency == 3
    assert "Secret Name" not in api.seen


PERMANENT: list[Outcome] = [
    *(Failing(status) for status in (400, 413, 422)),
    Stopping("refusal", "I can't"),
    Stopping("content_filter", "{"),
]
STOPPED: list[Outcome] = [
    *(Failing(status) for status in (401, 402, 403, 404)),
    Failing(429, code="insufficient_quota"),
    Failing(400, code="model_not_found"),
]
TRANSIENT: list[Outcome] = [
    *(Failing(status) for status in (408, 409, 429, 500, 502, 503, 504, 529)),
    Failing(429, code="rate_limit_exceeded"),
    Dropping(),
    Raw(b"<html>busy</html>", "text/html"),
    Raw(b'{"id": "resp_1", "output": ['),
    Raw(b""),
    Raw(b"[]"),
    Raw(b'{"status": "failed", "model": "m", "output": [], "error": {"code": "server_error"}, "choices": []}'),
    *(Saying(text) for text in ("", "not JSON", '{"tasks": 7}', '{"tasks": [], "extra": 1}', "\ud800")),
]


@pytest.mark.parametrize(
    ("outcomes", "kind"), [(PERMANENT, ModelRefused), (STOPPED, ModelStopped), (TRANSIENT, ModelUnavailable)]
)
async def test_what_every_failure_means(
    api: OpenAiApi, model: LanguageModel, outcomes: list[Outcome], kind: type[ModelError]
) -> None:
    for n, outcome in enumerate(outcomes, 1):
        api.outcomes = [outcome]
        with pytest.raises(ModelError) as caught:
            await model.answer(PROMPT, Reading)
        assert type(caught.value) is kind, outcome
        assert len(api.requests) == n, "never retried here"
        assert "quoting" not in str(caught.value)
        assert isinstance(outcome, Dropping) or caught.value.request_id == f"req_{n}"


async def test_a_cut_off_answer_gets_more_room_once(api: OpenAiApi, model: LanguageModel) -> None:
    api.outcomes = [Stopping("max_output_tokens", '{"text": "Dear A')]
    answer = await model.answer(DRAFT, Drafted)
    assert answer.value == Drafted("Dear Ana, …")
    assert answer.usage.input == 84
    api.outcomes = [Stopping("max_output_tokens", "{"), Stopping("max_output_tokens", "{")]
    with pytest.raises(ModelRefused) as caught:
        await model.answer(DRAFT, Drafted)
    assert (len(api.requests), caught.value.tokens[0]) == (4, 84)


async def test_retry_after_is_passed_on_not_slept(api: OpenAiApi, model: LanguageModel) -> None:
    api.outcomes = [Failing(429, headers={"retry-after": "3600"})]
    with pytest.raises(ModelUnavailable) as caught:
        await model.answer(PROMPT, Reading)
    assert caught.value.retry_after == 3600


@pytest.mark.parametrize("kind", ["responses", "chat"])
async def test_slow_dead_or_locked_out(api: OpenAiApi, kind: str) -> None:
    api.outcomes = [Slow(30)]
    slow = made(kind, api, timeout=0.1)
    with pytest.raises(ModelUnavailable):
        await slow.answer(PROMPT, Reading)
    await slow.close()
    api.url = "http://127.0.0.1:9"
    with pytest.raises(ModelUnavailable):
        await made(kind, api).answer(PROMPT, Reading)


async def test_what_responses_are_asked(api: OpenAiApi) -> None:
    model = made("responses", api)
    await model.answer(msgspec.structs.replace(PROMPT, asker="c-17"), Reading)
    (body,) = api.bodies
    assert (body["store"], body["model"], len(body["safety_identifier"])) == (False, "small-1", 64)
    assert "call Ana on Friday" not in body["instructions"]
    assert "c-17" not in api.seen
    await model.close()


async def test_a_server_without_schemas_is_told_the_schema(api: OpenAiApi) -> None:
    model = made("chat", api, schema="none")
    api.outcomes = [Saying('{"text": "Dear Ana, …"}')]
    assert (await model.answer(DRAFT, Drafted)).value == Drafted("Dear Ana, …")
    (body,) = api.bodies
    assert body["response_format"] == {"type": "json_object"}
    assert '"text"' in body["messages"][0]["content"]
    await model.close()


async def test_a_stored_prompt_is_asked_without_once_it_is_gone(api: OpenAiApi) -> None:
    model, prompt = made("responses", api), msgspec.structs.replace(REPLY, stored_prompt="pmpt_1")
    api.prompts = {"pmpt_1"}
    await model.answer(prompt, Replied)
    assert api.bodies[0]["prompt"] == {"id": "pmpt_1"}
    api.prompts = set()
    for _ in range(2):
        assert (await model.answer(prompt, Replied)).value == Replied("Yes.", wants_human=False)
    assert ["prompt" in body for body in api.bodies] == [True, True, False, False]
    await model.close()


async def test_a_conversation_is_kept_until_it_is_gone(api: OpenAiApi) -> None:
    model = RememberingModel(KEY, api.url, small="small-1", large="large-1", timeout=5)
    thread = await model.begin()
    await model.answer_in(thread, REPLY, Replied)
    assert api.bodies[1]["conversation"] == thread
    assert api.bodies[1]["store"]
    api.conversations.clear()
    with pytest.raises(ThreadGone):
        await model.answer_in(thread, REPLY, Replied)
    await model.close()
