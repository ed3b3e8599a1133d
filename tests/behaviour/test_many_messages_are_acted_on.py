"""An action on all that match takes each message once, by the verb of a single one, and passes over the rest."""

from typing import Any
from uuid import UUID

import pytest
from httpx import Response

from concierge.admin.bulk import messages, store
from concierge.admin.bulk.beginning import Wish, begin
from concierge.admin.bulk.model import Sweep
from concierge.admin.bulk.sweeping import sweep
from concierge.errors import Refused, Unknown
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

FAR = "select status, done from operation"


async def test_a_batch_takes_the_next_messages(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "SIZE", 2)
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [Refused("no such mailbox")] * 5
    for n in range(5):
        await world.email("Call Bob", id=f"msg-{n}", **{"from": f"person{n}@example.com"})
    await world.work()
    tenant: UUID = await world.one("select id from tenant")
    now = world.clock.advance(seconds=1)
    async with world.runtime.begin() as conn:
        facts = {"tenant_id": tenant, "status": "failed", "bound": 10}
        assert await store.count_messages(conn, channel="email", **facts) == 5
        assert await store.count_messages(conn, channel="whatsapp", **facts) == 0
        wish = Wish(action="retry", status="failed", channel="email")
        made = await begin(conn, wish, tenant_id=tenant, by="operator:admin", now=now)
        assert made.total == 5
    await sweep(world.runtime, Sweep(tenant, made.id))
    assert await world.rows(FAR) == [("running", 2)]
    await world.execute(
        "update outbound_message set status = 'cancelled'"
        " where id = (select id from outbound_message where status = 'failed' order by created_at desc limit 1)"
    )
    await world.work()
    assert await world.rows(FAR) == [("done", 4)]
    assert await world.rows("select status, count(*)::int from outbound_message group by 1 order by 1") == [
        ("cancelled", 1),
        ("sent", 4),
    ]
    assert len(world.outside.sent) == 9


async def test_the_api_acts_on_many_and_says_how_far_it_is(world: World) -> None:
    """By a key that may write messages; the same request twice is one operation."""
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [Refused("no such mailbox")] * 3 + [Unknown("no answer")] * 2
    for n in range(5):
        await world.email("Call Bob", id=f"msg-{n}", **{"from": f"person{n}@example.com"})
        await world.work()
    await world.execute("update outbound_message set escalated_at = now() where status = 'unknown'")
    wanted = {"name": "shop", "scopes": ["messages:write"]}
    key = (await world.client.post("/v1/api-keys", json=wanted, headers={"x-api-key": KEY})).json()["key"]
    own = {"x-api-key": key}

    async def ask(action: str, body: dict[str, Any], **headers: str) -> Response:
        world.clock.advance(seconds=1)
        return await world.client.post(f"/v1/outbound-messages/{action}", json=body, headers=own | headers)

    once = {"idempotency-key": "k"}
    asked = [await ask("retry", {"status": "failed", "channel": "email"}, **once) for _ in range(2)]
    assert [each.status_code for each in asked] == [202, 202]
    assert asked[0].json() == asked[1].json()
    assert (asked[0].json()["total"], asked[0].json()["asked_by"]) == (3, "key:shop")
    settled = await ask("resolve", {"status": "failed"})
    assert settled.json()["total"] == 2
    await world.work()
    for each in (asked[0], settled):
        progress = (await world.client.get(f"/v1/admin/operations/{each.json()['id']}", headers=own)).json()
        assert (progress["status"], progress["done"]) == ("done", progress["total"])
    assert await world.rows("select status, count(*)::int from outbound_message group by 1 order by 1") == [
        ("failed", 2),
        ("sent", 3),
    ]

    await world.execute("update outbound_message set status = 'held', tries = 0 where status = 'failed'")
    assert (await ask("cancel", {"status": "held", "channel": "whatsapp"})).json()["total"] == 0
    assert (await ask("cancel", {"status": "held"})).status_code == 202
    await world.work()
    reasons = await world.rows("select distinct status, reason from outbound_message where status <> 'sent'")
    assert reasons == [("cancelled", "cancelled by key:shop")]
    for action, body in (("retry", {"status": "sent"}), ("cancel", {}), ("resolve", {"status": "read"})):
        assert (await ask(action, body)).status_code == 422, action
    assert await world.one("select count(*) from operation") == 4
