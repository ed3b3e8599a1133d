"""An action on all that match takes each message once, by the verb of a single one, and passes over the rest."""

from uuid import UUID

import pytest

from concierge.admin.bulk import messages, store
from concierge.admin.bulk.model import Sweep
from concierge.admin.bulk.sweeping import start, sweep
from concierge.errors import Refused
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

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
        filter = messages.chosen("failed", "email", now)
        made = await start(conn, "messages.retry", filter, total=5, tenant_id=tenant, by="operator:admin", now=now)
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
