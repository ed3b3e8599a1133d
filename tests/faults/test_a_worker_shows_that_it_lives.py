"""The sign of life that health checks look at: of this machine's worker, and whatever the database does."""

import asyncio
import os
import signal
import tempfile
from pathlib import Path

import pytest

from concierge import doctor
from concierge.worker import pulse
from concierge.worker.pulse import EVERY, STALE, Pulse, ages
from tests.faults.processes import until
from tests.faults.site import Site
from tests.world import make_settings

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of its own stands for a machine of its own."""
    folder = tmp_path / "machine"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


async def check(capsys: pytest.CaptureFixture[str], url: str = NOWHERE) -> tuple[int, str]:
    """What a health check gets: the exit status and the line. The database is not there, and nobody needs it."""
    status = await doctor.examine(make_settings(url), only_worker=True)
    return status, capsys.readouterr().out.strip()


def signs() -> list[Path]:
    """The files there are on this machine."""
    return list(Path(tempfile.gettempdir()).glob(f"{pulse.PREFIX}*"))


async def is_alive() -> bool:
    return bool(ages())


async def test_no_worker_runs_here(capsys: pytest.CaptureFixture[str]) -> None:
    assert await check(capsys) == (1, "BAD  worker: none runs on this machine")


async def test_a_worker_of_another_machine_is_not_ours(
    site: Site, machine: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = site.start("worker", TMPDIR=str(machine))
    await until(is_alive, "a sign of life")
    assert (await check(capsys))[0] == 0
    (machine / "other").mkdir()
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(machine / "other"))
        assert (await check(capsys))[0] == 1

    worker.tell(signal.SIGTERM)
    await worker.ended()
    assert signs() == []
    assert (await check(capsys))[0] == 1


async def test_what_a_killed_worker_left_is_no_sign(
    site: Site, machine: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    worker = site.start("worker", TMPDIR=str(machine))
    await until(is_alive, "a sign of life")
    worker.kill()
    assert (await check(capsys))[0] == 1
    (left,) = signs()
    os.utime(left, (0, 0))
    site.start("worker", TMPDIR=str(machine))
    await until(is_alive, "a sign of life")
    assert not left.exists()
    assert (await check(capsys))[0] == 0


async def test_a_worker_that_does_nothing_any_more(capsys: pytest.CaptureFixture[str]) -> None:
    async with Pulse().beating():
        await until(is_alive, "a sign of life")
        (path,) = signs()
        os.utime(path, (path.stat().st_mtime - STALE - 1,) * 2)
        status, line = await check(capsys)
    assert (status, line[:4]) == (1, "BAD ")


async def test_a_supervisor_that_does_not_get_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its event loop turns, and that is not enough."""
    monkeypatch.setattr(pulse, "EVERY", 0.001)
    beat = Pulse()
    async with beat.beating():
        await until(is_alive, "a sign of life")
        (path,) = signs()
        os.utime(path, (0, 0))

        async def is_touched() -> bool:
            return path.stat().st_mtime > 0

        await until(is_touched, "a touch")
        beat.expect(-1)
        await asyncio.sleep(0)
        os.utime(path, (0, 0))
        for _ in range(100):
            await asyncio.sleep(0)
        assert not await is_touched()
        beat.expect(60)
        await until(is_touched, "a touch")


def test_the_sign_comes_often_enough() -> None:
    assert EVERY * 5 < STALE


async def test_the_database_is_away(machine: Path, tmp_path: Path, site: Site, capsys) -> None:
    """A worker without a database lives, and waits for it; starting it again would help nobody."""
    worker = site.start("worker", hurry={"concierge.worker.pulse:EVERY": 0.2}, TMPDIR=str(machine))
    await until(is_alive, "a sign of life")
    await site.world.execute("alter table procrastinate_workers rename to away")
    await site.world.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and application_name in ('concierge-queue', 'concierge-worker')"
    )

    async def has_failed() -> bool:
        return "starting another" in worker.log.read_text()

    await until(has_failed, "the end of its workers", seconds=40)
    (path,) = signs()
    os.utime(path, (0, 0))

    async def is_touched() -> bool:
        return path.stat().st_mtime > 0

    await until(is_touched, "a touch")
    assert worker.status is None
    assert (await check(capsys))[0] == 0
    await site.world.execute("alter table away rename to procrastinate_workers")
