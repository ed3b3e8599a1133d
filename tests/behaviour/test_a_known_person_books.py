"""A contact is booked for by id: whoever is known by nothing but a web chat is reminded there."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.bookings import ask, policy, reminders
from tests.fakes import FrozenClock
from tests.webchat import Visitor, chat_world
from tests.world import World

START = "2027-03-03T16:00:00Z"


@pytest.fixture
async def world(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    async with chat_world(db, clock) as opened:
        yield opened


async def book(world: World, **customer: Any) -> Any:
    body = {"customer": customer, "service": "Haircut", "starts_at": START}
    channels = customer.pop("channels", None)
    if channels:
        body["policy_id"] = await policy(world, before=["PT2H"], channels=channels)
    return await ask(world, "POST", "/v1/bookings", body)


async def test_by_their_id(world: World) -> None:
    await Visitor.enter(world.client, name="Alice")
    contact = str(await world.one("select id from contact"))
    made = await book(world, contact_id=contact, channels=["webchat"])
    assert (made.status_code, made.json()["contact_id"]) == (201, contact)
    await world.pass_time(hours=2)
    assert await world.rows("select status, split_part(payload ->> 'text', e'\\n', 1) from outbound_message") == [
        ("sent", "Reminder: Haircut, in 2 hours")
    ]
    assert [status for _, status, _ in await reminders(world)] == ["sent"]


async def test_what_cannot_be_is_named(world: World) -> None:
    await Visitor.enter(world.client, name="Alice")
    contact = str(await world.one("select id from contact"))
    unreachable = await book(world, contact_id=contact)
    assert (unreachable.status_code, unreachable.json()["errors"][0]["pointer"]) == (422, "/customer/contact_id")
    assert "whatsapp, email" in unreachable.json()["errors"][0]["detail"]
    nobody = await book(world, contact_id=str(uuid4()))
    assert (nobody.status_code, nobody.json()["errors"][0]["pointer"]) == (422, "/customer/contact_id")
    assert (await book(world, contact_id=contact, email="alice@example.com")).status_code in {400, 422}
    assert (await book(world, name="Alice")).status_code in {400, 422}
    assert await world.one("select count(*) from booking") == 0


async def test_who_is_another_contact_now(world: World) -> None:
    """The id of a contact that was merged is that of the one it became; an erased one is nobody."""
    path = "/v1/contacts"
    ids = []
    for name in ("alice", "alison"):
        identity = {"channel": "email", "kind": "email", "value": f"{name}@example.com"}
        ids.append((await ask(world, "POST", path, {"identities": [identity]})).json()["id"])
    assert (await ask(world, "POST", f"{path}/{ids[0]}/merge", {"contact_id": ids[1]})).status_code == 200
    made = await book(world, contact_id=ids[1])
    assert (made.status_code, made.json()["contact_id"]) == (201, ids[0])
    await world.execute("update contact set erased_at = now()")
    assert (await book(world, contact_id=ids[0])).status_code == 422
