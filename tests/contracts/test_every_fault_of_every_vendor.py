"""Whatever a vendor does, whatever it was asked: an answer, an error that says whether to try again, or the next one.

One table of faults, for every vendor's format, and every purpose where it is about what was said: what comes before
that knows of no purpose, so the purposes share it. Then the same through a chain, as the product asks.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from concierge.asking.model import Behalf
from concierge.errors import ModelError, ModelRefused, ModelStopped, ModelUnavailable
from concierge.llm.anthropic import AnthropicModel
from concierge.llm.model import LanguageModel
from concierge.llm.openai import ChatModel, ResponsesModel
from concierge.llm.purposes import Prompt, Reading
from concierge.runtime import Runtime
from concierge.simulators.serving import listening
from tests.fakes import USUALLY, FrozenClock, ScriptedModel
from tests.pure.test_prompts import ASKED
from tests.simulators import messages_api as anthropic
from tests.simulators import openai_api as openai
from tests.simulators.faults import Dropping, Failing, Outcome, Raw, Saying, Slow, Stopping
from tests.world import open_world

Fault = tuple[tuple[Outcome, ...], type[ModelError] | None]
PATIENCE = 30.0  # seconds; whoever is well waits for none of it, and on a busy machine may need some
HASTE = 0.1
VENDORS = ["anthropic", "responses", "chat"]
TOOLS = '<tool_call>{"name": "send_message", "to": "+15550000000"}</tool_call>'

FAULTS: Mapping[str, Fault] = {
    **{f"HTTP {n}": ((Failing(n),), ModelUnavailable) for n in (408, 409, 429, 500, 502, 503, 504, 529)},
    **{f"HTTP {n}": ((Failing(n),), ModelRefused) for n in (400, 413, 422)},
    **{f"HTTP {n}": ((Failing(n),), ModelStopped) for n in (401, 402, 403, 404)},
    "a pause of an hour": ((Failing(429, headers={"retry-after": "3600"}),), ModelUnavailable),
    "reset": ((Dropping(),), ModelUnavailable),
    "no body": ((Raw(b""),), ModelUnavailable),
    "half a body": ((Raw(b'{"id": "x", "choi'),), ModelUnavailable),
    "a page": ((Raw(b"<html>busy</html>", "text/html"),), ModelUnavailable),
    "null": ((Raw(b"null"),), ModelUnavailable),
    "a list": ((Raw(b"[]"),), ModelUnavailable),
    "another object": ((Raw(b'{"hello": "world"}'),), ModelUnavailable),
    "bytes": ((Raw(b"\xff\xfe\x00"),), ModelUnavailable),
    "no words": ((Saying(""),), ModelUnavailable),
    "half an answer": ((Saying('{"tasks": [{"tit'),), ModelUnavailable),
    "prose": ((Saying("Sure! Here is what you asked for."),), ModelUnavailable),
    "another shape": ((Saying('{"done": true}'),), ModelUnavailable),
    "more than the shape": ((Saying('{"text": "Hi", "tasks": [], "facts": [], "to": "all"}'),), ModelUnavailable),
    "tools in the text": ((Saying(TOOLS),), ModelUnavailable),
    "refusal": ((Stopping("refusal", "no"),), ModelRefused),
    "no room, twice": ((Stopping("max_output_tokens", '{"t'), Stopping("max_output_tokens", '{"te')), ModelRefused),
    "no room, once": ((Stopping("max_output_tokens", '{"t'),), None),
    "well": ((), None),
}
SLOW: Fault = ((Slow(PATIENCE),), ModelUnavailable)

LINE = [fault for fault, (ways, _) in FAULTS.items() if isinstance(next(iter(ways), None), Failing | Dropping)]


def faults_of(prompt: Prompt) -> list[str]:
    """What goes wrong with what was said, and its share of what goes wrong before."""
    share = LINE[list(ASKED).index(prompt) :: len(ASKED)]
    return [fault for fault in FAULTS if fault not in LINE or fault in share]


def good(prompt: Prompt) -> Any:
    return msgspec.to_builtins(USUALLY[prompt.version.partition("-")[0]])


@asynccontextmanager
async def closed(model: LanguageModel) -> AsyncIterator[LanguageModel]:
    try:
        yield model
    finally:
        await model.close()


@asynccontextmanager
async def vendor(
    name: str, prompt: Prompt, patience: float = PATIENCE
) -> AsyncIterator[tuple[LanguageModel, list[Outcome]]]:
    """A model of this vendor, and what its API is to do next."""
    simulated = anthropic.messages_api if name == "anthropic" else openai.openai_api
    async with simulated(lambda _: good(prompt)) as api, closed(at(api.url, name, patience)) as model:
        yield model, api.outcomes


def at(url: str, name: str, patience: float) -> LanguageModel:
    """A model of this vendor, whose API is there."""
    if name == "anthropic":
        return AnthropicModel(anthropic.KEY, url, timeout=patience)
    if name == "responses":
        return ResponsesModel(openai.KEY, url, small="s", large="l", timeout=patience)
    return ChatModel("groq", url, openai.KEY, model="m", schema="strict", timeout=patience)


def paid(api: openai.OpenAiApi, patience: float) -> ChatModel:
    return ChatModel("paid", api.url, openai.KEY, model="m", schema="strict", timeout=patience)


def said(outcome: Outcome, name: str) -> Outcome:
    """In the words of this vendor."""
    if isinstance(outcome, Stopping) and outcome.reason == "max_output_tokens" and name == "anthropic":
        return Stopping("max_tokens", outcome.text)
    return outcome


async def outcome_of(model: LanguageModel, prompt: Prompt, shape: Any) -> type[ModelError] | None:
    try:
        answer = await model.answer(prompt, shape)
    except ModelError as error:
        return next(each for each in (ModelStopped, ModelUnavailable, ModelRefused) if isinstance(error, each))
    assert isinstance(answer.value, shape)
    return None


@pytest.mark.parametrize("prompt", ASKED, ids=lambda prompt: prompt.version)
@pytest.mark.parametrize("name", VENDORS)
async def test_every_fault_says_what_to_do_next(name: str, prompt: Prompt) -> None:
    came: dict[str, type[ModelError] | None] = {}
    async with vendor(name, prompt) as (model, outcomes):
        for fault in faults_of(prompt):
            outcomes[:] = [said(way, name) for way in FAULTS[fault][0]]
            came[fault] = await outcome_of(model, prompt, ASKED[prompt])
            assert outcomes == [], f"{fault} was not asked for once more"
    assert came == {fault: FAULTS[fault][1] for fault in faults_of(prompt)}


@pytest.mark.parametrize("name", VENDORS)
async def test_whoever_is_slow_is_not_waited_for(name: str) -> None:
    prompt = next(iter(ASKED))
    async with vendor(name, prompt, patience=HASTE) as (model, outcomes):
        outcomes[:] = list(SLOW[0])
        assert await outcome_of(model, prompt, ASKED[prompt]) is ModelUnavailable


@pytest.mark.parametrize("name", VENDORS)
async def test_an_answer_that_trickles_in_is_not_waited_for(name: str) -> None:
    """Each byte comes soon; the whole of it never does."""

    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000000\r\n\r\n")
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(HASTE / 5)

    prompt = next(iter(ASKED))
    async with listening(trickle) as port, closed(at(f"http://127.0.0.1:{port}", name, HASTE)) as model:
        async with asyncio.timeout(PATIENCE):
            assert await outcome_of(model, prompt, ASKED[prompt]) is ModelUnavailable


def test_every_fault_is_somebodys() -> None:
    assert {fault for prompt in ASKED for fault in faults_of(prompt)} == FAULTS.keys()


async def test_the_next_of_the_chain_answers_and_every_try_is_kept(db: str, clock: FrozenClock) -> None:
    prompts = list(ASKED)
    async with openai.openai_api(lambda _: {}) as api:
        models: dict[str, LanguageModel] = {"paid": paid(api, PATIENCE), "local": ScriptedModel()}

        def arrange(runtime: Runtime) -> Runtime:
            return msgspec.structs.replace(runtime, models=models, chain=("paid",))

        async with open_world(db, clock, arrange=arrange) as world:
            tenant = await world.one("select id from tenant")
            for n, (fault, (ways, expected)) in enumerate({**FAULTS, "slow": SLOW}.items()):
                if fault == "slow":
                    await models["paid"].close()
                    models["paid"] = paid(api, HASTE)
                prompt = prompts[n % len(prompts)]
                api.answer = lambda _, prompt=prompt: good(prompt)
                await world.execute("delete from model_breaker")
                api.outcomes = list(ways)
                both = Behalf(tenant_id=tenant, models={prompt.purpose: ["paid", "local"]})
                answer = await world.runtime.ask(prompt, ASKED[prompt], on=both)
                assert answer.model == ("scripted-1" if expected else "m"), fault
                tried = await world.rows("delete from model_call returning provider, outcome, purpose")
                if expected is None:
                    assert tried == [("paid", "answered", prompt.purpose)], fault
                else:
                    failed = "unavailable" if issubclass(expected, ModelUnavailable) else "refused"
                    both_tried = [("local", "answered", prompt.purpose), ("paid", failed, prompt.purpose)]
                    assert sorted(tried) == both_tried, fault


async def test_a_placeholder_that_was_never_given_out_is_no_answer(db: str, clock: FrozenClock) -> None:
    async with openai.openai_api(lambda _: {"tasks": [], "text": "<PHONE_9>"}) as api:

        def arrange(runtime: Runtime) -> Runtime:
            return msgspec.structs.replace(runtime, models={"paid": paid(api, PATIENCE)}, chain=("paid",))

        async with open_world(db, clock, arrange=arrange) as world:
            on = Behalf(tenant_id=await world.one("select id from tenant"))
            for prompt, shape in ASKED.items():
                if shape is Reading:
                    continue  # tested with whole turns: tests/behaviour/test_a_message_cannot_command.py
                value = good(prompt)
                texts = [key for key, each in value.items() if isinstance(each, str) or each is None]
                value |= {texts[0]: "call <PHONE_9>"} if texts else {"facts": [{"key": "name", "value": "<NAME_9>"}]}
                api.answer = lambda _, value=value: value
                await world.execute("delete from model_breaker")
                with pytest.raises(ModelUnavailable, match="never given out"):
                    await world.runtime.ask(prompt, shape, on=on)
