"""An account that was removed takes nothing, sends nothing and stands in nobody's way."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from tests.fakes import FrozenClock
from tests.webchat import Visitor, chat_world, opened
from tests.world import KEY, World


@pytest.fixture
async def world(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    async with chat_world(db, clock) as opened_world:
        yield opened_world


async def ask(world: World, method: str, path: str, body: Any = None, *, status: int) -> Any:
    more = {} if body is None else {"json": body}
    answer = await world.client.request(method, path, headers={"x-api-key": KEY}, **more)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def removed(world: World, channel: str) -> str:
    id = str(await world.one("select id from channel_account where channel = %(channel)s", channel=channel))
    await ask(world, "DELETE", f"/v1/channel-accounts/{id}", status=204)
    return id


async def test_news_of_its_business_account_is_still_taken(world: World) -> None:
    """Meta would repeat a 503 for days, and then send nobody's messages any more."""
    await world.execute('update channel_account set settings = \'{"business_account_id": "B"}\'')
    await removed(world, "whatsapp")
    change = {"field": "account_update", "value": {"event": "VERIFIED_ACCOUNT"}}
    body = {"object": "whatsapp_business_account", "entry": [{"id": "B", "changes": [change]}]}
    assert (await world.client.post("/webhook/whatsapp", json=body)).status_code == 200
    assert (await world.whatsapp("Hello?")).status_code == 200


async def test_what_was_to_be_said_later_is_not_said(world: World) -> None:
    account = await world.one("select id from channel_account where channel = 'email'")
    later = (world.clock() + timedelta(days=1)).isoformat()
    wish = {"channel_account_id": str(account), "to": "alice@example.com", "text": "Hello", "send_at": later}
    made = await ask(world, "POST", "/v1/outbound-messages", wish, status=201)
    assert made["status"] == "scheduled"
    await removed(world, "email")
    assert await world.moves(made["id"]) == ["scheduled", "cancelled"]


async def test_nobody_brings_it_back(world: World) -> None:
    id = await removed(world, "email")
    for move in ("pause", "resume"):
        await ask(world, "POST", f"/admin/accounts/{id}/{move}", status=409)
        await ask(world, "POST", f"/v1/channel-accounts/{id}/{move}", status=409)
    assert await world.one("select status from channel_account where channel = 'email'") == "removed"


async def test_its_visitors_are_told(world: World) -> None:
    visitor = Visitor(world.client, (await opened(world.client)).json())
    await removed(world, "webchat")
    headers = {"authorization": f"Bearer {visitor.session['token']}"}
    answer = await world.client.get(f"{visitor.base}/messages", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")
    world.clock.advance(seconds=6)  # for so long the door remembers accounts
    assert (await opened(world.client)).status_code == 404
