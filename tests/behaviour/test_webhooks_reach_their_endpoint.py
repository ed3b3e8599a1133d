"""What happens here is told to a tenant's own systems: signed, at least once, and to nobody inside our network."""

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from concierge.api.paging import BEGINNING
from concierge.channels.email.svix import signed
from concierge.channels.model import Raw
from concierge.simulators.serving import Answer, Request, serving
from concierge.webhooks import store as deliveries
from concierge.webhooks.announcing import announce
from concierge.webhooks.delivering import LEASE
from concierge.webhooks.endpoints import store
from concierge.webhooks.endpoints.managing import Made, create, rotate
from concierge.webhooks.model import WAITS
from concierge.webhooks.signing import headers, new_secret
from tests.fakes import FrozenClock, reading
from tests.fixtures import NOON
from tests.makers import SOON, readings
from tests.world import World, open_world

GUIDE = (Path(__file__).parents[2] / "docs" / "api" / "webhooks.md").read_text(encoding="utf-8")


class Receiver:
    """A tenant's system: keeps what it is told, answers as it is told."""

    def __init__(self) -> None:
        self.url = ""
        self.told: list[Request] = []
        self.answers: list[Answer | None] = []  # used up one a call; then 204

    async def __call__(self, request: Request) -> Answer | None:
        self.told.append(request)
        return self.answers.pop(0) if self.answers else Answer(204)

    @property
    def types(self) -> list[str]:
        return [each.json()["type"] for each in self.told]


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made = Receiver()
    async with serving(made) as url:
        made.url = f"{url}/hooks"
        yield made


@pytest.fixture
async def world(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    async with open_world(db, clock, EGRESS_NETWORKS="127.0.0.0/8") as opened:
        yield opened


async def endpoint(world: World, url: str, *types: str, include_text: bool = False) -> Made:
    async with world.runtime.begin() as conn:
        return await create(
            conn,
            world.runtime.settings,
            tenant_id=await world.one("select id from tenant"),
            url=url,
            description="",
            event_types=types or ("*",),
            include_text=include_text,
            now=world.clock(),
        )


async def tell(world: World, type: str = "booking.made", count: int = 1, **data: Any) -> list[UUID]:
    tenant_id, ids = await world.one("select id from tenant"), [uuid4() for _ in range(count)]
    async with world.runtime.begin() as conn:
        for id in ids:
            await announce(conn, tenant_id, type, id, {"id": id, **data}, world.clock())
    return ids


def proves(request: Request, secret: str, world: World) -> bool:
    raw = Raw(headers=request.headers, query={}, body=request.body, received_at=world.clock())
    return signed(raw, [secret])


async def test_a_story_is_told_as_it_happens(world: World, receiver: Receiver) -> None:
    made = await endpoint(world, receiver.url)
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    await world.tick()
    assert sorted(receiver.types) == ["message.received", "message.status", "message.status", "task.pending"]
    await world.pass_time(days=9)
    assert receiver.types.count("task.due") == receiver.types.count("task.done") == 1
    assert len({each.headers["webhook-id"] for each in receiver.told}) == len(receiver.told)
    assert await world.one("select count(*) from webhook_delivery where status <> 'delivered'") == 0
    first = next(each for each in receiver.told if each.json()["type"] == "message.received")
    contact, conversation = (await world.rows("select contact_id, id from conversation"))[0]
    said = first.json()["data"]
    assert (said["contact_id"], said["conversation_id"], said["channel"]) == (str(contact), str(conversation), "email")
    told = b"".join(each.body for each in receiver.told)  # nobody asked for words
    assert not [private for private in (b"Call Bob", b"alice@") if private in told]
    assert await world.one("select count(*) from webhook_event where words is not null") == 0
    assert made.status == "active"


async def test_words_are_told_to_those_who_asked(world: World, receiver: Receiver) -> None:
    await endpoint(world, receiver.url, "message.received", "task.*", include_text=True)
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Please remind me then", subject="Bob")
    await world.work()
    await world.tick()
    told = {each.json()["type"]: each.json()["data"] for each in receiver.told}
    assert told.keys() == {"message.received", "task.pending"}
    assert (told["message.received"]["text"], told["message.received"]["subject"]) == ("Please remind me then", "Bob")
    assert told["task.pending"]["title"] == "Call Bob"


async def test_both_secrets_sign_while_one_replaces_the_other(world: World, receiver: Receiver) -> None:
    old = await endpoint(world, receiver.url)
    await tell(world)
    await world.tick()
    async with world.runtime.begin() as conn:
        tenant_id = await world.one("select id from tenant")
        new = await rotate(conn, world.runtime.settings, old.id, tenant_id=tenant_id, now=world.clock())
    assert new is not None
    await tell(world)
    await world.tick()
    first, second = receiver.told
    assert [proves(first, each.secret, world) for each in (old, new)] == [True, False]
    assert [proves(second, each.secret, world) for each in (old, new)] == [True, True]
    forged = Request(method="POST", path="", headers=second.headers, body=second.body + b" ")
    assert not proves(forged, new.secret, world)
    await tell(world)
    await world.pass_time(hours=25)
    assert [proves(receiver.told[-1], each.secret, world) for each in (old, new)] == [False, True]
    (kept,) = await world.rows("select secret, old_secret from webhook_endpoint")
    assert not [token for token in kept for each in (old, new) if each.secret.encode() in token]


async def test_the_sample_of_the_guide_knows_what_is_ours(world: World, receiver: Receiver, monkeypatch: Any) -> None:
    (sample,) = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
    told: dict[str, Any] = {}
    exec(sample, told)  # what a reader does with it
    monkeypatch.setattr("time.time", lambda: world.clock().timestamp())
    made = await endpoint(world, receiver.url)
    await tell(world)
    await world.tick()
    (request,) = receiver.told
    is_ours = told["is_ours"]
    assert is_ours(made.secret, request.headers, request.body)
    assert not is_ours(made.secret, request.headers, request.body + b" ")
    assert not is_ours("whsec_" + "A" * 43 + "=", request.headers, request.body)
    world.clock.advance(minutes=6)
    assert not is_ours(made.secret, request.headers, request.body)


@pytest.mark.skipif(not shutil.which("node"), reason="needs node")
async def test_so_does_the_one_in_typescript(tmp_path: Path) -> None:
    (sample,) = re.findall(r"```ts\n(.*?)```", GUIDE, re.DOTALL)
    plain = re.sub(r": (?:Record<string, string>|string|Buffer|boolean)(?=[,) ])", "", sample)
    now = datetime.now(UTC)
    secret, body = new_secret(), b'{"type": "x"}'
    signed_by = [new_secret(), secret]
    given = json.dumps(headers(uuid4(), body, signed_by, now=now))
    asked = f"""
        console.log(isOurs("{secret}", {given}, Buffer.from('{body.decode()}')),
                    isOurs("{secret}", {given}, Buffer.from('{{}}')),
                    isOurs("{new_secret()}", {given}, Buffer.from('{body.decode()}')));
    """
    script = tmp_path / "sample.mjs"
    script.write_text(plain + asked)
    node = await asyncio.create_subprocess_exec("node", str(script), stdout=asyncio.subprocess.PIPE)
    said, _ = await node.communicate()
    assert said.decode().split() == ["true", "false", "false"]


async def test_what_is_not_taken_comes_again_for_days_and_can_be_replayed(world: World, receiver: Receiver) -> None:
    made = await endpoint(world, receiver.url)
    receiver.answers = [Answer(500), None, Answer(302, headers={"location": receiver.url}), Answer(404)] + [
        Answer(503)
    ] * 6
    (subject,) = await tell(world)
    await world.tick()
    for wait in WAITS:
        before = len(receiver.told)
        world.clock.advance(seconds=wait.total_seconds() - 1)
        await world.tick()
        assert len(receiver.told) == before, "it waits"
        world.clock.advance(seconds=wait.total_seconds() * 0.1 + 2)
        await world.tick()
        assert len(receiver.told) == before + 1
    assert len(receiver.told) == 10
    assert len({each.headers["webhook-id"] for each in receiver.told}) == 1
    assert len({each.body for each in receiver.told}) == 1
    assert len({each.headers["webhook-timestamp"] for each in receiver.told}) == 10
    await world.pass_time(days=2)
    assert len(receiver.told) == 10, "it has been given up"
    tenant_id = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        (row,) = await store.log(
            conn,
            endpoint_id=made.id,
            tenant_id=tenant_id,
            status=None,
            before=BEGINNING[0],
            before_id=BEGINNING[1],
            limit=9,
        )
        assert (row.status, row.attempts, row.response_code, row.last_error, row.subject_id) == (
            ("failed", 10, 503, "answered 503", subject)
        )
        again = await store.replay(
            conn, endpoint_id=made.id, tenant_id=tenant_id, id=row.id, since=None, now=world.clock()
        )
        assert again == [row.id]
    assert await world.rows("select kind, subject from notification") == [("deliveries_failed", "webhook_endpoint")]
    await world.tick()
    assert receiver.told[-1].headers["webhook-id"] == str(row.event_id)
    assert await world.one("select status from webhook_delivery") == "delivered"
    assert await world.one("select failing_since is null from webhook_endpoint")


async def test_a_dead_endpoint_is_disabled_and_somebody_is_told_once(world: World, receiver: Receiver) -> None:
    await endpoint(world, receiver.url)
    receiver.answers = [Answer(500)] * 100
    for _ in range(7):
        await tell(world, count=2)
        await world.pass_time(days=1)
    assert await world.rows("select status, reason from webhook_endpoint") == [
        ("disabled", "nothing was delivered for days: answered 500")
    ]
    assert await world.one("select count(*) from notification where kind = 'disabled'") == 1
    assert await world.one("select count(*) from webhook_delivery where status = 'pending'") == 0
    calls = len(receiver.told)
    await tell(world)
    await world.pass_time(days=1)
    assert len(receiver.told) == calls


async def test_who_says_gone_is_told_no_more(world: World, receiver: Receiver) -> None:
    await endpoint(world, receiver.url)
    receiver.answers = [Answer(410)]
    await tell(world)
    await world.tick()
    assert await world.one("select status from webhook_endpoint") == "disabled"
    assert await world.one("select kind from notification") == "disabled"


async def test_a_slow_endpoint_says_when(world: World, receiver: Receiver) -> None:
    await endpoint(world, receiver.url)
    receiver.answers = [Answer(429, headers={"retry-after": "120"})]
    await tell(world)
    await world.tick()
    await world.pass_time(seconds=60)
    assert len(receiver.told) == 1
    await world.pass_time(seconds=61)
    assert len(receiver.told) == 2


async def test_a_worker_that_dies_tells_it_again(world: World, receiver: Receiver) -> None:
    made = await endpoint(world, receiver.url)
    await tell(world)
    now, id = world.clock(), made.id
    async with world.runtime.connection() as conn:  # claimed by a worker that is never heard of again
        assert await deliveries.claim_endpoints(conn, now=now, until=now + LEASE, limit=9) == [id]
        assert await deliveries.claim(conn, endpoint_id=id, now=now, until=now + LEASE, limit=9)
    await world.pass_time(seconds=30)
    assert receiver.told == []
    await world.pass_time(seconds=61)
    assert len(receiver.told) == 1
    assert await world.one("select attempts from webhook_delivery") == 2


async def test_nothing_is_written_where_nobody_asked(world: World, receiver: Receiver) -> None:
    await endpoint(world, receiver.url, "lead.*")
    await world.email("Hello")
    await world.work()
    await tell(world, "handoff.requested")
    assert await world.one("select count(*) from webhook_event") == 0
    await tell(world, "lead.scored")
    assert await world.one("select count(*) from webhook_delivery") == 1
    with pytest.raises(ValueError, match="none of"):
        await tell(world, "weather.changed")


async def test_what_is_rolled_back_is_not_told(world: World, receiver: Receiver) -> None:
    await endpoint(world, receiver.url)
    tenant_id = await world.one("select id from tenant")
    async with world.runtime.connection() as conn, conn.transaction(force_rollback=True):
        await announce(conn, tenant_id, "lead.made", uuid4(), {}, NOON)
        assert await world.one("select count(*) from webhook_endpoint") == 1
    await world.tick()
    assert receiver.told == []


async def test_an_address_of_our_own_network_is_not_called(db: str, clock: FrozenClock, receiver: Receiver) -> None:
    """Also when it hides behind a name; `localhost` is one that every machine has."""
    async with open_world(db, clock) as world:
        await endpoint(world, receiver.url)
        await endpoint(world, receiver.url.replace("127.0.0.1", "localhost").replace("http:", "https:"))
        await tell(world)
        await world.tick()
        assert receiver.told == []
        assert (
            await world.rows("select last_error from webhook_delivery")
            == [("the URL leads to an address that is not public",)] * 2
        )
