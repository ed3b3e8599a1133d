"""The Anthropic adapter against the simulated Messages API: what it sends, and what every answer becomes."""

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest

from concierge.errors import ModelError, ModelRefused, ModelStopped, ModelUnavailable
from concierge.llm.anthropic import AnthropicModel
from concierge.llm.model import Usage
from concierge.llm.purposes import Drafted, DraftPrompt, ExtractPrompt, FoundTask, OpenQuestion, Reading, Said, When
from tests.each import each
from tests.simulators.faults import Dropping, Failing, Outcome, Raw, Slow, Stopping, Thinking
from tests.simulators.messages_api import KEY, MessagesApi, messages_api

TASK = {
    "title": "Call Ana",
    "draft": False,
    "when": {"wall": "2026-11-20T09:00", "grain": "day", "quote": "on Friday"},
    "answers": None,
}
PROMPT = ExtractPrompt(
    now=datetime(2026, 11, 18, 10, 7),  # noqa: DTZ001 - a wall time
    zone="Europe/Madrid",
    default_draft=False,
    questions=(OpenQuestion("Q1", "Pay the plumber"),),
    turns=(Said("contact", "hello"), Said("concierge", "Hi."), Said("contact", "call Ana on Friday")),
    unread=1,
    subject="Ana",
    private=("Secret Name",),
)
DRAFT = DraftPrompt(title="Call Ana", source="call Ana", tone="formal", channel="email", private=())


def scripted(body: dict[str, Any]) -> Any:
    return {"tasks": [TASK]} if "tasks" in str(body["output_config"]) else {"text": "Dear Ana, …"}


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with messages_api(scripted) as server:
        yield server


@pytest.fixture
async def model(api: MessagesApi) -> AsyncIterator[AnthropicModel]:
    made = AnthropicModel(KEY, api.url, timeout=5)
    yield made
    await made.close()


async def test_an_answer_is_decoded_and_costed(api: MessagesApi, model: AnthropicModel) -> None:
    answer = await model.answer(PROMPT, Reading)
    assert answer.value == Reading([FoundTask("Call Ana", False, When("2026-11-20T09:00", "day", "on Friday"), None)])
    assert (answer.model, answer.usage, answer.request_id) == ("claude-haiku-5-5", Usage(42, 20, 12), "req_1")
    assert (await model.answer(DRAFT, Drafted)).model == "claude-sonnet-5-5"


async def test_what_is_sent(api: MessagesApi, model: AnthropicModel) -> None:
    await model.answer(PROMPT, Reading)
    (body,) = api.bodies
    assert body["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert "call Ana on Friday" not in body["system"][0]["text"]
    assert "Wednesday" in body["messages"][0]["content"]
    assert "metadata" not in body
    assert "Secret Name" not in api.seen
    assert api.requests[0].headers["x-stainless-retry-count"] == "0"


async def test_the_asker_is_only_known_by_a_hash(api: MessagesApi, model: AnthropicModel) -> None:
    await model.answer(
        ExtractPrompt(**{**{f: getattr(PROMPT, f) for f in PROMPT.__struct_fields__}, "asker": "c-17"}), Reading
    )
    assert len(api.bodies[0]["metadata"]["user_id"]) == 64
    assert "c-17" not in api.seen


async def test_thinking_is_not_the_answer(api: MessagesApi, model: AnthropicModel) -> None:
    api.outcomes = [Thinking()]
    assert (await model.answer(DRAFT, Drafted)).value == Drafted("Dear Ana, …")


async def test_a_cut_off_answer_gets_more_room_once(api: MessagesApi, model: AnthropicModel) -> None:
    api.outcomes = [Stopping("max_tokens", '{"text": "Dear A')]
    answer = await model.answer(DRAFT, Drafted)
    assert answer.value == Drafted("Dear Ana, …")
    assert [body["max_tokens"] for body in api.bodies] == [2048, 8192]
    assert answer.usage == Usage(84, 40, 24)


async def test_a_key_or_a_bill_is_nobodys_prompt(api: MessagesApi, model: AnthropicModel) -> None:
    for status in (401, 402, 403, 404):
        api.outcomes = [Failing(status)]
        with pytest.raises(ModelStopped):
            await model.answer(PROMPT, Reading)
    api.outcomes = [Failing(413)]
    with pytest.raises(ModelRefused) as caught:
        await model.answer(PROMPT, Reading)
    assert not isinstance(caught.value, ModelStopped)


async def test_what_a_refusal_cost_is_told(api: MessagesApi, model: AnthropicModel) -> None:
    api.outcomes = [Stopping("refusal", "no")]
    with pytest.raises(ModelRefused) as caught:
        await model.answer(PROMPT, Reading)
    assert caught.value.tokens == (42, 12, 20)


PERMANENT: list[Outcome] = [
    *(Failing(status) for status in (400, 401, 402, 403, 404, 413, 422)),
    Failing(429, code="enforced_spend_limit_reached"),
    Failing(400, headers={"x-should-retry": "true"}),
    Stopping("refusal"),
    Stopping("refusal", "I can't help with"),
    Stopping("model_context_window_exceeded", "{"),
    Stopping("pause_turn"),
    Stopping("tool_use"),
]
TRANSIENT: list[Outcome] = [
    *(Failing(status) for status in (408, 409, 429, 500, 502, 503, 504, 529)),
    Dropping(),
    Raw(b"<html>busy</html>", "text/html"),
    Raw(b'{"id": "msg_1", "content": ['),
    Raw(b""),
    Raw(b"[]"),
    Raw(b'{"type": "message"}'),
]


@each("outcome", PERMANENT)
async def test_what_will_not_change_is_refused(api: MessagesApi, model: AnthropicModel, outcome: Outcome) -> None:
    api.outcomes, before = [outcome], len(api.requests)
    with pytest.raises(ModelRefused) as caught:
        await model.answer(PROMPT, Reading)
    assert caught.value.request_id == f"req_{before + 1}"
    assert len(api.requests) == before + 1


@each("outcome", TRANSIENT)
async def test_what_may_pass_is_unavailable_and_not_retried_here(
    api: MessagesApi, model: AnthropicModel, outcome: Outcome
) -> None:
    api.outcomes, before = [outcome], len(api.requests)
    with pytest.raises(ModelUnavailable):
        await model.answer(PROMPT, Reading)
    assert len(api.requests) == before + 1


@each("text", ["", "not JSON", '{"tasks": 7}', '{"tasks": [], "extra": 1}', '{"tasks": [{"title": "x"}]}'])
async def test_an_answer_of_another_shape_is_unavailable(model: AnthropicModel, api: MessagesApi, text: str) -> None:
    api.outcomes = [Raw(_finished(text))]
    with pytest.raises(ModelUnavailable):
        await model.answer(PROMPT, Reading)


def _finished(text: str) -> bytes:
    usage = {"input_tokens": 1, "output_tokens": 1}
    message = {
        "id": "m",
        "type": "message",
        "role": "assistant",
        "model": "x",
        "stop_reason": "end_turn",
        "usage": usage,
    }
    return json.dumps({**message, "content": [{"type": "text", "text": text}]}).encode()


async def test_cut_off_twice_is_refused(api: MessagesApi, model: AnthropicModel) -> None:
    api.outcomes = [Stopping("max_tokens", "{"), Stopping("max_tokens", "{")]
    with pytest.raises(ModelRefused):
        await model.answer(PROMPT, Reading)
    assert len(api.requests) == 2


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "3600"}, 3600.0),
        ({"date": "Wed, 18 Nov 2026 10:00:00 GMT", "retry-after": "Wed, 18 Nov 2026 10:00:30 GMT"}, 30.0),
        ({"retry-after": "soon"}, None),
        ({}, None),
    ],
)
async def test_retry_after_is_passed_on_not_slept(
    api: MessagesApi, model: AnthropicModel, headers: dict[str, str], seconds: float | None
) -> None:
    api.outcomes = [Failing(429, headers=headers)]
    with pytest.raises(ModelUnavailable) as caught:
        await model.answer(PROMPT, Reading)
    assert (caught.value.retry_after, caught.value.request_id) == (seconds, "req_1")


async def test_a_slow_answer_times_out(api: MessagesApi) -> None:
    model = AnthropicModel(KEY, api.url, timeout=0.1)
    api.outcomes = [Slow(30)]
    with pytest.raises(ModelUnavailable):
        await model.answer(PROMPT, Reading)
    await model.close()


async def test_nobody_listening_is_unavailable() -> None:
    model = AnthropicModel(KEY, "http://127.0.0.1:9", timeout=1)
    with pytest.raises(ModelUnavailable):
        await model.answer(PROMPT, Reading)
    await model.close()


async def test_a_wrong_key_is_refused(api: MessagesApi) -> None:
    model = AnthropicModel("sk-ant-other", api.url)
    with pytest.raises(ModelRefused):
        await model.answer(PROMPT, Reading)
    await model.close()


async def test_errors_do_not_quote_the_prompt(api: MessagesApi, model: AnthropicModel) -> None:
    api.outcomes = [Failing(400)]
    with pytest.raises(ModelError) as caught:
        await model.answer(PROMPT, Reading)
    assert str(caught.value) == "anthropic: 400 invalid_request_error (request req_1)"
    assert caught.value.__cause__ is None
