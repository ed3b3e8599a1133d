"""Who was asked what on whose behalf, what it cost, and who answers when the first does not."""

from typing import Any

import msgspec
import pytest

from concierge.asking.model import Behalf
from concierge.errors import ModelRefused, ModelUnavailable
from concierge.llm.purposes import Drafted, DraftPrompt
from concierge.runtime import Runtime
from tests.fakes import FrozenClock, ScriptedModel
from tests.world import World, open_world

PROMPT = DraftPrompt(title="Call Bob", source="Call Bob", tone="friendly", channel="email", private=())
CALLS = "select provider, model, outcome, error from model_call order by provider, outcome"


def failing(error: Exception) -> Any:
    def script(_: Any) -> Any:
        raise error

    return ScriptedModel(script)


def with_models(**models: ScriptedModel) -> Any:
    def arrange(runtime: Runtime) -> Runtime:
        return msgspec.structs.replace(runtime, models={**runtime.models, **models}, chain=tuple(models))

    return arrange


async def test_a_turn_is_accounted_for(world: World) -> None:
    await world.email("Call Bob")
    await world.work()
    (row,) = await world.rows("""
        select m.provider, m.model, m.purpose, m.prompt_version, length(m.prompt_hash), m.outcome,
               m.conversation_id = c.id and m.tenant_id = c.tenant_id, m.created_at
        from model_call m, conversation c
    """)
    assert row == ("local", "scripted-1", "extract", "extract-3", 12, "answered", True, world.clock())


async def test_the_next_is_asked_where_one_gives_no_answer(db: str, clock: FrozenClock) -> None:
    away, no = ModelUnavailable("away", request_id="r-1", retry_after=7), ModelRefused("no")
    arrange = with_models(first=failing(no), second=failing(away), third=ScriptedModel())
    async with open_world(db, clock, arrange=arrange) as world:
        behalf = Behalf(tenant_id=await world.one("select id from tenant"))
        assert (await world.runtime.ask(PROMPT, Drafted, on=behalf)).value == Drafted("A draft.")
        assert await world.rows(CALLS) == [
            ("first", "scripted-1", "refused", "no"),
            ("second", "scripted-1", "unavailable", "away (request r-1)"),
            ("third", "scripted-1", "answered", None),
        ]
        chosen = msgspec.structs.replace(behalf, models={"draft": ["first", "second"]})
        with pytest.raises(ModelUnavailable) as caught:
            await world.runtime.ask(PROMPT, Drafted, on=chosen)
        assert (caught.value.retry_after, caught.value.request_id) == (7, "r-1")
        with pytest.raises(ModelRefused):
            await world.runtime.ask(PROMPT, Drafted, on=msgspec.structs.replace(behalf, models={"draft": ["first"]}))
        with pytest.raises(ModelRefused, match="nobody"):
            await world.runtime.ask(PROMPT, Drafted, on=msgspec.structs.replace(behalf, models={"draft": ["nobody"]}))
        assert await world.one("select count(*) from model_call") == 6
