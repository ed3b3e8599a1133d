"""However often and in whatever moment a booking is moved: what is sent is of the newest plan, and each once."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

from concierge.bookings import keeping
from concierge.bookings.model import Change
from concierge.bookings.reminders.reminding import remind, take_due
from concierge.bookings.times import agreed
from concierge.outbox.delivery import deliver
from tests.bookings import ask, book, policy, reminders
from tests.world import World

EMAIL = {"phone": None, "email": "alice@example.com"}


def at(hour: int, minute: int = 0, day: int = 3) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


async def test_earlier_and_later_many_times(world: World) -> None:
    rule = await policy(world, every="PT2H")
    booking = await book(world, "2027-03-03T22:00:00Z", customer=EMAIL, policy_id=rule)
    path = f"/v1/bookings/{booking['id']}"
    for hour in (16, 23, 17, 21, 15, 19):
        answer = await ask(world, "PATCH", path, {"starts_at": at(hour).isoformat()})
        assert answer.status_code == 200
    assert [(n, due) for n, _, due in await reminders(world)] == [(1, at(14)), (2, at(16)), (3, at(18))]
    assert await world.one("select count(*) from reminder where status = 'planned'") == 3
    assert await world.one("select count(distinct (schedule_version, n)) = count(*) from reminder")
    whole = (await ask(world, "GET", f"{path}/reminders")).json()["data"]
    assert {(each["status"], each["reason"]) for each in whole} == {
        ("planned", None),
        ("cancelled", "the booking was moved"),
    }
    for hours in (2, 2, 2, 3):
        await world.pass_time(hours=hours)
    assert [text.splitlines()[0] for text in world.outside.texts] == [
        "Reminder: Haircut, in 5 hours",
        "Reminder: Haircut, in 3 hours",
        "Reminder: Haircut, in 60 minutes",
    ]
    assert all("20:00 (Berlin time, UTC+1)" in text for text in world.outside.texts)


async def test_what_was_due_before_a_move_is_not_made_up_for(world: World) -> None:
    """It waited for a better hour. Two hours before the new time is past as well: who moves it knows of it."""
    rule = await policy(world, before=["PT2H"])
    booking = await book(world, "2027-03-03T16:00:00Z", customer=EMAIL, policy_id=rule)
    await world.execute("update tenant set quiet_from = '14:00', quiet_until = '16:30'")
    await world.pass_time(hours=2)
    assert await world.one("select status from outbound_message") == "held"
    world.clock.advance(hours=1)
    await ask(world, "PATCH", f"/v1/bookings/{booking['id']}", {"starts_at": at(16, 30).isoformat()})
    assert await reminders(world) == []
    world.clock.advance(minutes=1)
    await ask(world, "PATCH", f"/v1/reminder-policies/{rule}", {"most": 100})
    await world.work()
    assert await reminders(world) == []


async def test_only_who_saw_the_present_state_changes_it(world: World) -> None:
    booking = await book(world, "2027-03-04T16:00:00+01:00")
    path = f"/v1/bookings/{booking['id']}"
    tag = (await ask(world, "GET", path)).headers["etag"]
    moved = await ask(world, "PATCH", path, {"starts_at": "2027-03-05T10:00:00"}, **{"if-match": tag})
    assert (moved.status_code, moved.json()["starts_at"]) == (200, "2027-03-05T09:00:00Z")
    assert moved.headers["etag"] != tag
    late = await ask(world, "PATCH", path, {"starts_at": "2027-03-06T10:00:00"}, **{"if-match": tag})
    assert (late.status_code, (await ask(world, "DELETE", path, **{"if-match": tag})).status_code) == (412, 412)


async def test_while_reminders_are_being_sent(world: World) -> None:
    """Movers, schedulers, senders and deliverers at once, over a clock that runs on: never an old one, never twice."""
    rule = await policy(world, every="PT15M")
    ids = [
        UUID((await book(world, at(20).isoformat(), customer=EMAIL, policy_id=rule, service=f"S{n}"))["id"])
        for n in range(3)
    ]
    tenant_id = await world.one("select id from tenant")
    random, runtime = Random(7), world.runtime

    async def move(id: UUID) -> None:
        start = world.clock() + timedelta(minutes=random.randrange(20, 600))
        async with runtime.begin() as conn:
            change = Change(when=agreed(start, None, "Europe/Berlin"))
            await keeping.change(conn, id, change, tenant_id=tenant_id, now=world.clock())

    async def send() -> None:
        await take_due(runtime)
        due = [id for (id,) in await world.rows("select id from reminder where status = 'due'")]
        await asyncio.gather(*(remind(runtime, id) for id in due for _ in range(2)))
        lines = await world.rows("select distinct conversation_id from outbound_message where status = 'queued'")
        await asyncio.gather(*(deliver(runtime, id) for (id,) in lines))

    for _ in range(12):
        world.clock.advance(minutes=random.randrange(10, 20))
        await asyncio.gather(*(move(random.choice(ids)) for _ in range(2)), send(), send())
    await world.tick()
    left = await world.rows(
        "select count(*) from reminder r join booking b on b.id = r.booking_id"
        " where r.schedule_version <> b.schedule_version and r.status in ('planned', 'due')"
    )
    assert left == [(0,)]
    sent = await world.rows(
        "select o.id, r.id from outbound_message o left join reminder r on r.outbound_message_id = o.id"
        " where o.status = 'sent'"
    )
    assert len(sent) == len(world.outside.sent) == len({message.id for message in world.outside.sent}) > 3
    assert all(reminder is not None for _, reminder in sent)
    for id in ids:  # what lies ahead is the plan of the present time, and nothing else
        booking = (await ask(world, "GET", f"/v1/bookings/{id}")).json()
        ahead = await world.rows(
            "select n, due_at from reminder where booking_id = %(id)s and status in ('planned', 'due') order by n",
            id=id,
        )
        start = datetime.fromisoformat(booking["starts_at"])
        assert all(due < start for _, due in ahead)
        assert [due for _, due in ahead] == sorted({due for _, due in ahead})


async def test_a_message_of_the_old_time_is_withdrawn(world: World) -> None:
    booking = await book(world, at(16).isoformat(), customer=EMAIL)
    world.clock.advance(hours=2)
    await take_due(world.runtime)
    await remind(world.runtime, await world.one("select id from reminder where status = 'due'"))
    await ask(world, "PATCH", f"/v1/bookings/{booking['id']}", {"starts_at": at(18).isoformat()})
    await world.work()
    assert world.outside.texts == []
    await world.pass_time(hours=2)
    assert [text.splitlines()[2] for text in world.outside.texts] == [
        "When: Wednesday 3 March 2027 at 19:00 (Berlin time, UTC+1)"
    ]
