"""Every e-mail carries a link that ends them: looking changes nothing, one click does, and nobody can forge it."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from cryptography.fernet import Fernet

from tests.each import each
from tests.fakes import FrozenClock, reading
from tests.makers import SOON, readings
from tests.world import SECRET_KEY, World, open_world

LIVE = "select channel, kind, value, source from suppression where lifted_at is null"


@pytest.fixture
async def reachable(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    """A world that knows its own address, with one e-mail sent."""
    async with open_world(db, clock, PUBLIC_URL="https://concierge.example/") as world:
        world.model.script = readings(reading("Call Bob", SOON))
        await world.email("Call Bob")
        await world.work()
        yield world


def path(world: World) -> str:
    """Of the link in the first e-mail."""
    url = world.outside.sent[0].unsubscribe_url
    assert url is not None
    assert url.startswith("https://concierge.example/unsubscribe/")
    return urlsplit(url).path


async def test_looking_changes_nothing(reachable: World) -> None:
    page = await reachable.client.get(path(reachable))
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert '<form method="post">' in page.text
    assert "My business" in page.text
    assert await reachable.rows(LIVE) == []
    await reachable.execute("update contact set language = 'de-AT'")
    german = (await reachable.client.get(path(reachable))).text
    assert '<html lang="de" dir="ltr">' in german
    assert "Keine E-Mails von My business mehr" in german


async def test_one_click_ends_it(reachable: World) -> None:
    for _ in range(2):
        answer = await reachable.client.post(path(reachable), data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "You will get no more e-mails" in answer.text
    assert await reachable.rows(LIVE) == [("email", "email", "alice@example.com", "unsubscribe")]
    await reachable.pass_time(days=9)
    assert len(reachable.outside.sent) == 1


@each("method", ["GET", "POST"])
@each("spoil", [lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"), lambda t: "B" + t[1:], lambda _: "x", lambda _: "ä"])
async def test_nobody_can_forge_it(reachable: World, method: str, spoil: object) -> None:
    folder, _, token = path(reachable).rpartition("/")
    answer = await reachable.client.request(method, f"{folder}/{spoil(token[:-2])}")  # type: ignore[operator]
    assert answer.status_code == 404
    assert await reachable.rows(LIVE) == []


async def test_it_outlives_a_change_of_keys(reachable: World, db: str, clock: FrozenClock) -> None:
    link = path(reachable)
    keys = f"{Fernet.generate_key().decode()},{SECRET_KEY}"
    async with open_world(db, clock, CONCIERGE_SECRET_KEYS=keys) as later:
        assert (await later.client.post(link)).status_code == 200
    assert len(await reachable.rows(LIVE)) == 1


async def test_without_an_address_of_our_own_there_is_none(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    assert world.outside.sent[0].unsubscribe_url is None
