"""An operator stops an account and lets it go on; one that only has to rest goes on by itself."""

from uuid import UUID

import pytest

from concierge.errors import AccountResting, AccountStopped
from tests.each import each
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

STATUS = "select status from channel_account where channel = 'email'"


@pytest.fixture
async def id(world: World) -> UUID:
    world.model.script = readings(reading("Call Bob", SOON))
    return await world.one("select id from channel_account where channel = 'email'")


async def test_what_is_queued_waits_and_goes_out(world: World, id: UUID) -> None:
    assert (await world.admin("POST", f"/admin/accounts/{id}/pause")).status_code == 200
    await world.email("Call Bob")
    await world.pass_time(minutes=30)
    assert world.outside.sent == []
    found = {each["channel"]: each for each in (await world.admin("GET", "/admin/accounts")).json()["data"]}
    assert (found["email"]["status"], found["email"]["reason"]) == ("paused", "paused by key:operator")
    assert found["whatsapp"]["status"] == "active"
    assert (await world.admin("POST", f"/admin/accounts/{id}/resume")).status_code == 200
    await world.pass_time(minutes=1)
    assert len(world.outside.sent) == 1
    assert await world.moves(id) == ["paused", "active"]


async def test_one_that_needs_a_repair_is_not_paused_but_can_be_tried_again(world: World, id: UUID) -> None:
    world.outside.outcomes = [AccountStopped("no payment", code="131042")]
    await world.email("Call Bob")
    await world.work()
    assert (await world.admin("POST", f"/admin/accounts/{id}/pause")).status_code == 409
    assert (await world.admin("POST", f"/admin/accounts/{id}/resume")).status_code == 200
    assert await world.rows("select acknowledged_at is not null from notification") == [(True,)]
    await world.pass_time(minutes=1)
    assert len(world.outside.sent) == 2


async def test_one_that_must_rest_goes_on_by_itself(world: World, id: UUID) -> None:
    world.outside.outcomes = [AccountResting("spam limit", code="131048")]
    await world.email("Call Bob")
    await world.work()
    assert await world.one(STATUS) == "paused"
    assert await world.rows("select subject_id, kind, text from notification") == [(id, "stopped", "spam limit")]
    await world.pass_time(hours=5)
    assert (await world.one(STATUS), len(world.outside.sent)) == ("paused", 1)
    await world.pass_time(hours=1)
    await world.pass_time(minutes=1)
    assert len(world.outside.sent) == 2
    assert await world.one(STATUS) == "active"


async def test_a_seed_leaves_what_operators_set(world: World, id: UUID) -> None:
    from concierge.tenants.seeding import seed  # noqa: PLC0415

    body = {"rate": 0.5, "burst": 2}
    answer = await world.client.patch(f"/admin/accounts/{id}", json=body, headers={"x-api-key": KEY})
    assert answer.status_code == 200
    await seed(world.runtime)
    found = {each["channel"]: each for each in (await world.admin("GET", "/admin/accounts")).json()["data"]}
    assert (found["email"]["rate"], found["email"]["burst"]) == (0.5, 2)


@each("body", [{"rate": 0}, {"rate": "fast"}, {"burst": 0}, {"send_gap": -1}, {"acknowledge": "loudly"}, {"speed": 1}])
async def test_nonsense_is_refused(world: World, id: UUID, body: dict[str, object]) -> None:
    answer = await world.client.patch(f"/admin/accounts/{id}", json=body, headers={"x-api-key": KEY})
    assert answer.status_code == 422


@pytest.mark.parametrize("path", ["pause", "resume"])
async def test_there_is_no_such_account(world: World, path: str) -> None:
    missing = UUID(int=7)
    assert (await world.admin("POST", f"/admin/accounts/{missing}/{path}")).status_code == 404
