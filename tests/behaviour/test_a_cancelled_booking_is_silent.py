"""Once a booking is cancelled nobody is reminded of it, whatever was on its way; its customer is told once."""

import asyncio
from datetime import UTC, datetime
from itertools import pairwise
from uuid import UUID

from concierge.bookings import keeping
from concierge.bookings.reminders.reminding import remind, take_due
from concierge.errors import NotAccepted
from concierge.inbox.handling import handle
from tests.bookings import PHONE, ask, book, reminders
from tests.meeting import met
from tests.world import KEY, World

START = "2027-03-03T16:00:00Z"  # four hours after noon: by the usual policy one reminder, two hours before
EMAIL = {"phone": None, "email": "alice@example.com"}
LATE = "It is too late to change this here. Please call us."
CANCELLED = "Your appointment is cancelled: Haircut"


async def firsts(world: World) -> list[str]:
    await world.work()
    return [text.splitlines()[0] for text in world.outside.texts]


async def test_while_its_reminder_lies_ahead(world: World) -> None:
    id = (await book(world, START, customer=EMAIL))["id"]
    assert (await ask(world, "DELETE", f"/v1/bookings/{id}")).json()["status"] == "cancelled"
    assert (await ask(world, "DELETE", f"/v1/bookings/{id}")).status_code == 200  # a second time nothing happens
    assert await firsts(world) == [CANCELLED]
    await world.pass_time(hours=3)
    await world.pass_time(hours=3)
    assert await firsts(world) == [CANCELLED]
    assert [status for _, status, _ in await reminders(world)] == ["cancelled"]
    assert await world.moves(id) == ["booked", "cancelled"]


async def test_while_its_reminder_is_due_and_not_yet_handed_over(world: World) -> None:
    id = (await book(world, START, customer=EMAIL))["id"]
    world.clock.advance(hours=2)
    await take_due(world.runtime)
    await ask(world, "DELETE", f"/v1/bookings/{id}?tell=false")
    await remind(world.runtime, await world.one("select id from reminder"))
    assert await firsts(world) == []
    assert await world.one("select count(*) from outbound_message") == 0


async def test_while_its_message_is_queued(world: World) -> None:
    id = (await book(world, START, customer=EMAIL))["id"]
    world.clock.advance(hours=2)
    await take_due(world.runtime)
    await remind(world.runtime, await world.one("select id from reminder"))
    await ask(world, "DELETE", f"/v1/bookings/{id}?tell=false")
    assert await firsts(world) == []
    assert await world.rows("select status, reason from outbound_message") == [
        ("cancelled", "the booking was cancelled")
    ]
    await world.tick()
    assert [status for _, status, _ in await reminders(world)] == ["cancelled"]


async def test_while_an_attempt_at_its_message_is_under_way(world: World) -> None:
    """What the provider has cannot be called back; but when it did not take it, there is no second try."""
    id = (await book(world, START, customer=EMAIL))["id"]

    async def cancel_meanwhile(*_: object) -> None:
        await ask(world, "DELETE", f"/v1/bookings/{id}?tell=false")
        raise NotAccepted("busy")

    world.outside.send = cancel_meanwhile  # type: ignore[method-assign, assignment]
    await world.pass_time(hours=2)
    await world.pass_time(minutes=20)
    assert await world.rows("select status, reason from outbound_message") == [
        ("cancelled", "what it speaks of has changed")
    ]
    assert await world.one("select count(*) from delivery_attempt") == 1
    assert [status for _, status, _ in await reminders(world)] == ["cancelled"]


async def test_a_failed_one_is_not_retried_afterwards(world: World) -> None:
    id = (await book(world, START, customer=EMAIL))["id"]
    world.outside.outcomes = [NotAccepted("busy")] * 5
    await world.pass_time(hours=2)
    for seconds in (5, 25, 125, 625):
        assert await world.one("select status from outbound_message") == "queued"
        await world.pass_time(seconds=seconds)
    assert len(world.outside.sent) == 5
    started = [at for (at,) in await world.rows("select started_at from delivery_attempt order by n")]
    assert [(b - a).seconds for a, b in pairwise(started)] == [5, 25, 125, 625]
    assert [status for _, status, _ in await reminders(world)] == ["failed"]
    (message,) = await world.rows("select id from outbound_message where status = 'failed'")

    retry = f"/admin/outbox/{message[0]}/retry"
    assert (await world.client.post(retry, headers={"x-api-key": KEY})).status_code == 200
    world.outside.outcomes = [NotAccepted("busy")] * 5
    await world.work()
    assert [status for _, status, _ in await reminders(world)] == ["sending"]
    await ask(world, "DELETE", f"/v1/bookings/{id}?tell=false")
    await world.pass_time(minutes=30)
    assert len(world.outside.sent) == 6
    assert (await world.client.post(retry, headers={"x-api-key": KEY})).status_code == 409


async def test_nor_is_anybody_reminded_of_what_has_begun(world: World) -> None:
    """Neither by a worker that was away, nor by an account that was paused, nor by an operator's retry."""
    await book(world, START, customer=EMAIL)
    world.clock.now = datetime(2027, 3, 3, 16, 0, tzinfo=UTC)
    await world.tick()
    assert await world.rows("select status, reason from reminder") == [("skipped", "the appointment has begun")]

    await book(world, "2027-03-03T20:00:00Z", customer=EMAIL)
    await world.execute("update channel_account set status = 'paused', reason = 'x'")
    await world.pass_time(hours=2)
    assert await world.rows("select status from outbound_message") == [("queued",)]
    await world.pass_time(hours=2)
    await world.execute("update channel_account set status = 'active'")
    await world.pass_time(minutes=1)
    assert await world.rows("select status from outbound_message") == [("expired",)]
    assert (await reminders(world))[-1][1] == "skipped"
    assert world.outside.sent == []


async def test_while_its_customer_cancels_it_too(world: World) -> None:
    """Both take the booking first, and then the reminder that is blocked: nobody waits for ever."""
    id = UUID((await book(world, START))["id"])
    await world.pass_time(hours=2)
    assert await world.rows("select status, reason from outbound_message") == [("blocked", "template_required")]
    await world.whatsapp("Please cancel my appointment", sender=PHONE[1:])
    tenant_id, conversation = await world.one("select id from tenant"), await world.one("select id from conversation")
    begun = asyncio.Event()

    async def answer() -> None:
        await begun.wait()
        await handle(world.runtime, conversation)

    customer = asyncio.create_task(answer())
    async with world.runtime.begin() as conn:
        await keeping.held(conn, id, tenant_id=tenant_id)
        begun.set()
        await met(world, conn, customer)
        await keeping.cancel(conn, id, tenant_id=tenant_id, reason="a test", say=False, now=world.clock())
    await customer
    await world.work()
    assert [text.splitlines()[0] for text in world.outside.texts] == [LATE]
