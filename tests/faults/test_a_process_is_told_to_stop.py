"""SIGTERM: what is under way is brought to its end, and the rest waits for the next process."""

import asyncio
import contextlib
import signal
import socket
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from procrastinate import App
from procrastinate.testing import InMemoryConnector
from psycopg import OperationalError

from concierge import processes
from concierge.postgres import pool
from concierge.postgres.pool import PATIENT, make_pool
from concierge.simulators.serving import Answer, Request, json_answer, serving
from concierge.wiring import wire
from concierge.worker import supervisor
from concierge.worker.pulse import Pulse
from concierge.worker.supervisor import GRACE
from tests.each import each
from tests.faults.forked import Fork
from tests.faults.processes import DEADLINE, until
from tests.faults.site import Site, locked
from tests.world import KEY, SECRET_KEY, make_settings

NOWHERE = "postgresql://nobody@/nothing?host=/nowhere"


async def test_a_worker_finishes_what_it_has_begun(site: Site) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def take(_request: Request) -> Answer | None:
        asked.set()
        await answer.wait()
        return json_answer({"messages": [{"id": "wamid.HELD"}]})

    async with serving(take) as url:
        await site.point_account_to(url)
        worker = site.start("worker")
        await site.receive()
        await asyncio.wait_for(asked.wait(), DEADLINE)
        worker.tell(signal.SIGTERM)
        await site.receive(id="wamid.2", sender="15557654321")
        answer.set()
        assert await worker.ended() == 0
    assert (await site.statuses())[0] == "sent"

    await site.point_account_to(site.graph.url)
    await (await site.successor()).pass_time(seconds=1)
    assert await site.statuses() == ["sent", "sent"]


async def test_an_idle_worker_stops_at_once(site: Site) -> None:
    worker = site.start("worker")

    async def is_registered() -> bool:
        return bool(await site.world.rows("select from procrastinate_workers"))

    await until(is_registered, "the worker")
    worker.tell(signal.SIGTERM)
    assert await worker.ended(seconds=GRACE / 2) == 0
    assert await site.world.rows("select from procrastinate_workers") == []


async def test_a_worker_that_lost_its_database_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that waits for a connection when its worker is told to stop hears soon that there is none.

    So does one that asks then, also where somebody takes connections in and never says a word.
    """
    monkeypatch.setattr(pool, "REACHED_WITHIN", 0.05)
    monkeypatch.setattr(supervisor, "LAST_WORD", 0.05)
    begun, stop = asyncio.Event(), asyncio.Event()
    app = App(connector=(queue := InMemoryConnector()))
    gone = make_pool("host=/nowhere", size=1, name="gone", steady=True)

    @app.task(name="job")
    async def job() -> None:
        begun.set()
        with pytest.raises(OperationalError, match="no connection"):
            await gone.getconn()
        await silent.getconn()

    with socket.create_server(("127.0.0.1", 0)) as nobody:
        silent = make_pool(f"host=127.0.0.1 port={nobody.getsockname()[1]}", size=1, name="silent", steady=True)
        async with app.open_async(), gone:
            await silent.open()
            await job.defer_async()
            worker = supervisor.Watched(app, install_signal_handlers=False, shutdown_graceful_timeout=GRACE)
            running = asyncio.create_task(supervisor._until_stopped([worker], stop, Pulse(), [gone, silent]))
            await begun.wait()
            stop.set()
            await asyncio.wait_for(running, PATIENT / 2)
    await silent.close()
    assert [each["status"] for each in queue.jobs.values()] == ["failed"]


async def test_a_worker_that_looks_for_its_database_does_not_wait_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """As one does that was started too early, or again and again while its database is away.

    Nor does it wait to compile what it reads messages with.
    """
    stop, ended, compiled = asyncio.Event(), threading.Event(), threading.Event()

    def compile_all() -> None:
        ended.wait(DEADLINE)
        compiled.set()

    monkeypatch.setattr(supervisor, "compile_all", compile_all)
    runtime = wire(make_settings(NOWHERE), name="lost", steady=True)
    async with runtime.pool as gone:
        running = asyncio.create_task(supervisor.supervise(runtime, stop))
        while not gone.get_stats().get("requests_waiting"):
            await asyncio.sleep(0)
        stop.set()
        await asyncio.wait_for(running, PATIENT / 2)
    assert not compiled.is_set()
    ended.set()
    assert compiled.wait(DEADLINE)


async def test_who_begins_without_a_database_waits_for_it_until_told_to_stop(tmp_path: Path) -> None:
    """In production, where nobody is served before it is known that all accounts are signed."""
    environ = {
        "CONCIERGE_ENV": "production",
        "DATABASE_URL": NOWHERE,
        "CONCIERGE_SECRET_KEYS": SECRET_KEY,
        "ADMIN_API_KEY": KEY,
        "EMAIL_WEBHOOK_SECRET": "the secret of the mail relay",
        "WHATSAPP_APP_SECRET": "the secret of the app at Meta",
        "WHATSAPP_VERIFY_TOKEN": "verify",
    }
    logs = {command: tmp_path / f"{command}.log" for command in ("web", "worker")}
    for log in logs.values():
        log.touch()
    both = [Fork([command], environ, log, {}) for command, log in logs.items()]

    async def are_looking() -> bool:
        return all("reconnection attempt" in log.read_text() for log in logs.values())

    try:
        await until(are_looking, "two attempts each")
        for one in both:
            assert one.status is None
            one.tell(signal.SIGTERM)
        assert [await one.ended(seconds=PATIENT / 2) for one in both] == [0, 0]
    finally:
        for one in both:
            one.kill()


async def test_the_web_process_answers_what_it_has_taken(site: Site) -> None:
    web, url = await site.start_web()
    async with locked(site.environ["DATABASE_URL"], "lock table inbound_message in exclusive mode") as lock:
        request = asyncio.create_task(site.deliver(url, "Hello", id="wamid.1"))
        await lock.waiting()
        web.tell(signal.SIGTERM)
    answer = await request
    assert answer.json()["status"] == "accepted"
    assert await web.ended() == 0


@each("command", [processes.serve, processes.work])
async def test_what_it_is_told_while_it_loads_it_hears(
    monkeypatch: pytest.MonkeyPatch, command: Callable[..., Awaitable[None]]
) -> None:
    """It begins and ends as at any other time: nobody is interrupted in the midst of it."""

    class Server:
        should_exit = False

        async def serve(self) -> None:
            while not self.should_exit:
                await asyncio.sleep(0)

    async def supervise(_runtime: object, stop: asyncio.Event) -> None:
        await stop.wait()

    monkeypatch.setattr(processes, "wire", lambda *_, **__: signal.raise_signal(signal.SIGINT))
    monkeypatch.setattr(processes, "_opened", lambda *_: contextlib.nullcontext())
    monkeypatch.setattr("concierge.web.app.make_app", lambda _: None)
    monkeypatch.setattr("concierge.web.serve.make_server", lambda *_: Server())
    monkeypatch.setattr(supervisor, "supervise", supervise)
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        await asyncio.wait_for(command(make_settings("postgresql://nobody@/nothing"), with_parent=False), 5)
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().remove_signal_handler(number)
        signal.signal(signal.SIGINT, before)
