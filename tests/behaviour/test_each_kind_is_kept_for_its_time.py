"""A tenant says for how long each kind of body is kept; the machine's own days are the most."""

from typing import Any

import pytest
from httpx import Response

from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

ENDPOINT = """
    insert into webhook_endpoint (tenant_id, url, event_types, include_text, secret, created_at, moved_at)
    select id, 'https://192.0.2.1', '{message.received}', true, '', now(), now() from tenant
"""
STATE = """
    select (select count(*) from inbound_message where text <> ''),
           (select count(*) from inbound_message where raw is not null),
           (select count(*) from extraction where reading is not null),
           (select count(*) from webhook_event)
"""


async def ask(world: World, method: str, **more: Any) -> Response:
    return await world.client.request(method, "/v1/retention", headers={"x-api-key": KEY}, **more)


async def test_what_is_kept_for_less_long_goes_sooner(world: World) -> None:
    days = (await ask(world, "GET")).json()
    assert days["days"] == days["most"]
    assert days["days"].keys() >= {"inbound_messages", "outbound_messages", "raw_payloads", "model_calls", "media"}
    assert days["days"]["inbound_messages"] == 60
    wanted = {"raw_payloads": 7, "extractions": 20, "webhook_events": 10}
    changed = await ask(world, "PATCH", json={"days": wanted})
    assert changed.json()["days"] == days["days"] | wanted

    await world.execute(ENDPOINT)
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    await world.execute("update webhook_delivery set status = 'delivered'")
    for passed, kept in (
        (6, (1, 1, 1, 1)),
        (2, (1, 0, 1, 1)),
        (3, (1, 0, 1, 0)),
        (10, (1, 0, 0, 0)),
        (40, (0, 0, 0, 0)),
    ):
        await world.pass_time(days=passed)
        assert await world.rows(STATE) == [kept], passed

    world.clock.advance(minutes=1)
    asked = await world.client.post("/v1/admin/retention/runs", headers={"x-api-key": KEY})
    assert asked.status_code == 200
    assert sum(asked.json()["redacted"].values()) == 0
    runs = (await world.client.get("/v1/admin/retention/runs", headers={"x-api-key": KEY})).json()["data"]
    told = [(each["asked_by"], each["counts"]) for each in reversed(runs)]
    assert told == [
        (None, {"raw_payloads": 1}),
        (None, {"webhook_events": 1}),
        (None, {"extractions": 1}),
        (None, {"inbound_messages": 1, "outbound_messages": 1}),
        ("key:operator", {}),
    ]
    assert all(each["ended_at"] for each in runs)
    await world.pass_time(days=401)
    assert await world.rows("select 1 from retention_run where started_at < %(at)s", at=runs[0]["started_at"]) == []


async def test_what_is_still_to_be_told_is_kept(world: World) -> None:
    await world.execute(ENDPOINT)
    await world.email("Hello")
    await world.execute("update webhook_endpoint set status = 'disabled'")
    await world.pass_time(days=61)
    assert await world.one("select count(*) from webhook_event") == 1


async def test_null_is_the_machines_own_again(world: World) -> None:
    await ask(world, "PATCH", json={"days": {"raw_payloads": 7}})
    again = (await ask(world, "PATCH", json={"days": {"raw_payloads": None}})).json()
    assert again["days"] == again["most"]


@pytest.mark.parametrize(
    ("days", "pointers"),
    [
        ({"inbound_messages": 61, "raw_payloads": 0, "secrets": 3}, {"inbound_messages", "raw_payloads", "secrets"}),
        ({"media": "7"}, {"media"}),
    ],
)
async def test_what_cannot_be_is_named(world: World, days: Any, pointers: set[str]) -> None:
    answer = await ask(world, "PATCH", json={"days": days})
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {f"/days/{each}" for each in pointers}
