"""What a provider answered is played again without it, and holds no key."""

from pathlib import Path
from typing import Any

import pytest

from concierge.errors import ModelUnavailable
from concierge.llm.makers import MODELS
from concierge.llm.purposes import Drafted
from concierge.llm.tape import Tape
from tests.pure.test_anthropic import DRAFT
from tests.pure.test_anthropic import PROMPT as UNHEARD
from tests.simulators import messages_api, openai_api
from tests.simulators.faults import Failing
from tests.world import make_settings


@pytest.mark.parametrize("name", ["anthropic", "openai", "groq", "compatible"])
async def test_a_tape_is_recorded_once_and_played(name: str, tmp_path: Path) -> None:
    serve: Any = messages_api.messages_api if name == "anthropic" else openai_api.openai_api
    key = messages_api.KEY if name == "anthropic" else openai_api.KEY
    tape = tmp_path / "tape.jsonl"
    async with serve(lambda body: {"text": "Dear Ana, …"}) as api:
        variables = {f"{name.upper()}_API_KEY": key, f"{name.upper()}_BASE_URL": api.url, "COMPATIBLE_MODEL": "m"}
        settings = make_settings("postgresql://x/y", **{"COMPATIBLE_BASE_URL": api.url, **variables})
        api.outcomes = [Failing(500)]
        model = MODELS[name](settings, Tape(tape, recording=True))
        assert model is not None
        with pytest.raises(ModelUnavailable):
            await model.answer(DRAFT, Drafted)
        heard = await model.answer(DRAFT, Drafted)
        assert (await model.answer(DRAFT, Drafted)).value == heard.value
        assert len(api.requests) == 2, "a failure is not kept, an answer is"
        await model.close()
    played = MODELS[name](settings, Tape(tape, recording=False))
    assert played is not None
    assert await played.answer(DRAFT, Drafted) == heard
    with pytest.raises(ModelUnavailable):
        await played.answer(UNHEARD, Drafted)
    await played.close()
    assert key not in tape.read_text()
