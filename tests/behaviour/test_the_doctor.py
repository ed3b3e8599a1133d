"""`concierge doctor`: what is set up, what answers, what waits."""

import pytest

from concierge import doctor
from concierge.errors import ModelRefused
from tests.makers import readings
from tests.world import World

WORKER = "insert into procrastinate_workers (last_heartbeat) values (now() - make_interval(secs => %(ago)s))"


async def said(world: World, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    """Exit status and text."""
    status = await doctor.examine(world.runtime.settings, only_worker=False)
    return status, capsys.readouterr().out


async def test_everything_is_well(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await world.execute(WORKER, ago=2)
    await world.execute(WORKER, ago=500)
    status, text = await said(world, capsys)
    assert status == 0, text
    assert "workers: 1 alive, last heartbeat 2 s ago" in text
    assert "schema: up to date" in text
    assert "BAD" not in text


async def test_no_worker_is_registered(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    status, text = await said(world, capsys)
    assert status == 1
    assert "BAD  workers: none is registered" in text


async def test_all_workers_are_silent(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await world.execute(WORKER, ago=100)
    status, text = await said(world, capsys)
    assert status == 1
    assert "BAD  workers: 0 alive, last heartbeat 100 s ago" in text


async def test_something_waits(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    await world.execute(WORKER, ago=0)
    await world.email("Call Bob")
    await world.execute("update procrastinate_events set at = at - interval '2 minutes'")
    status, text = await said(world, capsys)
    assert status == 1
    assert "BAD  queue: oldest job waits 120 s" in text


async def test_the_queues_are_counted(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What waits, runs and has failed, and the conversations that came of it."""
    world.model.script = readings(ModelRefused("not this"))
    await world.execute(WORKER, ago=0)
    await world.email("Call Bob")
    await world.work()
    await world.whatsapp("Call Bob")
    status, text = await said(world, capsys)
    assert status == 1
    assert "ok   inbox: 1 jobs wait, 0 run, 1 failed in a day" in text
    assert "BAD  conversations: 1 wait for an operator, 0 for credits" in text
    await world.execute("update conversation set parked_reason = 'out of credits' where parked_at is not null")
    await world.execute("update procrastinate_events set at = at - interval '25 hours' where type = 'failed'")
    status, text = await said(world, capsys)
    assert "ok   inbox: 1 jobs wait, 0 run, 0 failed in a day" in text
    assert "ok   conversations: 0 wait for an operator, 1 for credits" in text


async def test_migrations_are_pending(world: World, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    async def one_is_missing(_conn: object) -> list[str]:
        return ["0099_tomorrow.sql"]

    monkeypatch.setattr(doctor, "pending", one_is_missing)
    status, text = await said(world, capsys)
    assert status == 1
    assert "BAD  schema: 1 migrations pending" in text


async def test_what_is_stopped_is_named(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Which queue, which account, since when and by whom, and what waits there."""
    await world.execute(WORKER, ago=0)
    since = f"{world.clock():%Y-%m-%d %H:%M}Z"
    account = await world.one("select id from channel_account where channel = 'email'")
    for path in ("/v1/admin/queues/inbox/pause", f"/v1/channel-accounts/{account}/pause"):
        assert (await world.admin("POST", path)).status_code == 200
    await world.email("Call Bob")
    status, text = await said(world, capsys)
    assert status == 1
    assert f"BAD  queue inbox: paused since {since}, key:operator; 1 wait" in text
    assert f"BAD  email account {account}: paused since {since}, paused by key:operator; 0 wait" in text
