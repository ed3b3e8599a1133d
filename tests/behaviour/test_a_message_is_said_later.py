"""A message with a time is said then and not before; until a worker claims it, it can be changed and cancelled."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from concierge.errors import Conflicting, Invalid, Missing
from concierge.outbox.delivery import deliver
from concierge.outbox.line import store as line
from concierge.outbox.scheduling import Change, cancel, edit
from tests.saying import say
from tests.world import KEY, World


@pytest.fixture
async def met(world: World) -> World:
    """Alice has written; what was said to her is forgotten."""
    await world.email("Hello")
    await world.work()
    world.outside.sent.clear()
    return world


async def put(world: World, text: str = "Hello", *, key: str = "k", **more: Any) -> UUID:
    id = await say(world, text, key=key, **more)
    assert id is not None
    return id


async def change(world: World, id: UUID, **more: Any) -> None:
    tenant_id = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        await edit(conn, id, Change(**more), tenant_id=tenant_id, by="key:shop", now=world.clock())


async def stop(world: World, id: UUID) -> None:
    tenant_id = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        await cancel(conn, id, tenant_id=tenant_id, reason="changed our mind", now=world.clock())


async def test_it_waits_for_its_time_and_holds_nobody_up(met: World) -> None:
    at = met.clock() + timedelta(hours=3)
    id = await put(met, "later", send_at=at)
    await put(met, "now", key="other")
    await met.pass_time(hours=2, minutes=59)
    assert met.outside.texts == ["now"]
    await met.pass_time(minutes=1)
    assert met.outside.texts == ["now", "later"]
    assert await met.moves(id) == ["scheduled", "queued", "sending", "sent"]


async def test_it_is_changed_until_it_is_claimed(met: World) -> None:
    id = await put(met, "first", send_at=met.clock() + timedelta(hours=1))
    await change(met, id, text="second", send_at=met.clock() + timedelta(hours=2))
    await met.pass_time(hours=1)
    assert met.outside.texts == []
    await change(met, id, text="third")
    await met.pass_time(hours=1)
    assert met.outside.texts == ["third"]
    for too_late in (change(met, id, text="fourth"), stop(met, id)):
        with pytest.raises(Conflicting):
            await too_late
    with pytest.raises(Missing):
        await change(met, UUID(int=1), text="x")


async def test_what_waits_in_the_line_can_be_put_off_and_taken_back(met: World) -> None:
    await met.execute("update channel_account set status = 'paused'")
    put_off, taken_back = await put(met, "one", key="1"), await put(met, "two", key="2")
    long = await put(met, "word " * 1000, key="3")
    await change(met, put_off, send_at=met.clock() + timedelta(hours=1))
    await stop(met, taken_back)
    await stop(met, long)
    await put(met, "four", key="4")
    await met.execute("update channel_account set status = 'active'")
    await met.pass_time(minutes=10)
    assert met.outside.texts == ["four"]
    await met.pass_time(minutes=51)
    assert met.outside.texts == ["four", "one"]


async def test_a_time_that_is_over_is_refused(met: World) -> None:
    id = await put(met, send_at=met.clock() + timedelta(hours=1))
    with pytest.raises(Invalid) as refused:
        await change(met, id, send_at=met.clock())
    assert refused.value.faults == (("/send_at", "must be in the future"),)


async def test_a_worker_that_read_the_old_words_does_not_send_them(met: World) -> None:
    await met.execute("update channel_account set status = 'paused'")
    id = await put(met, "old")
    await met.execute("update channel_account set status = 'active'")
    ((conversation_id, tenant_id, account_id),) = await met.rows(
        "select conversation_id, tenant_id, channel_account_id from outbound_message"
    )
    async with met.runtime.connection() as conn:
        head = await line.head(conn, conversation_id=conversation_id, now=met.clock())
        assert head is not None
        await change(met, id, text="new")
        taken = await line.take(
            conn,
            id=head.id,
            version=head.version,
            tenant_id=tenant_id,
            conversation_id=conversation_id,
            channel_account_id=account_id,
            extra=None,
            keys=[],
            gaps=[],
            bursts=[],
            lined=[],
            now=met.clock(),
        )
    assert taken is None
    await met.work()
    assert met.outside.texts == ["new"]


async def test_many_at_once_agree_on_what_was_said(met: World) -> None:
    """Who is told that it was cancelled or changed can rely on it, whatever the workers did at that moment."""
    conversation_id = await met.one("select id from conversation")
    promised: dict[UUID, str | None] = {}

    async def think_better(n: int, id: UUID) -> None:
        await asyncio.sleep(0.001 * (n % 7))
        try:
            if n % 2:
                await stop(met, id)
                promised[id] = None
            else:
                await change(met, id, text=f"changed {n}")
                promised[id] = f"changed {n}"
        except Conflicting:
            promised[id] = f"said {n}"

    ids = [await put(met, f"said {n}", key=str(n)) for n in range(24)]
    workers = [deliver(met.runtime, conversation_id) for _ in range(3)]
    await asyncio.gather(*workers, *(think_better(n, id) for n, id in enumerate(ids)))
    await met.work()
    said = {message.id: message.text for message in met.outside.sent}
    assert len(met.outside.sent) == len(said)
    assert {id: said.get(id) for id in ids} == promised


async def test_it_is_scheduled_by_the_api(met: World) -> None:
    async def ask(method: str, path: str = "", **more: Any) -> Any:
        url = f"/v1/outbound-messages{path}"
        return await met.client.request(method, url, headers={"x-api-key": KEY}, **more)

    wish = {"conversation_id": str(await met.one("select id from conversation")), "text": "Happy birthday"}
    made = (await ask("POST", json=wish | {"send_at": "2027-03-04T08:00:00+01:00"})).json()
    assert (made["status"], made["send_at"]) == ("scheduled", "2027-03-04T07:00:00Z")
    other = (await ask("POST", json=wish | {"send_at": "2027-03-05T08:00:00+01:00"})).json()
    listed = (await ask("GET", "?status=scheduled")).json()["data"]
    assert {each["id"] for each in listed} == {made["id"], other["id"]}
    changed = await ask("PATCH", f"/{made['id']}", json={"text": "Happy birthday!", "send_at": "2027-03-04T06:00:00Z"})
    assert (changed.json()["text"], changed.json()["due_at"]) == ("Happy birthday!", "2027-03-04T06:00:00Z")
    assert (await ask("DELETE", f"/{other['id']}")).json()["status"] == "cancelled"
    await met.pass_time(hours=18)
    assert met.outside.texts == ["Happy birthday!"]
    await met.pass_time(days=3)
    assert met.outside.texts == ["Happy birthday!"]
    assert (await ask("PATCH", f"/{made['id']}", json={"text": "x"})).status_code == 409
    assert (await ask("DELETE", f"/{made['id']}")).status_code == 409
    bad = await ask("POST", json=wish | {"send_at": "2027-03-01T08:00:00Z", "expires_at": "2027-02-01T08:00:00Z"})
    assert {each["pointer"] for each in bad.json()["errors"]} == {"/send_at", "/expires_at"}
