"""A provider that is away is left alone by every worker, and a tenant's money for models has an end."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from concierge.asking.model import Behalf
from concierge.errors import BudgetSpent, ModelRefused, ModelStopped, ModelUnavailable
from concierge.llm.openai import ChatModel, RememberingModel
from concierge.llm.purposes import Drafted, DraftPrompt, Replied, ReplyPrompt, Said
from concierge.runtime import Runtime
from tests.fakes import FrozenClock, ScriptedModel
from tests.simulators.faults import Failing, Saying
from tests.simulators.openai_api import KEY, OpenAiApi, openai_api
from tests.world import KEY as KEY_OF_OPERATOR
from tests.world import World, open_world

PROMPT = DraftPrompt(
    title="Call Bob on +1 415 555 2671", source="Bob", tone="formal", channel="email", private=("Bob",), asker="c"
)
DRAFT = Drafted("Dear <NAME_1>, call <PHONE_1>.")
LAST = "select provider, outcome, cost_micro_usd from model_call order by id desc limit 1"


@pytest.fixture
async def api() -> AsyncIterator[OpenAiApi]:
    async with openai_api(lambda body: {"text": DRAFT.text}) as server:
        yield server


@pytest.fixture
async def asking(db: str, clock: FrozenClock, api: OpenAiApi) -> AsyncIterator[World]:
    """A world with two providers: one that costs money, and one that remembers conversations."""

    def arrange(runtime: Runtime) -> Runtime:
        paid = ChatModel("paid", api.url, KEY, model="openai/gpt-oss-20b", schema="strict", timeout=5)
        kept = RememberingModel(KEY, api.url, small="gpt-5-mini", large="gpt-5.4", timeout=5)
        models = {"paid": paid, "kept": kept, "local": ScriptedModel()}
        return msgspec.structs.replace(runtime, models=models, chain=("paid",))

    async with open_world(db, clock, arrange=arrange, MODEL_LOG_DAYS="7") as world:
        yield world


async def behalf(world: World, **more: Any) -> Behalf:
    return Behalf(tenant_id=await world.one("select id from tenant"), **more)


async def ask(world: World, on: Behalf | None = None) -> str:
    return (await world.runtime.ask(PROMPT, Drafted, on=on or await behalf(world))).value.text


async def test_a_provider_that_fails_rests_and_one_question_tries_it(asking: World, api: OpenAiApi) -> None:
    api.outcomes = [Failing(500)] * 5
    for _ in range(6):
        with pytest.raises(ModelUnavailable):
            await ask(asking)
    assert len(api.requests) == 5, "the sixth is not sent"
    assert await asking.one("select count(*) from model_call") == 5
    asking.clock.advance(seconds=31)
    api.outcomes = [Failing(500)]
    with pytest.raises(ModelUnavailable):
        await ask(asking)
    asking.clock.advance(seconds=31)
    with pytest.raises(ModelUnavailable, match="left alone") as caught:
        await ask(asking)
    assert caught.value.retry_after == 29, "twice as long as before"
    asking.clock.advance(seconds=30)
    assert await ask(asking) == "Dear Bob, call +1 415 555 2671."
    assert await asking.one("select failures from model_breaker") == 0
    assert len(api.requests) == 7


OPEN = "select subject, kind, text from notification where acknowledged_at is null"


async def test_operators_are_told_once_that_it_rests_until_it_answers(asking: World, api: OpenAiApi) -> None:
    api.outcomes = [Failing(429, headers={"retry-after": "7"})]
    with pytest.raises(ModelUnavailable):
        await ask(asking)
    assert await asking.rows(OPEN) == [], "a pause that it asked for is no news"
    for _ in range(2):
        api.outcomes = [Failing(500)] * 6
        for _ in range(6):
            asking.clock.advance(minutes=11)
            with pytest.raises(ModelUnavailable):
                await ask(asking)
        ((subject, kind, text),) = await asking.rows(OPEN)
        assert (subject, kind) == ("model_breaker", "model_rests")
        assert text.startswith("paid gives no answer and is only tried from time to time; its last answer:")
        shown = (await asking.admin("GET", "/v1/notifications")).json()["data"]
        assert "model_rests" in [each["kind"] for each in shown]
        asking.clock.advance(minutes=11)
        await ask(asking)
        assert await asking.rows(OPEN) == []
    assert await asking.one("select count(*) from notification") == 2, "one for each time"
    api.outcomes = [Failing(429, code="insufficient_quota")] * 2
    for _ in range(2):
        with pytest.raises(ModelStopped):
            await ask(asking)
        await asking.execute("update notification set acknowledged_at = %(now)s", now=asking.clock())
        asking.clock.advance(minutes=11)
    assert await asking.one("select count(*) from notification") == 3, "seen is seen"


async def test_a_pause_that_is_asked_for_is_kept_by_all(asking: World, api: OpenAiApi) -> None:
    api.outcomes = [Failing(429, headers={"retry-after": "7"})]
    on = await behalf(asking, models={"draft": ["paid", "local"]})
    assert await ask(asking, on) == "A draft."
    assert await ask(asking, on) == "A draft."
    assert len(api.requests) == 1
    asking.clock.advance(seconds=8)
    assert "Bob" in await ask(asking, on)


async def test_an_account_that_is_stopped_is_not_hammered(asking: World, api: OpenAiApi) -> None:
    api.outcomes = [Failing(429, code="insufficient_quota")]
    with pytest.raises(ModelStopped):
        await ask(asking)
    with pytest.raises(ModelUnavailable):
        await ask(asking)
    assert len(api.requests) == 1
    asking.clock.advance(minutes=11)
    await ask(asking)


async def test_one_bad_prompt_is_not_held_against_it(asking: World, api: OpenAiApi) -> None:
    api.outcomes = [Failing(400)] * 7
    for _ in range(7):
        with pytest.raises(ModelRefused):
            await ask(asking)
    assert len(api.requests) == 7


async def test_a_budget_has_an_end_and_is_told_once(asking: World, api: OpenAiApi) -> None:
    await ask(asking)
    assert await asking.rows(LAST) == [("paid", "answered", 10)], "42 tokens at 0.075 and 20 at 0.30, rounded up"
    path, key = f"/v1/tenants/{await asking.one('select id from tenant')}", {"x-api-key": KEY_OF_OPERATOR}
    limit = {"monthly_micro_usd": 15, "at_limit": "none"}
    assert (await asking.client.put(f"{path}/model-budget", json=limit, headers=key)).status_code == 200
    await ask(asking)
    for _ in range(2):
        with pytest.raises(BudgetSpent):
            await ask(asking)
    assert len(api.requests) == 2
    assert await asking.rows("select subject, kind from notification") == [("tenant", "model_budget")]
    await asking.execute("update notification set acknowledged_at = created_at")
    await asking.execute("update model_budget set at_limit = 'local'")
    assert await ask(asking) == "A draft."
    assert await asking.one("select count(*) from notification") == 1
    asking.clock.advance(days=31)
    assert "Bob" in await ask(asking)
    assert await asking.rows(OPEN) == []
    shown = (await asking.client.get(f"{path}/model-spending", headers=key)).json()
    assert shown == {"month": "2027-04-01", "micro_usd": 10, "questions": 1, **limit, "at_limit": "local"}
    await asking.client.put(f"{path}/model-budget", json=limit | {"monthly_micro_usd": 10}, headers=key)
    for _ in range(2):
        with pytest.raises(BudgetSpent):
            await ask(asking)
    assert [kind for _, kind, _ in await asking.rows(OPEN)] == ["model_budget"]
    await asking.client.put(f"{path}/model-budget", json=limit | {"monthly_micro_usd": 20}, headers=key)
    assert await asking.rows(OPEN) == [], "it has been raised"
    await ask(asking)
    with pytest.raises(BudgetSpent):
        await ask(asking)
    assert [kind for _, kind, _ in await asking.rows(OPEN)] == ["model_budget"]
    asking.clock.advance(days=31)
    await ask(asking)
    assert await asking.rows(OPEN) == [], "the month is over"
    await asking.client.put(f"{path}/model-budget", json={"monthly_micro_usd": None}, headers=key)
    assert await asking.rows("select 1 from model_budget") == []
    assert await asking.rows("select month::text, micro_usd from model_spend order by month") == [
        ("2027-03-01", 20),
        ("2027-04-01", 20),
        ("2027-05-01", 10),
    ]


async def test_what_is_kept_of_a_question_is_not_personal(asking: World, api: OpenAiApi) -> None:
    await ask(asking)
    await ask(asking, await behalf(asking, models={"draft": ["local"]}))
    kept = await asking.rows("select prompt::text, answer::text from model_call order by provider desc")
    assert [("<PHONE_1>" in prompt, "Bob" in prompt, "555" in prompt) for prompt, _ in kept] == [
        (True, False, False)
    ] * 2
    assert DRAFT.text in kept[0][1]
    asking.clock.advance(days=8)
    await asking.tick()
    assert await asking.rows("select distinct prompt, answer from model_call") == [(None, None)]
    assert await asking.one("select count(*) from model_call where cost_micro_usd > 0") == 1


def reply(asking: World, *texts: str) -> ReplyPrompt:
    """The contact and the concierge in turns; the last is the contact's."""
    said = tuple(Said("concierge" if n % 2 else "contact", text) for n, text in enumerate(texts))
    now = asking.clock().replace(tzinfo=None)
    return ReplyPrompt(
        instructions="Sell.", now=now, zone="UTC", tone="formal", channel="email", turns=said, unread=1, private=()
    )


async def test_a_conversation_at_a_provider_is_a_cache_of_ours(asking: World, api: OpenAiApi) -> None:
    """It is gone on with as long as it holds what ours holds, with the placeholders it knows; else a new one begins."""
    await asking.email("Hello")
    await asking.work()
    on = await behalf(
        asking, conversation_id=await asking.one("select id from conversation"), models={"reply": ["kept"]}
    )
    api.answer = lambda body: {"text": "I'll call <PHONE_1>.", "wants_human": False}
    hello, answer = "Call +1 415 555 2671 or ada@x.example", "I'll call +1 415 555 2671."

    async def answered(*texts: str) -> str:
        return (await asking.runtime.ask(reply(asking, *texts), Replied, on=on)).value.text

    def thread() -> str:
        return str(api.bodies[-1]["conversation"])

    assert await answered(hello) == answer
    first = thread()
    assert await answered(hello, answer, "Or +1 415 555 2672?") == answer, "known from the first question"
    assert thread() == first
    assert len(api.conversations) == 1
    assert "Call" not in str(api.bodies[-1]["input"]), "what the provider knows is not sent again"
    assert "<PHONE_2>" in str(api.bodies[-1]["input"])
    api.conversations.clear()
    assert await answered(hello, answer, "Or?") == answer, "gone: begun anew, with everything"
    assert "Call" in str(api.bodies[-1]["input"])
    second = thread()
    assert await answered(hello, "A human said this.", "Or?") == answer
    assert thread() not in {first, second}, "what was said differs from what the provider remembers"
    assert "555" not in api.seen
    assert "ada@" not in api.seen
    kept = await asking.rows("select kind, n, sealed from pseudonym order by kind, n")
    assert [(kind, n) for kind, n, _ in kept] == [("EMAIL", 1), ("PHONE", 1), ("PHONE", 2)]
    assert not any(b"555" in sealed for _, _, sealed in kept)
    asking.clock.advance(days=61)
    await asking.tick()
    assert await asking.rows("select 1 from pseudonym union all select 1 from model_thread") == []


async def test_an_answer_with_a_placeholder_of_its_own_is_none(asking: World, api: OpenAiApi) -> None:
    api.outcomes = [Saying('{"text": "Call <PHONE_7>"}')]
    with pytest.raises(ModelUnavailable):
        await ask(asking)
    assert await ask(asking)
