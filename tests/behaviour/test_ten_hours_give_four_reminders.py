"""`/api/bookings`: every two hours after booking, strictly before the appointment, none if it is less than two away."""

from datetime import UTC, datetime

from tests.bookings import PHONE, ask
from tests.world import World

BODY = {
    "id": "booking_123",
    "customerName": "Alice",
    "customerPhone": PHONE,
    "customerEmail": "alice@example.com",
    "serviceName": "Haircut",
    "barberName": "Sam",
    "appointmentTime": "2027-03-03T22:00:00Z",  # ten hours after noon
}
STATS = {"waiting": 0, "active": 0, "completed": 0, "failed": 0, "delayed": 0}


def jobs(*each: tuple[int, str]) -> list[dict[str, object]]:
    return [
        {
            "jobId": f"booking_123-reminder-{n}",
            "state": state,
            "scheduledFor": f"2027-03-03T{12 + 2 * n}:00:00Z",
            "reason": None,
        }
        for n, state in each
    ]


async def test_the_whole_story(world: World) -> None:
    made = await ask(world, "POST", "/api/bookings", BODY)
    assert (made.status_code, made.json()) == (
        201,
        {
            "id": "booking_123",
            "serviceName": "Haircut",
            "barberName": "Sam",
            "appointmentTime": "2027-03-03T22:00:00Z",
            "timeZone": "Europe/Berlin",
            "status": "booked",
            "reminders": 4,
        },
    )
    again = await ask(world, "POST", "/api/bookings", BODY)
    assert (again.status_code, again.json()) == (200, made.json())
    other = await ask(world, "POST", "/api/bookings", BODY | {"serviceName": "Shave"})
    assert other.status_code == 409
    assert await world.one("select count(*) from reminder") == 4
    path = "/api/bookings/booking_123"
    assert (await ask(world, "GET", f"{path}/reminders")).json() == jobs(*((n, "delayed") for n in (1, 2, 3, 4)))
    assert (await ask(world, "GET", "/api/queue/stats")).json() == STATS | {"delayed": 4}

    world.clock.advance(hours=1, minutes=59)
    await world.tick()
    assert world.outside.texts == []
    await world.pass_time(minutes=1)
    assert world.outside.texts == [
        "Reminder: Haircut, in 8 hours\n"
        "With: Sam\n"
        "When: Wednesday 3 March 2027 at 23:00 (Berlin time, UTC+1)\n"
        "\n"
        "Reply YES to confirm or CANCEL to cancel. For another time, write MOVE TO and when."
    ]
    assert world.outside.sent[0].subject == "Reminder: Haircut, Wednesday 3 March 2027"
    assert (await ask(world, "GET", f"{path}/reminders")).json() == jobs(
        (1, "completed"), (2, "delayed"), (3, "delayed"), (4, "delayed")
    )
    for _ in range(2):
        await world.pass_time(hours=2)
    assert (await ask(world, "GET", "/api/queue/stats")).json() == STATS | {"completed": 3, "delayed": 1}
    await world.pass_time(hours=2)
    assert len(world.outside.sent) == 4
    await world.pass_time(hours=24)
    assert len(world.outside.sent) == 4
    assert (await ask(world, "GET", "/api/queue/stats")).json() == STATS
    states = await world.rows("select to_status from event where subject = 'reminder' order by id")
    assert [state for (state,) in states] == ["due", "sending", "sent"] * 4


async def test_strictly_before(world: World) -> None:
    counts = {"13:59:59": 0, "14:00:00": 0, "14:00:01": 1, "16:00:00": 1, "16:00:01": 2, "22:00:00": 4}
    for at, count in counts.items():
        body = BODY | {"id": at, "appointmentTime": f"2027-03-03T{at}Z"}
        assert (await ask(world, "POST", "/api/bookings", body)).json()["reminders"] == count, at


async def test_moved_and_cancelled(world: World) -> None:
    await ask(world, "POST", "/api/bookings", BODY)
    world.clock.advance(minutes=30)
    path = "/api/bookings/booking_123"
    moved = await ask(world, "PATCH", path, {"appointmentTime": "2027-03-03T17:00:00+01:00"})
    assert (moved.status_code, moved.json()["reminders"]) == (200, 1)
    (job,) = (await ask(world, "GET", f"{path}/reminders")).json()
    assert job["jobId"] == "booking_123-reminder-1"
    assert datetime.fromisoformat(job["scheduledFor"]) == datetime(2027, 3, 3, 14, 30, tzinfo=UTC)
    gone = await ask(world, "DELETE", path)
    assert (gone.status_code, gone.json()["status"], gone.json()["reminders"]) == (200, "cancelled", 0)
    assert (await ask(world, "GET", f"{path}/reminders")).json() == []
    assert (await ask(world, "PATCH", path, {"serviceName": "Shave"})).status_code == 409
    await world.work()
    await world.pass_time(days=1)
    assert [text.splitlines()[0] for text in world.outside.texts] == ["Your appointment is cancelled: Haircut"]


async def test_what_is_wrong_is_named(world: World) -> None:
    body = {"customerPhone": "12345", "serviceName": "", "appointmentTime": "soon", "timeZone": "Berlin", "x": 1}
    answer = await ask(world, "POST", "/api/bookings", body)
    assert answer.status_code == 422
    pointers = {each["pointer"] for each in answer.json()["errors"]}
    assert pointers == {"/customerPhone", "/serviceName", "/appointmentTime", "/timeZone", "/x"}
    for gone in ("/api/bookings/nobody/reminders", "/api/bookings/00000000-0000-0000-0000-000000000000/reminders"):
        assert (await ask(world, "GET", gone)).status_code == 404
    past = await ask(world, "POST", "/api/bookings", BODY | {"appointmentTime": "2027-03-03T11:00:00Z"})
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/appointmentTime")
    assert await world.one("select count(*) from booking") == 0
