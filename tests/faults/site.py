"""One concierge at work: a world to post to and look into, and beside it real processes over the same database."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
from psycopg import AsyncConnection

from concierge import settings as environment
from concierge.channels.signature import sign
from concierge.outbox.reconciling import reconcile
from concierge.running import free_port
from concierge.runtime import Runtime
from concierge.simulators.graph_api import GraphApi
from concierge.wiring import wire
from concierge.worker.app import TICKS, WORK, make_app
from concierge.worker.housekeeping import rescue
from tests.fakes import FrozenClock, RecordingTransport
from tests.faults.forked import Fork
from tests.faults.processes import Process, until
from tests.webchat import local_client
from tests.world import KEY, SECRET_KEY, World, open_world

# what a dead process asked for last is done or undone before anybody else uses the database
THEIRS_END = """
    select pg_terminate_backend(pid, 5000) from pg_stat_activity
    where datname = current_database()
      and starts_with(application_name, 'concierge-') and not starts_with(application_name, 'concierge-test')
"""
TASK = "Remind me tomorrow at 9am to call the dentist"


class Site:
    """A database with a tenant, whose WhatsApp messages leave for `graph`, and the processes started on it."""

    def __init__(self, world: World, environ: dict[str, str], graph: GraphApi, folder: Path) -> None:
        self.world = world
        self.environ = environ
        self.graph = graph
        self.folder = folder
        self.processes: list[Process] = []
        self.opened = AsyncExitStack()
        self._successor: World | None = None

    def start(self, command: str, hurry: Mapping[str, float] | None = None, **changes: str) -> Process:
        """Another process; `changes` are environment variables, `hurry` is other seconds for `module:CONSTANT`."""
        log = self.folder / f"{command}-{len(self.processes)}.log"
        process = Fork([command, "--with-parent"], self.environ | changes, log, hurry or {})
        self.processes.append(process)
        return process

    async def successor(self) -> World:
        """The worker that comes after a dead one: in this process, as nobody kills it, and at each step when asked."""
        if self._successor is None:
            settings = environment.load(self.environ)
            runtime = wire(settings, name="worker", clock=self.world.clock)
            await runtime.pool.open()
            self.opened.push_async_callback(runtime.close)
            app = await self.opened.enter_async_context(make_app(runtime).open_async())
            self._successor = World(runtime, self.world.clock, self.world.client, app)
            behind = datetime.now(UTC) - self.world.clock()  # as the dead one lived in the present
            self.world.clock.advance(seconds=max(behind.total_seconds(), 0))
        return self._successor

    async def start_web(self, hurry: Mapping[str, float] | None = None) -> tuple[Process, str]:
        """A web process that is ready, and its URL."""
        port = free_port()
        process, url = self.start("web", hurry, PORT=str(port)), f"http://127.0.0.1:{port}"
        async with local_client() as client:

            async def is_ready() -> bool:
                with suppress(httpx.HTTPError):
                    return (await client.get(f"{url}/health/ready")).is_success
                return False

            await until(is_ready, "the web process")
        return process, url

    async def receive(
        self, text: str = TASK, *, id: str = "wamid.1", sender: str = "15551234567", status: str = "accepted"
    ) -> None:
        """A message comes in by the world's own door."""
        headers, body = self.webhook(text, id=id, sender=sender)
        answer = await self.world.client.post("/webhook/whatsapp", content=body, headers=headers)
        assert answer.json()["status"] == status

    async def deliver(self, url: str, text: str = TASK, *, id: str, sender: str = "15551234567") -> httpx.Response:
        """A message comes in by the door of a web process."""
        headers, body = self.webhook(text, id=id, sender=sender)
        async with local_client(timeout=30) as client:
            return await client.post(f"{url}/webhook/whatsapp", content=body, headers=headers)

    async def report(self, status: str) -> None:
        """The provider says what became of the first message it took."""
        headers, body = self.graph.status(self.graph.accepted[0], status)
        assert (await self.world.client.post("/webhook/whatsapp", content=body, headers=headers)).is_success

    def webhook(self, text: str, *, id: str, sender: str = "15551234567") -> tuple[dict[str, str], bytes]:
        """Headers and body of a signed webhook."""
        payload = self.world.whatsapp_payload((id, sender, text), account=self.graph.phone_number_id)
        body = json.dumps(payload).encode()
        return {"x-hub-signature-256": sign(body, self.graph.secret), "content-type": "application/json"}, body

    async def statuses(self) -> list[str]:
        """Of the outbound messages, in their order."""
        return [status for (status,) in await self.world.rows("select status from outbound_message order by position")]

    async def until_statuses(self, *expected: str) -> None:
        """Wait until the outbound messages have these."""

        async def have() -> bool:
            return await self.statuses() == list(expected)

        await until(have, f"outbound messages {expected}")

    async def until_gone(self, backends: list[int]) -> None:
        """Wait until these backends have noticed that nobody listens to them any more."""

        async def are_gone() -> bool:
            query = "select count(*) = 0 from pg_stat_activity where pid = any(%(backends)s)"
            return bool(await self.world.one(query, backends=backends))

        await until(are_gone, "the end of the backends")

    async def until_idle(self) -> None:
        """Wait until every job but the ticks has ended."""

        async def is_idle() -> bool:
            live = "select from procrastinate_jobs where status in ('todo', 'doing') and queue_name <> 'ticks' limit 1"
            return not await self.world.rows(live)

        await until(is_idle, "an empty queue")

    async def succeed(self) -> None:
        """Rescue what a dead worker left, and let another one do all of it."""
        await self.rescue()
        await (await self.successor()).work()

    async def reconcile_after(self, *, minutes: float) -> None:
        """So much later, look after the outcomes that nobody knows."""
        self.world.clock.advance(minutes=minutes)
        await reconcile(self.world.runtime)

    async def point_account_to(self, url: str) -> None:
        """From now on this is where the provider is."""
        await self.world.execute(
            "update channel_account set settings = settings || jsonb_build_object('base_url', %(url)s::text)", url=url
        )

    async def rescue(self) -> None:
        """Bring back the jobs of the dead, as if their last heartbeat were long ago."""
        await self.world.execute("update procrastinate_workers set last_heartbeat = now() - interval '1 hour'")
        await rescue(self.world.runtime, work=WORK, ticks=TICKS)


@asynccontextmanager
async def open_site(url: str, folder: Path, **changes: str) -> AsyncIterator[Site]:
    """A site; what its processes said is printed at the end, for pytest to show when something failed."""
    clock = FrozenClock(datetime.now(UTC))
    async with GraphApi().serving() as graph:
        outside = {
            "WHATSAPP_TRANSPORT": "whatsapp",
            "WHATSAPP_BASE_URL": graph.url,
            "WHATSAPP_PHONE_NUMBER_ID": graph.phone_number_id,
            "WHATSAPP_ACCESS_TOKEN": graph.token,
            "WHATSAPP_APP_SECRET": graph.secret,
            "WHATSAPP_VERIFY_TOKEN": "verify",
        } | changes
        async with open_world(url, clock, arrange=_with_receipts, **outside) as world:
            site = Site(world, _environ(url, outside), graph, folder)
            try:
                async with site.opened:
                    yield site
            finally:
                for process in site.processes:
                    process.kill()
                    print(f"--- {process.log.name}\n{process.log.read_text()}")
                await world.execute(THEIRS_END)


@asynccontextmanager
async def locked(url: str, statement: str) -> AsyncIterator["Lock"]:
    """Hold the locks that a statement takes, in a transaction that is rolled back at the end."""
    async with await AsyncConnection.connect(url) as conn:
        await conn.execute(statement.encode())
        yield Lock(conn)
        await conn.rollback()


class Lock:
    """What somebody else has to wait for."""

    def __init__(self, conn: AsyncConnection[Any]) -> None:
        self._conn = conn

    async def waiting(self) -> list[int]:
        """Wait until somebody waits for it; the backends that do."""

        async def blocked() -> list[int]:
            # pg_stat_activity would show the same all through this transaction
            query = "select pid from pg_locks where not granted and %s = any(pg_blocking_pids(pid))"
            cursor = await self._conn.execute(query, [self._conn.info.backend_pid])
            return [pid for (pid,) in await cursor.fetchall()]

        found: list[int] = await until(blocked, "somebody who waits for the lock")
        return found

    async def end(self, backends: list[int]) -> None:
        """Roll back what these backends do: a server that loses its machine, seen from the database."""
        await self._conn.execute("select pg_terminate_backend(pid, 5000) from unnest(%s::int[]) pid", [backends])


def _with_receipts(runtime: Runtime) -> Runtime:
    return msgspec.structs.replace(runtime, transports={"whatsapp": RecordingTransport("whatsapp", receipts=True)})


def _environ(url: str, changes: dict[str, str]) -> dict[str, str]:
    return {
        "CONCIERGE_ENV": "development",
        "DATABASE_URL": url,
        "CONCIERGE_SECRET_KEYS": SECRET_KEY,
        "ADMIN_API_KEY": KEY,
        "TENANT_ZONE": "Europe/Berlin",
        "LOG_LEVEL": "warning",
    } | changes
