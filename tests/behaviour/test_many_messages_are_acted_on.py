"""An action on everything that matches goes on through lost jobs, does each message once, and can be stopped."""

from uuid import UUID

import pytest

from concierge.console import bulk
from concierge.errors import Conflicting, Refused
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

FAR = "select status, done, refused from bulk_action"


async def begin(world: World, action: str = "retry", wanted: str = "failed") -> UUID:
    tenant = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        return await bulk.begin(
            conn,
            tenant_id=tenant,
            action=action,
            wanted=wanted,
            channel=None,
            actor="operator:admin",
            bound=10,
            now=world.clock(),
        )


async def test_it_goes_on_where_it_was_lost(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [Refused("no such mailbox")] * 5
    for n in range(5):
        await world.email("Call Bob", id=f"msg-{n}", **{"from": f"person{n}@example.com"})
    await world.work()
    assert await world.one("select count(*) from outbound_message where status = 'failed'") == 5
    with pytest.raises(Conflicting):
        await begin(world, "cancel", "failed")
    with pytest.raises(Conflicting):
        await begin(world, "cancel", "held")
    world.clock.advance(seconds=1)
    id = await begin(world)
    await bulk.carry_on(world.runtime, id)
    assert await world.rows(FAR) == [("running", 2, 0)]
    await world.execute("delete from procrastinate_jobs where task_name = 'console.carry_on'")  # all are lost
    await world.execute("update outbound_message set status = 'cancelled' where id = (select id from outbound_message"
                        " where status = 'failed' order by created_at desc limit 1)")  # fmt: skip
    world.clock.advance(minutes=3)
    await world.run_tick("console.sweep")
    await world.work()
    assert await world.rows(FAR) == [("done", 4, 0)]
    assert await world.rows("select status, count(*)::int from outbound_message group by 1 order by 1") == [
        ("cancelled", 1),
        ("sent", 4),
    ]
    assert len(world.outside.sent) == 9
    assert await world.moves(id) == ["running", "done"]
