"""Whatever is posted: it is kept, or it is refused with a reason, and what came beside it does not suffer."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import msgspec
import psycopg
import pytest

from concierge.channels.model import Raw
from concierge.errors import NotStored, Unknown
from concierge.inbox.arrival import Arrivals
from concierge.inbox.model import Delivery
from concierge.tenants import directory
from concierge.tenants.directory import Directory
from tests.each import each
from tests.fakes import FrozenClock, reading
from tests.makers import CONFIRMED, SOON, batch, readings, statuses, text_message
from tests.world import World, open_world

MAIL = {"messageId": "m-1", "from": "alice@example.com", "to": "concierge@example.com", "textBody": "Call Bob"}
LIMIT = 3_145_728
KEPT = "select text from inbound_message order by seq"


async def post(world: World, payload: Any, channel: str = "email") -> httpx.Response:
    if isinstance(payload, bytes):
        return await world.client.post(f"/webhook/{channel}", content=payload)
    return await world.client.post(f"/webhook/{channel}", json=payload)


async def test_many_strangers_do_not_make_us_forget_whom_we_know(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is remembered of accounts is dropped when it is too much; a request that named one of them got a 503."""
    monkeypatch.setattr(directory, "MOST", 1)
    known = Directory(world.runtime)
    assert set(await known.find("email", ["concierge@example.com", "a@b.example"])) == {"concierge@example.com"}
    assert set(await known.find("email", ["concierge@example.com", "c@d.example"])) == {"concierge@example.com"}


async def delivery(world: World, id: str) -> Delivery:
    """A mail as the door hands it on, with an id that no reader would let through."""
    raw = Raw(headers={}, body=json.dumps(MAIL).encode(), received_at=world.clock())
    (read,) = world.runtime.channels["email"].read(raw)
    known = await Directory(world.runtime).find("email", [read.account])
    message = (known[read.account], msgspec.structs.replace(read, provider_message_id=id))
    return Delivery(channel="email", correlation_id="c", messages=[message])


def problem(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """Status, code and the fields at fault."""
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["correlation_id"] == answer.headers["x-correlation-id"]
    return answer.status_code, told["code"], [error["pointer"] for error in told["errors"]]


@pytest.mark.parametrize("channel", ["email", "whatsapp"])
async def test_what_is_not_json_is_refused(world: World, channel: str) -> None:
    for body in (b"", b"hello", b"{", b"\xff\xfe", b"[1]", b"null", b'{"a":' * 2000):
        assert problem(await post(world, body, channel))[:2] == (400, "malformed")
    assert await world.rows("select 1 from unrouted_message") == []


@each(
    ("changes", "pointer"),
    [
        ({"from": None}, "/from"),
        ({"from": "alice"}, "/from"),
        ({"to": 7}, "/to"),
        ({"textBody": ["Call Bob"]}, "/textBody"),
        ({"textBody": None}, "/textBody"),
        ({"timestamp": "yesterday"}, "/timestamp"),
    ],
)
async def test_a_wrong_field_is_named(world: World, changes: dict[str, Any], pointer: str) -> None:
    answer = await post(world, MAIL | changes)
    assert problem(answer) == (400, "malformed", [pointer])
    assert pointer in answer.json()["detail"]


async def test_a_wrong_field_of_a_whatsapp_webhook_is_named(world: World) -> None:
    payload = batch([text_message("hello")])
    del payload["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"]
    assert problem(await post(world, payload, "whatsapp")) == (
        400,
        "malformed",
        ["/entry/0/changes/0/value/metadata/phone_number_id"],
    )


async def test_too_much_is_refused_as_soon_as_it_is_certain(world: World) -> None:
    """With and without a content-length: of the chunked one no more is read than the limit."""
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while read < 10 * LIMIT:
            read += 65_536
            yield b"x" * 65_536

    whole = await post(world, b"x" * (LIMIT + 1))
    chunked = await world.client.post("/webhook/email", content=endless())
    assert problem(whole) == problem(chunked) == (413, "too-large", [])
    assert read <= LIMIT + 65_536


async def test_just_enough_is_kept(world: World) -> None:
    body = "x" * (LIMIT - 200)
    assert (await post(world, MAIL | {"textBody": body})).status_code == 200
    assert await world.one("select length(text) from inbound_message") == len(body)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Call Bob 🦄👩‍👩‍👧 next Friday", "Call Bob 🦄👩‍👩‍👧 next Friday"),
        ("Call\0Bob", "Call\ufffdBob"),
        ("x" * 100_000, "x" * 100_000),
        ("'; drop table task; -- %(id)s {} \\", "'; drop table task; -- %(id)s {} \\"),
    ],
    ids=["emoji", "nul", "100 KB", "sql"],
)
@pytest.mark.parametrize("channel", ["email", "whatsapp"])
async def test_any_text_is_kept(world: World, channel: str, sent: str, kept: str) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    payload = MAIL | {"textBody": sent, "subject": sent[:50]} if channel == "email" else batch([text_message(sent)])
    assert (await post(world, payload, channel)).json()["status"] == "accepted"
    await world.work()
    assert await world.rows(KEPT) == [(kept,)]
    assert world.model.prompts[0].turns[-1].text == kept
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


@pytest.mark.parametrize("at", ["9999-12-31T23:59:59Z", "1000-01-01T00:00:00Z", 253402300799, "2027-03-03T12:00:00"])
async def test_any_date_is_kept_and_an_incredible_one_is_not_believed(world: World, at: Any) -> None:
    assert (await post(world, MAIL | {"timestamp": at})).status_code == 200
    await world.work()
    assert world.model.prompts[0].now.isoformat() == "2027-03-03T13:00:00"


async def test_one_bad_message_of_a_batch_does_not_fail_its_neighbours(world: World) -> None:
    messages = [text_message("one"), {"id": 7, "from": []}, "nonsense", None, text_message("two", id="wamid.2"), {}]
    answer = await post(world, batch(messages), "whatsapp")
    assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    kept = [text for (text,) in await world.rows("select text from inbound_message where automated is null")]
    assert {"one", "two"} <= set(kept)
    await world.work()
    heard = [said.text for prompt in world.model.prompts for said in prompt.turns]
    assert heard.count("one") == heard.count("two") == 1


async def test_one_bad_report_of_a_batch_does_not_fail_its_neighbours(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob")
    await world.work()
    id = await world.one("select id from outbound_message")
    payload = statuses(("delivered", "not-an-id"), ("delivered", id))
    payload["entry"][0]["changes"][0]["value"]["statuses"].insert(0, {"status": []})
    assert (await post(world, payload, "whatsapp")).status_code == 200
    assert await world.one("select status from outbound_message") == "delivered"


async def test_a_report_with_the_id_of_another_message_fails_no_other(world: World) -> None:
    """It would be refused each time it came; so it is kept for an operator, and its neighbours are heard."""
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [None, Unknown()]
    for n in (1, 2):
        await world.whatsapp("Call Bob", id=f"wamid.{n}", sender=f"1555000000{n}")
        await world.work()
    (first, taken), (second, _) = await world.rows(
        "select id, provider_message_id from outbound_message order by provider_message_id nulls last"
    )
    payload = statuses(("delivered", second), ("delivered", first))
    for status, id in zip(payload["entry"][0]["changes"][0]["value"]["statuses"], (taken, taken), strict=True):
        status["id"] = id
    for _ in range(2):
        assert (await post(world, payload, "whatsapp")).status_code == 200
    assert await world.one("select status from outbound_message where id = %(id)s", id=first) == "delivered"
    assert await world.rows("select reason, detail, provider_message_id, raw is not null from unrouted_message") == [
        ("unstorable", "UniqueViolation", taken, True)
    ]


async def test_what_postgres_cannot_index_fails_nobody_else(world: World) -> None:
    """An id of 4 KB is legal and fits into no index; whoever is in the same batch is not refused for it."""
    monster = "".join(chr(0x10000 + 7919 * n % 0xE0000) for n in range(1000))
    async with Arrivals(world.runtime) as arrivals:
        deliveries = [await delivery(world, id) for id in ("m-1", monster, "m-2")]
        kept = await asyncio.gather(*map(arrivals.accept, deliveries))
    assert [each.status for (each,) in kept] == ["accepted", "ignored", "accepted"]
    assert await world.rows("select provider_message_id from inbound_message order by seq") == [("m-1",), ("m-2",)]
    assert await world.rows("select reason, raw is not null from unrouted_message") == [("unstorable", True)]


async def test_the_database_is_away(world: World) -> None:
    """503 to the provider, which comes again; health says why; nothing is half kept."""
    await world.whatsapp("one")
    await world.runtime.pool.close()
    known, unknown = await world.whatsapp("two", id="wamid.2"), await world.email("one")
    assert problem(known) == problem(unknown) == (503, "not-stored", [])
    assert (await world.client.get("/health/ready")).status_code == 503
    assert (await world.client.get("/health")).status_code == 200
    assert [(await world.client.head(path)).status_code for path in ("/health", "/health/ready")] == [200, 503]
    assert (await world.admin("GET", "/admin/tasks/failed")).status_code == 503


async def test_stopping_while_the_database_fails_comes_to_an_end(world: World) -> None:
    """The pool swallows being cancelled while it looks after its connections."""
    kill = """
        select pg_terminate_backend(pid) from pg_locks where relation = 'inbound_message'::regclass and not granted
    """
    mail = await delivery(world, "m-1")
    async with (
        asyncio.timeout(5),
        await psycopg.AsyncConnection.connect(world.runtime.settings.database_url.reveal()) as other,
        Arrivals(world.runtime) as arrivals,
    ):
        await other.execute("lock table inbound_message")
        accepted = asyncio.create_task(arrivals.accept(mail))
        while not await (await other.execute(kill)).fetchall():
            pass  # it has not come to the table yet
        with pytest.raises(NotStored):
            await accepted


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"from": "concierge@example.com"}, "own-address"),
        ({"replyTo": "Concierge <concierge@example.com>"}, "own-address"),
        ({"headers": {"Auto-Submitted": "auto-replied"}}, "auto-submitted"),
        ({"headers": {"Precedence": "bulk"}}, "precedence"),
        ({"from": "MAILER-DAEMON@example.com"}, "robot-address"),
    ],
)
async def test_what_no_person_wrote_is_kept_and_never_answered(world: World, changes: dict[str, Any], why: str) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    assert (await post(world, MAIL | changes)).json()["status"] == "accepted"
    await world.work()
    assert await world.rows("select text, automated from inbound_message") == [("Call Bob", why)]
    assert world.model.prompts == []
    assert world.outside.sent == []
    assert await world.rows("select handled_seq, last_seq from conversation") == [(1, 1)]


async def test_unknown_senders_may_be_ignored(db: str, clock: FrozenClock) -> None:
    async with open_world(db, clock, UNKNOWN_SENDERS="create") as world:
        await world.email("I am known")
    async with open_world(db, clock, UNKNOWN_SENDERS="ignore") as world:
        assert (await world.email("still known", id="msg-2")).json()["status"] == "accepted"
        for _ in range(2):
            stranger = await world.email("who is this?", id="msg-3", **{"from": "stranger@example.com"})
            assert (stranger.status_code, stranger.json()["status"]) == (200, "ignored")
        assert await world.rows(KEPT) == [("I am known",), ("still known",)]
        assert await world.rows("select reason, provider_message_id from unrouted_message") == [
            ("unknown_sender", "msg-3")
        ]
        assert await world.one("select count(*) from contact") == 1
