"""Log lines and jobs carry ids. What people wrote, who they are and what opens doors stays in its own tables."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx
import pytest
import structlog
import uvicorn

from concierge import log
from concierge.errors import AccountStopped, ModelUnavailable, NotAccepted, Refused, Unknown
from tests.apps import lent
from tests.fakes import FrozenClock, reading
from tests.makers import SOON, readings
from tests.world import KEY, World, make_settings, open_world

BODY, SUBJECT, TITLE, NAME, PHONE = "Xylophone", "Yodelling", "Zeppelin", "Wilhelmina", "15559876543"
SECRET = "the-secret-of-the-app-at-meta"
PRIVATE = (BODY, SUBJECT, TITLE, NAME, PHONE, SECRET, KEY, "alice@")


@pytest.fixture
def lines(db: str) -> Iterator[Callable[[], list[str]]]:
    """The log as production writes it, at its most talkative."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers, root.level
    log.configure(make_settings(db, LOG_LEVEL="debug", LOG_FORMAT="json"), stream)
    yield lambda: stream.getvalue().splitlines()
    root.handlers, root.level = before
    structlog.reset_defaults()


async def live_through_everything(world: World) -> None:
    """Messages on both channels, a model that fails, providers that fail in every way, operators, bad requests."""
    world.model.script = readings(ModelUnavailable("overloaded"), reading(TITLE, SOON, draft=True))
    world.outside.outcomes = [NotAccepted(), Refused(), Unknown(), AccountStopped()]
    await world.email(BODY, subject=SUBJECT, **{"from": f"{NAME} <alice@example.com>"})
    await world.work()
    for n in range(4):
        await world.whatsapp(BODY, id=f"wamid.{n}", sender=PHONE)
        await world.work()
    await world.email(BODY, id="msg-2", to=[BODY])
    await world.client.post("/webhook/email", content=BODY.encode())
    await world.client.post(f"/webhook/whatsapp?token={SECRET}", headers={"x-hub-signature-256": SECRET})
    await world.admin("GET", "/admin/outbox/failed")
    await world.client.get("/admin/tasks/failed", headers={"x-api-key": KEY + "x"})
    await world.pass_time(days=9)
    await world.pass_time(minutes=5)


async def test_no_log_line_is_private(db: str, clock: FrozenClock, lines: Callable[[], list[str]]) -> None:
    async with open_world(db, clock) as world:
        await live_through_everything(world)
    assert {"not sent", "job failed", "handled", "webhook refused"} <= {json.loads(line)["event"] for line in lines()}
    assert [line for line in lines() for word in PRIVATE if word in line] == []


async def test_no_traceback_is_private(fresh_db: str, clock: FrozenClock, lines: Callable[[], list[str]]) -> None:
    """Postgres quotes the row it refuses; the log does not."""
    async with open_world(fresh_db, clock) as world:
        for table in ("task", "inbound_message"):
            await world.execute(f"alter table {table} add constraint never check (false) not valid")
            world.model.script = readings(reading(TITLE, SOON))
            await world.email(BODY, subject=SUBJECT, id=f"before {table} is closed")
            await world.work()
    assert any("CheckViolation" in line for line in lines())
    assert [line for line in lines() for word in PRIVATE if word in line] == []


async def test_jobs_carry_ids_only(world: World) -> None:
    await live_through_everything(world)
    jobs = await world.rows("select task_name, args from procrastinate_jobs")
    assert {name for name, _ in jobs} == {"inbox.handle", "outbox.deliver", "followups.execute"}
    for _, arguments in jobs:
        assert [str(UUID(value)) for value in arguments.values()] == list(arguments.values())


async def test_what_failed_can_be_traced(world: World, lines: Callable[[], list[str]]) -> None:
    """A turn and a delivery that failed alone carry the id that everything else about them has."""
    world.model.script = readings(ModelUnavailable("overloaded"), reading(TITLE, SOON))
    mail = {"messageId": "m-1", "from": "alice@example.com", "to": "concierge@example.com", "textBody": BODY}
    await world.client.post("/webhook/email", json=mail, headers={"x-correlation-id": "trace-1"})
    await world.work()
    await world.runtime.pool.close()
    await world.client.post("/webhook/email", json=mail | {"messageId": "m-2"}, headers={"x-correlation-id": "trace-2"})
    told = [json.loads(line) for line in lines()]
    found = {(each["event"], each["correlation_id"]) for each in told if each["event"] in {"job failed", "not stored"}}
    assert found == {("job failed", "trace-1"), ("not stored", "trace-2")}


async def test_no_token_of_a_scheduler_is_logged(db: str, clock: FrozenClock, lines: Callable[[], list[str]]) -> None:
    """A real server with its access log switched on: right and wrong tokens, refusals, and a database that is away."""
    token, secret = "a-token-of-the-runner", "a-secret-of-the-cron"
    paths = ("/api/jobs/run-outbound", "/api/cron/run-outbound-jobs", "/api/jobs/metrics")
    async with (
        open_world(db, clock, JOB_RUNNER_TOKEN=token, CRON_SECRET=secret) as world,
        access_logged(world) as client,
    ):
        for given in (token, secret):
            for path in paths:
                await client.get(path, params={"token": given})
                await client.get(f"{path}/nowhere", params={"token": given})
                await client.get(path, params={"max": "many", "token": given})
        await world.runtime.pool.close()
        assert (await client.get(paths[-1], params={"token": token})).status_code in {500, 503}
    assert len([line for line in lines() if "token=[hidden]" in line]) == 19  # a line of the access log a request
    assert [line for line in lines() if token in line or secret in line] == []


@asynccontextmanager
async def access_logged(world: World) -> AsyncIterator[httpx.AsyncClient]:
    """A client of uvicorn itself, which writes a line for every request.

    A server of ours that ran in this process before has switched that off for all (`access_log=False`).
    """
    access = logging.getLogger("uvicorn.access")
    before, access.propagate = (access.level, access.propagate), True
    access.setLevel(logging.INFO)
    with lent(world.runtime) as app:
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=True, lifespan="off"))
        serving = asyncio.create_task(server.serve())
        while not server.started:
            await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
        server.should_exit = True
        await serving
    access.level, access.propagate = before


async def test_one_id_from_the_webhook_to_the_provider(world: World, lines: Callable[[], list[str]]) -> None:
    """In every line, row and event that follows from a message: kept, handled, due, sent, read as a lead, summed up."""
    world.model.script = readings(reading(TITLE, "2027-03-03T14:00"))
    await world.execute("update agent set skills = '{followups,leads,summaries}'")
    mail = {"messageId": "m-1", "from": "alice@example.com", "to": "concierge@example.com", "textBody": BODY}
    answer = await world.client.post("/webhook/email", json=mail, headers={"x-correlation-id": "trace-1"})
    assert answer.headers["x-correlation-id"] == "trace-1"
    await world.work()
    await world.pass_time(hours=2)
    told = [json.loads(line) for line in lines()]
    of_it = {each["event"] for each in told if each["correlation_id"] == "trace-1"}
    assert of_it == {"kept", "handled", "sent", "lead read", "summarised"}
    assert len([each for each in told if each["event"] == "sent" and each["correlation_id"] == "trace-1"]) == 2
    for table in ("inbound_message", "outbound_message", "task", "summary"):
        assert await world.rows(f"select distinct correlation_id from {table}") == [("trace-1",)], table
    subjects = "select distinct subject from event where correlation_id = 'trace-1' order by 1"
    assert await world.rows(subjects) == [("outbound_message",), ("summary",), ("task",)]
    moved = (
        "select count(*) from event where subject in ('outbound_message', 'summary', 'task') and correlation_id is null"
    )
    assert await world.one(moved) == 0
