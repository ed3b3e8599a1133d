"""`concierge demo`: the main story, played through the real doors and told as a timeline.

By itself it brings a service of its own (Postgres in memory, web, worker) whose clock it sets and whose ticks it calls,
so that a week takes seconds. With `--running` it talks to what `make run` started, in real time.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import psycopg
from cryptography.fernet import Fernet
from rich.console import Console

from concierge import environ as variables
from concierge import log, running
from concierge import settings as environment
from concierge.channels.email.generic import SIGNATURE
from concierge.channels.signature import sign
from concierge.errors import ConciergeError
from concierge.postgres.embedded import EmbeddedPostgres
from concierge.postgres.migrate import migrate
from concierge.postgres.ops import ask, question
from concierge.runtime import Runtime
from concierge.settings import Settings
from concierge.tenants.seeding import seed
from concierge.tls import trusted
from concierge.web.app import make_app
from concierge.web.serve import make_server
from concierge.wiring import wire
from concierge.work import EVERY_SECOND
from concierge.worker.app import TICKS
from concierge.worker.supervisor import supervise

ZONE = "Europe/Berlin"
WEDNESDAY = datetime(2025, 1, 15, 9, 0, tzinfo=UTC)  # S1's samples were written on it
PATIENCE = 15.0  # seconds until something expected must have happened
SHOWN = {"message in", "follow-up found", "follow-up due", "follow-up executing", "follow-up done"}

console = Console(highlight=False)


class DemoClock:
    """The machine's clock, moved: it runs on, and it can be set forward."""

    def __init__(self, start: datetime) -> None:
        self.shift = start - datetime.now(UTC)

    def __call__(self) -> datetime:
        """What time it is in the story."""
        return datetime.now(UTC) + self.shift

    def set(self, to: datetime) -> None:
        """Jump forward."""
        self.shift += max(to - self(), timedelta(0))


class Stage:
    """A running service, seen from outside: its door, and its database to read."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime]) -> None:
        self.settings = settings
        self.clock = clock
        self.url = f"http://{settings.host}:{settings.port}"
        self.run = uuid4().hex[:8]  # ids of this play, so that it can be played again

    @property
    def mailbox(self) -> str:
        """Alice, for this play only."""
        return f"alice+{self.run}@example.com"

    async def email(self, text: str, n: int) -> str:
        """Alice writes; the status of the answer."""
        body = {
            "messageId": f"{self.run}-{n}",
            "from": f"Alice <{self.mailbox}>",
            "to": self.settings.email_address,
            "subject": "Follow up",
            "textBody": text,
            "timestamp": self.clock().isoformat(),
        }
        content = json.dumps(body).encode()
        headers = {"content-type": "application/json"}
        if secret := self.settings.email_webhook_secret:
            headers[SIGNATURE] = sign(content, secret.reveal())
        try:
            async with httpx.AsyncClient(base_url=self.url, verify=trusted()) as client:
                answer = await client.post("/webhook/email", content=content, headers=headers)
                answer.raise_for_status()
        except httpx.TransportError:
            raise ConciergeError(f"nothing answers at {self.url}; `make run` starts it") from None
        except httpx.HTTPStatusError as error:
            raise ConciergeError(f"{self.url} does not take the message: {error.response.text}") from None
        console.print(f"  [dim]POST /webhook/email[/]  “{text}”  [green]{answer.json()['status']}[/]")
        return str(answer.json()["status"])

    async def said(self, count: int) -> None:
        """Wait until so many messages were sent to Alice."""
        await self._until(
            "select count(*) >= %(count)s from outbound_message o join contact_identity i on i.id = o.identity_id"
            " where i.value = %(value)s and o.status in ('sent', 'delivered', 'read')",
            count=count,
        )

    async def done(self, count: int) -> None:
        """Wait until so many of Alice's follow-ups are done."""
        await self._until(
            "select count(*) >= %(count)s from task t join contact_identity i using (contact_id)"
            " where i.value = %(value)s and t.status = 'done'",
            count=count,
        )

    async def tell(self) -> None:
        """Print what happened."""
        async with await psycopg.AsyncConnection.connect(self.settings.database_url.reveal(), autocommit=True) as conn:
            cursor = await conn.execute(
                "select c.id from conversation c join contact_identity i on i.id = c.identity_id where i.value = %s",
                [self.mailbox],
            )
            (id,) = await cursor.fetchone() or (None,)
            answer = await ask(conn, question("timeline"), {"conversation": str(id)})
        day = ""
        for at, what, detail in answer.rows:
            if what not in SHOWN and not what.endswith(" sent"):
                continue
            local = at.astimezone(ZoneInfo(self.settings.tenant_zone))
            if f"{local:%A %d %B %Y}" != day:
                day = f"{local:%A %d %B %Y}"
                console.print(f"\n[bold]{day}[/]")
            console.print(f"  {local:%H:%M:%S}  {_styled(what)}  {_indented(detail or '')}", soft_wrap=True)

    async def _until(self, sql: Any, **parameters: Any) -> None:
        url = self.settings.database_url.reveal()
        patience = asyncio.timeout(PATIENCE)
        try:
            async with await psycopg.AsyncConnection.connect(url, autocommit=True) as conn, patience:
                while True:
                    cursor = await conn.execute(sql, parameters | {"value": self.mailbox})
                    if (await cursor.fetchone() or (False,))[0]:
                        return
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise ConciergeError(f"no answer within {PATIENCE:g} s; `concierge doctor` looks why") from None


def play(*, running: bool) -> int:
    """Play the story and print it; the exit status."""
    started = datetime.now(UTC)
    asyncio.run(_play_running() if running else _play_own())
    console.print(f"\n[dim]played in {(datetime.now(UTC) - started).total_seconds():.1f} s[/]")
    return 0


async def _play_own() -> None:
    clock = DemoClock(WEDNESDAY)
    async with _service(clock) as runtime:
        stage = Stage(runtime.settings, clock)
        console.print("[bold]A week of one customer, compressed[/]")
        await stage.email("Follow up with Dr office next Friday morning about test results.", 1)
        await stage.said(1)
        await stage.email("Follow up with Dr office next Friday morning about test results.", 1)
        await stage.email("Follow up with the plumber sometime next week", 2)
        await stage.said(2)
        await stage.email("Tuesday 3pm", 3)
        await stage.said(3)
        await stage.email("Please draft a note to Bob about the invoice tomorrow at 9am", 4)
        await stage.said(4)
        for n, (day, hour) in enumerate([(16, 8), (21, 14), (24, 8)], 1):  # UTC, an hour behind Berlin
            clock.set(datetime(2025, 1, day, hour, tzinfo=UTC))
            await _tick(runtime)
            await stage.said(4 + n)
            await _tick(runtime)
            await stage.done(n)
        await stage.tell()


async def _play_running() -> None:
    settings = environment.load(variables.here())
    if settings.email_transport != "sandbox":
        raise ConciergeError(f"not with EMAIL_TRANSPORT={settings.email_transport}: it would send real mail")
    stage = Stage(settings, lambda: datetime.now(UTC))
    console.print(f"[bold]Against {stage.url}, in real time[/]")
    await stage.email("Remind me in 4 seconds to stretch", 1)
    await stage.said(1)
    await stage.email("Remind me in 4 seconds to stretch", 1)
    await stage.email("Follow up with the plumber sometime next week", 2)
    await stage.said(3)
    await stage.done(1)
    await stage.tell()


@contextlib.asynccontextmanager
async def _service(clock: DemoClock) -> AsyncIterator[Runtime]:
    """A service of its own, on a free port, gone afterwards."""
    with EmbeddedPostgres(None, durable=False) as postgres:
        settings = environment.load(
            {
                "CONCIERGE_ENV": "development",
                "DATABASE_URL": postgres.url,
                "CONCIERGE_SECRET_KEYS": Fernet.generate_key().decode(),
                "TENANT_ZONE": ZONE,
                "LOG_LEVEL": "error",
                "PORT": str(running.free_port()),
            }
        )
        log.configure(settings)
        await migrate(postgres.url, lambda _line: None)
        runtime = wire(settings, name="demo", clock=clock)
        await runtime.pool.open()
        await seed(runtime)
        server, stop = make_server(make_app(runtime), settings), asyncio.Event()
        tasks = [asyncio.create_task(server.serve()), asyncio.create_task(supervise(runtime, stop))]
        try:
            await _answers(settings)
            yield runtime
        finally:
            server.should_exit = True
            stop.set()
            await asyncio.gather(*tasks)
            await runtime.close()


async def _tick(runtime: Runtime) -> None:
    """What comes once a second comes now."""
    for tick in TICKS:
        if tick.every == EVERY_SECOND:
            await tick.run(runtime)


async def _answers(settings: Settings) -> None:
    """Wait until the web process takes requests."""
    transport = httpx.AsyncHTTPTransport(retries=10, verify=trusted())  # each waits longer than the one before
    async with httpx.AsyncClient(transport=transport) as client:
        (await client.get(f"http://{settings.host}:{settings.port}/health")).raise_for_status()


def _styled(what: str) -> str:
    colour = {"message in": "cyan", "reminder sent": "green", "follow-up done": "green"}.get(what, "yellow")
    return f"[{colour}]{what:<20}[/]"


def _indented(text: str) -> str:
    return text.replace("\n", "\n" + " " * 34)
