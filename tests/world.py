"""A whole concierge in one process: the real door, the real queue, a real Postgres; only time and vendors are ours."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import lru_cache, partial
from typing import Any

import httpx
import msgspec
from cryptography.fernet import Fernet
from procrastinate import App

from concierge import settings as environment
from concierge.postgres.pool import make_pool
from concierge.runtime import Runtime
from concierge.wiring import wire
from concierge.work import Tick
from concierge.worker.app import EVERY_TICK, TICKS, make_app
from tests.apps import Door
from tests.fakes import FrozenClock, RecordingTransport, ScriptedModel
from tests.passing import FREQUENT, LOOK, fallen, worthwhile
from tests.pools import borrowed
from tests.seeded import seeded

KEY = "operator-key-for-tests"
SECRET_KEY = Fernet.generate_key().decode()
ELSEWHERE = {"MEDIA_FOLDER"}  # settings that differ from test to test, and that seeding does not ask for
ASKED: set[str] = set()  # what tests ask of Postgres themselves


class World:
    """What a behaviour test holds in its hand."""

    def __init__(self, runtime: Runtime, clock: FrozenClock, client: httpx.AsyncClient, app: App) -> None:
        self.runtime = runtime
        self.clock = clock
        self.client = client
        self.app = app
        self._kept_until = clock() + timedelta(days=runtime.settings.retention_days)

    @property
    def outside(self) -> RecordingTransport:
        """Where messages leave."""
        transport = self.runtime.transports["sandbox"]
        assert isinstance(transport, RecordingTransport)
        return transport

    @property
    def model(self) -> ScriptedModel:
        """Who reads them."""
        model = self.runtime.models["local"]
        assert isinstance(model, ScriptedModel)
        return model

    async def email(self, text: str, *, id: str = "msg-1", **fields: Any) -> httpx.Response:
        """A message comes in by email."""
        payload = {
            "messageId": id,
            "from": "alice@example.com",
            "to": "concierge@example.com",
            "subject": "Follow up",
            "textBody": text,
            "timestamp": self.clock().isoformat(),
        }
        return await self.client.post("/webhook/email", json=payload | fields)

    async def whatsapp(self, text: str, *, id: str = "wamid.1", sender: str = "15551234567") -> httpx.Response:
        """A message comes in by WhatsApp."""
        return await self.client.post("/webhook/whatsapp", json=self.whatsapp_payload((id, sender, text)))

    def whatsapp_payload(self, *messages: tuple[str, str, str], account: str = "1234") -> dict[str, Any]:
        """One webhook with these (id, sender, text)."""
        at = str(int(self.clock().timestamp()))
        items = [
            {"id": id, "from": sender, "timestamp": at, "type": "text", "text": {"body": text}}
            for id, sender, text in messages
        ]
        value = {"messaging_product": "whatsapp", "metadata": {"phone_number_id": account}, "messages": items}
        return {
            "object": "whatsapp_business_account",
            "entry": [{"id": "B", "changes": [{"field": "messages", "value": value}]}],
        }

    async def admin(self, method: str, path: str) -> httpx.Response:
        """An operator asks."""
        return await self.client.request(method, path, headers={"x-api-key": KEY})

    async def work(self) -> None:
        """Run every job there is, and the ones they put, until the queue is empty. Retries come at once."""
        while await self.rows("update procrastinate_jobs set scheduled_at = null where status = 'todo' returning 1"):
            await self.app.run_worker_async(wait=False, listen_notify=False, install_signal_handlers=False)

    async def run_tick(self, name: str) -> None:
        """Let one tick come; what it asks for is left to do."""
        (tick,) = (each for each in TICKS if each.name == name)
        await tick.run(self.runtime)

    async def tick(self) -> None:
        """Let every tick come once, then do what they asked for."""
        await self._let_come(EVERY_TICK)

    async def _let_come(self, ticks: Sequence[Tick]) -> None:
        for tick in ticks:
            await tick.run(self.runtime)
        await self.work()

    async def pass_time(self, **amount: float) -> None:
        """Move the clock, let the ticks come whose time has come, and the frequent ones again if those did anything.

        What comes once an hour comes only where its minute (the 17th) is passed; what would find nothing, never.
        """
        if rare := fallen(self.clock(), self.clock.advance(**amount)):
            _, finding = await self._look()
            for tick in worthwhile(rare, finding):
                await tick.run(self.runtime)
        before = ""
        for _ in range(2):
            now, finding = await self._look()
            if now == before:
                return
            await self._let_come(worthwhile(FREQUENT, finding))
            before = now

    async def _look(self) -> tuple[str, list[str]]:
        """The number of the next transaction that writes, and which ticks find something."""
        ((now, finding),) = await self.rows(LOOK, now=self.clock(), kept_until=self._kept_until)
        return now, finding

    async def rows(self, sql: Any, **parameters: Any) -> list[Any]:
        """What Postgres holds."""
        async with self.runtime.connection() as conn:
            return await (await conn.execute(sql, parameters, prepare=_asked_before(sql))).fetchall()

    async def execute(self, sql: Any, **parameters: Any) -> None:
        """Change something by hand."""
        async with self.runtime.connection() as conn:
            await conn.execute(sql, parameters, prepare=_asked_before(sql))

    async def one(self, sql: Any, **parameters: Any) -> Any:
        """The only column of the only row."""
        ((value,),) = await self.rows(sql, **parameters)
        return value

    async def moves(self, id: Any) -> list[str]:
        """The states a thing went through."""
        return [
            status
            for (status,) in await self.rows("select to_status from event where subject_id = %(id)s order by id", id=id)
        ]


def _asked_before(sql: Any) -> bool:
    """Whether any test has asked this: once it costs less as it is, from the second time on prepared.

    Several statements in one text cannot be prepared.
    """
    text = str(sql)
    known = text in ASKED
    if ";" not in text:
        ASKED.add(text)
    return known


@lru_cache(maxsize=50)
def make_settings(url: str, **changes: str) -> environment.Settings:
    """Settings of a development machine over this database."""
    environ = {
        "CONCIERGE_ENV": "development",
        "DATABASE_URL": url,
        "CONCIERGE_SECRET_KEYS": SECRET_KEY,
        "ADMIN_API_KEY": KEY,
        "TENANT_ZONE": "Europe/Berlin",
        "LOG_LEVEL": "warning",
    }
    return environment.load(environ | changes)


@asynccontextmanager
async def open_world(
    url: str,
    clock: FrozenClock,
    *,
    arrange: Callable[[Runtime], Runtime] | None = None,
    **changes: str,
) -> AsyncIterator[World]:
    """A seeded world; `arrange` may put other parts into the runtime, `changes` are environment variables."""
    own = wire(make_settings(url, **changes), name="test", clock=clock)
    async with (
        borrowed(url, "test", partial(make_pool, url, size=10, name="test")) as pool,
        borrowed(url, "queue", partial(make_pool, url, size=8, name="test-queue")) as queue,
    ):
        runtime = msgspec.structs.replace(
            own,
            pool=pool,
            models={"local": ScriptedModel()},
            transports={"sandbox": RecordingTransport("sandbox")},
        )
        runtime = arrange(runtime) if arrange else runtime
        await seeded(runtime, frozenset((name, value) for name, value in changes.items() if name not in ELSEWHERE))
        app = make_app(runtime)
        try:
            async with Door(runtime) as web:
                transport = httpx.ASGITransport(app=web, raise_app_exceptions=False)
                async with (
                    app.open_async(queue),
                    httpx.AsyncClient(transport=transport, base_url="http://concierge.test") as client,
                ):
                    yield World(runtime, clock, client, app)
        finally:
            await msgspec.structs.replace(runtime, pool=own.pool).close()  # all but the pool, which goes back
