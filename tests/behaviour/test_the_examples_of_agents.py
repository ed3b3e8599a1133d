"""The agents that docs/agents.md shows can be configured as they stand there, and do what is said of them."""

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.agents import talk, wait
from tests.offline import offline
from tests.world import KEY, World

PAGE = Path(__file__).parents[2] / "docs" / "agents.md"
EXAMPLES = {
    each["name"]: each
    for each in map(msgspec.json.decode, re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL))
}


@pytest.fixture
async def put(world: World) -> Any:
    """Configure an example on the WhatsApp account, with the offline model."""
    world.model.script = offline
    account = await world.one("select id::text from channel_account where channel = 'whatsapp'")

    async def configure(name: str) -> dict[str, Any]:
        body = EXAMPLES[name] | {"channel_account_id": account}
        answer = await world.client.post("/v1/agents", json=body, headers={"x-api-key": KEY})
        assert answer.status_code == 201, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    return configure


async def test_the_companion(world: World, put: Any) -> None:
    await put("Cove")
    assert await talk(world, "I slept badly", "I want to talk to a human") == ["Noted.", "Noted."]  # nobody is promised
    assert await world.one("select status from conversation") == "bot"


async def test_the_business_center(world: World, put: Any) -> None:
    agent = await put("ABCai")
    assert (agent["quiet_seconds"], agent["answer_within_seconds"]) == (2, 86_400)
    for text in ("Hello", "I need a family visa", "Ali Khan", "Indian", "ali@example.com", "mornings"):
        await world.whatsapp(text, id=text)
        await wait(world, 2)
    assert world.outside.texts == [
        "Hi 👋 I'm ABCai from My business. I am a bot.\n\nHow can I help you today?",
        "May I know your full name, please?",
        "What is your nationality?",
        "To prepare your quotation, may I have your email and the best time to call you?",
        "What is the best time to call you?",
        "Thank you. A colleague will get back to you.",
    ]
    assert await world.one("select status from conversation") == "handoff_requested"


async def test_the_sales_agent(world: World, put: Any) -> None:
    await put("Sales")
    for text in ("What does a seat cost?", "Remind me tomorrow at 9am to order ten seats"):
        await world.whatsapp(text, id=text)
        await wait(world, 1.5)
    noted, confirmed = world.outside.texts
    assert noted == "Noted."
    assert confirmed.endswith("09:00 (Europe/Berlin): Order ten seats")
    assert await world.one("select count(*) from lead where due_at is not null") == 1
