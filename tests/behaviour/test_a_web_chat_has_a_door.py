"""Who may open a session, who may use it, and what a page on another site is told."""

import hmac
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest

from concierge.errors import TooMany
from concierge.web import serve
from concierge.webchat import limits
from tests.each import each
from tests.fakes import FrozenClock
from tests.webchat import PAGE, SECRET, Visitor, chat_world, local_client, opened, served
from tests.world import World

USER = "customer-42"


def hashed(user: str, secret: str = SECRET) -> str:
    return hmac.digest(secret.encode(), user.encode(), "sha256").hex()


@pytest.fixture
async def world(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    async with chat_world(db, clock) as opened_world:
        yield opened_world


async def test_a_visitor_gets_a_session(world: World, clock: FrozenClock) -> None:
    answer = await opened(world.client, name="Alice")
    assert answer.status_code == 201
    told = answer.json()
    assert told["expires_at"] == "2027-03-03T13:00:00Z"
    assert (told["conversation"], told["last_seq"]) == (None, 0)
    assert await world.rows(
        "select kind, value like 'visitor:%%', c.name from contact_identity i join contact c on c.id = contact_id"
    ) == [("webchat", True, "Alice")]
    assert (await opened(world.client)).json()["session"] != told["session"]


@each("origin", ["https://evil.example", "null", "https://shop.example.evil.example", PAGE + "/", None])
async def test_another_page_gets_none(world: World, origin: str | None) -> None:
    answer = await opened(world.client, origin=origin)
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert "access-control-allow-origin" not in answer.headers
    assert await world.rows("select 1 from contact") == []


async def test_no_origin_is_a_setting(world: World) -> None:
    await world.execute("update channel_account set settings = settings || '{\"allow_missing_origin\": true}'")
    assert (await opened(world.client, origin=None)).status_code == 201
    assert (await opened(world.client, origin="https://evil.example")).status_code == 403


async def test_an_unknown_widget_is_missing(world: World) -> None:
    assert (await opened(world.client, widget="other")).status_code == 404


async def test_a_preflight_is_answered_for_pages_we_know(world: World) -> None:
    for path in ("/webchat/sessions", f"/webchat/sessions/{uuid4()}/messages", f"/webchat/sessions/{uuid4()}/ack"):
        answer = await world.client.options(path, headers={"origin": PAGE, "access-control-request-method": "POST"})
        assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (204, PAGE)
        assert "authorization" in answer.headers["access-control-allow-headers"]
        assert "origin" in answer.headers["vary"]
        other = await world.client.options(path, headers={"origin": "https://evil.example"})
        assert not {name for name in other.headers if name.startswith("access-control-")}


async def test_answers_and_refusals_can_be_read_by_the_page(world: World) -> None:
    visitor = await Visitor.enter(world.client)
    answers = [
        await opened(world.client),
        await opened(world.client, user_id=USER),
        await visitor.say("", "not a uuid"),
        await world.client.get(f"{visitor.base}/messages", headers={"origin": PAGE}),
    ]
    assert [answer.status_code for answer in answers] == [201, 401, 400, 401]
    assert {answer.headers["access-control-allow-origin"] for answer in answers} == {PAGE}
    assert answers[2].json()["errors"][0]["pointer"] == "/client_message_id"


async def test_a_proven_user_has_one_session_everywhere(world: World) -> None:
    wish = {"user_id": USER, "user_hash": hashed(USER)}
    first, second = await opened(world.client, **wish), await opened(world.client, **wish)
    assert first.json()["session"] == second.json()["session"]
    assert first.json()["token"]
    assert await world.rows("select value from contact_identity") == [(f"user:{USER}",)]
    assert first.json()["renewable_until"] == first.json()["expires_at"]
    later = await opened(world.client, token=first.json()["token"])
    assert (later.status_code, later.json()["code"]) == (401, "forged"), "only the page says that they are signed in"


@each("wrong", [None, "", "0" * 64, hashed(USER, "other"), hashed("customer-43"), hashed(USER)[:-1], "ü" * 64])
async def test_an_unproven_user_is_nobody(world: World, wrong: str | None) -> None:
    answer = await opened(world.client, user_id=USER, user_hash=wrong)
    assert (answer.status_code, answer.json()["code"]) == (401, "forged")
    assert await world.rows("select 1 from contact") == []


async def test_without_a_secret_nobody_is_proven(db: str, clock: FrozenClock) -> None:
    async with chat_world(db, clock, WEBCHAT_IDENTITY_SECRET="") as world:
        assert (await opened(world.client, user_id=USER, user_hash=hashed(USER, ""))).status_code == 401


async def test_a_token_expires_and_is_renewed(world: World, clock: FrozenClock) -> None:
    visitor = await Visitor.enter(world.client)
    await visitor.say("hello", str(uuid4()))
    clock.advance(hours=1)
    late = await visitor.say("late", str(uuid4()))
    assert (late.status_code, late.json()["code"]) == (401, "expired")
    again = await Visitor.enter(world.client, token=visitor.session["token"])
    assert again.session["session"] == visitor.session["session"]
    assert again.session["last_seq"] == 1
    assert [message["text"] for message in await again.listed()] == ["hello"]
    clock.advance(days=31, hours=1)
    assert (await opened(world.client, token=again.session["token"])).status_code == 401


async def test_a_token_is_ours_and_whole(world: World) -> None:
    visitor = await Visitor.enter(world.client)
    good = visitor.session["token"]
    body, _, signature = good.partition(".")
    for bad in (
        "",
        ".",
        good[:-2],
        body,
        f"{body}.",
        f"{signature}.{body}",
        f"{body[:-4]}AAAA.{signature}",
        "ü.ü",
        "a" * 900,
    ):
        answer = await world.client.get(f"{visitor.base}/messages", params={"token": bad})
        assert (answer.status_code, answer.json()["code"]) == (401, "forged"), bad
    assert (await world.client.get(f"{visitor.base}/messages", params={"token": good})).status_code == 200


async def test_another_session_is_missing(world: World) -> None:
    mine, other = await Visitor.enter(world.client), await Visitor.enter(world.client)
    await other.say("private", str(uuid4()))
    mine.base = other.base
    answers = [
        await mine.say("hello", str(uuid4())),
        await mine.ack(1),
        await world.client.get(f"{other.base}/messages", headers=mine.headers),
        await world.client.get(f"{other.base}/events", headers=mine.headers),
    ]
    assert [answer.status_code for answer in answers] == [404] * 4


async def test_an_erased_visitor_has_no_session(world: World) -> None:
    visitor = await Visitor.enter(world.client)
    await world.execute("delete from contact_identity")
    assert (await visitor.say("hello", str(uuid4()))).status_code == 404
    assert (await opened(world.client, token=visitor.session["token"])).status_code == 401
    assert await world.rows("select 1 from inbound_message") == []


async def test_a_stolen_token_is_of_no_use_on_another_page(world: World) -> None:
    visitor = await Visitor.enter(world.client)
    answer = await world.client.get(
        f"{visitor.base}/messages", headers=visitor.headers | {"origin": "https://evil.example"}
    )
    assert answer.status_code == 403


@each("body", [b"", b"{", b"[]", b"\xff", b'{"widget": 1}', b'{"widget": "\\ud83d"}', b"x" * 100_000])
async def test_whatever_is_posted_is_answered(world: World, body: bytes) -> None:
    visitor = await Visitor.enter(world.client)
    for path in ("/webchat/sessions", f"{visitor.base}/messages", f"{visitor.base}/ack"):
        answer = await world.client.post(path, content=body, headers=visitor.headers)
        assert answer.status_code in (400, 404, 413), answer.text
        assert answer.headers["content-type"] == "application/problem+json"


async def test_messages_have_a_measure(world: World) -> None:
    visitor = await Visitor.enter(world.client)
    assert (await visitor.say("x" * 4_000, str(uuid4()))).status_code == 200
    for text in ("x" * 4_001, "", " \n"):
        assert (await visitor.say(text, str(uuid4()))).status_code == 400


async def test_too_many_messages_wait(world: World) -> None:
    visitor, other = await Visitor.enter(world.client), await Visitor.enter(world.client)
    answers = [await visitor.say("hello", str(uuid4())) for _ in range(12)]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2
    refusal = answers[-1]
    assert refusal.headers["content-type"] == "application/problem+json"
    assert (refusal.json()["code"], refusal.headers["retry-after"]) == ("too-many", "2")
    assert (await other.say("hello", str(uuid4()))).status_code == 200


async def test_too_many_sessions_from_one_address_wait(world: World) -> None:
    answers = [await opened(world.client) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [201] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) in (5, 6)


@pytest.mark.parametrize(("trusted", "allowed"), [("", 20), ("127.0.0.0/8", 25)])
async def test_an_address_is_forwarded_by_trusted_proxies_only(
    db: str, clock: FrozenClock, trusted: str, allowed: int
) -> None:
    async with (
        chat_world(db, clock) as world,
        served(world, TRUSTED_PROXIES=trusted) as url,
        local_client() as client,
    ):
        statuses = []
        for n in range(25):
            headers = {"origin": PAGE, "x-forwarded-for": f"203.0.113.{n}"}
            answer = await client.post(f"{url}/webchat/sessions", json={"widget": "web"}, headers=headers)
            statuses.append(answer.status_code)
        assert statuses.count(201) == allowed


async def test_too_many_streams_wait(db: str, clock: FrozenClock) -> None:
    async with chat_world(db, clock) as world, served(world) as url, local_client() as client:
        visitor = await Visitor.enter(client, url)
        async with AsyncExitStack() as stack:
            for _ in range(limits.MOST_STREAMS):
                tab = await stack.enter_async_context(visitor.stream())
                assert tab.answer.status_code == 200
            async with visitor.stream() as refused:
                assert refused.answer.status_code == 429
                assert refused.answer.headers["retry-after"] == "5"
        async with visitor.stream() as tab:  # those that ended count no more
            assert tab.answer.status_code == 200


async def test_streams_leave_room_for_webhooks(db: str, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.ALL_STREAMS <= serve.MOST_AT_ONCE / 2
    monkeypatch.setattr(limits, "ALL_STREAMS", 1)
    async with chat_world(db, clock) as world, served(world) as url, local_client() as client:
        one, two = await Visitor.enter(client, url), await Visitor.enter(client, url)
        async with one.stream(), two.stream() as refused:
            assert refused.answer.status_code == 429


def test_a_limit_refills() -> None:
    now = [0.0]
    limit = limits.Limit(burst=2, period=10.0, clock=lambda: now[0])
    for at, fine in [(0, True), (0, True), (0, False), (9.9, False), (10, True), (10, False), (100, True), (100, True)]:
        now[0] = at
        assert passes(limit) is fine, at


def passes(limit: limits.Limit) -> bool:
    try:
        limit.take("somebody")
    except TooMany as error:
        return not error.retry_after > 0
    return True
