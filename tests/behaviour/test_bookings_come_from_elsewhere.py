"""Files, calendar feeds and Cal.com: each entry once, moved when it moved, gone when gone, refused with a reason."""

import asyncio
import hmac
import io
from pathlib import Path
from typing import Any

import msgspec
import pytest
from rich.console import Console

from concierge.bookings.sources.importing import Wanted, bring_in
from concierge.errors import SettingsError, Unreachable
from concierge.simulators.serving import Answer, Request, serving
from tests.bookings import ask
from tests.fakes import FrozenClock
from tests.world import World, open_world

CSV = """external_id;customer_name;phone;email;service;starts_at;zone;status
a1;Alice;+4915112345678;;Haircut;2027-03-12 09:00;;
a2;Bob;;bob@example.com;Shave;2027-03-12T09:00:00+01:00;Europe/London;
a3;Carol;12345;;;2027-02-30;Nowhere;
a4;Dan;;;Haircut;2027-03-12 09:00;;
a5;Eve;;eve@example.com;Haircut;2027-01-01 09:00;;
"""
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//y//EN
BEGIN:VEVENT
UID:one@shop
DTSTART;TZID=America/New_York:20270312T090000
DTEND;TZID=America/New_York:20270312T093000
SUMMARY:Haircut
ORGANIZER;CN=Sam:mailto:sam@shop.example
ATTENDEE;CN=Alice:mailto:Alice@Example.com
END:VEVENT
BEGIN:VEVENT
UID:two@shop
DTSTART:20270312T090000Z
SUMMARY:Shave
ATTENDEE;CN=Bob:tel:+4915112345678
END:VEVENT
BEGIN:VEVENT
UID:three@shop
DTSTART;VALUE=DATE:20270312
SUMMARY:Closed
END:VEVENT
BEGIN:VEVENT
UID:four@shop
DTSTART:20270312T090000Z
RRULE:FREQ=DAILY
ATTENDEE:mailto:x@example.com
END:VEVENT
END:VCALENDAR
"""
ALL = "select external_id, service, wall::text, zone, status from booking order by external_id"


async def bring(world: World, place: Path | str, content: str | None = None, **more: Any) -> tuple[int, list[str]]:
    """(how many entries were not taken, what was said)."""
    if content is not None:
        await asyncio.to_thread(Path(place).write_text, content)
    said = io.StringIO()
    wanted = Wanted(place=str(place), source="shop", **more)
    wrong = await bring_in(world.runtime, wanted, Console(file=said, width=200))
    return wrong, said.getvalue().strip().splitlines()


async def test_a_table(world: World, tmp_path: Path) -> None:
    file = tmp_path / "bookings.csv"
    wrong, said = await bring(world, file, CSV, dry_run=True)
    assert (wrong, said[-1]) == (2, "nothing is kept (dry run): 2 booked, 1 past, 2 not taken")
    assert await world.rows(ALL) == []
    wrong, said = await bring(world, file)
    assert said[-1] == "2 booked, 1 past, 2 not taken"
    assert [line for line in said if "line 4" in line and all(f in line for f in ("/phone", "/starts_at", "/zone"))]
    booked = [
        ("a1", "Haircut", "2027-03-12 09:00:00", "Europe/Berlin", "booked"),
        ("a2", "Shave", "2027-03-12 08:00:00", "Europe/London", "booked"),
    ]
    assert await world.rows(ALL) == booked
    assert (await bring(world, file))[1][-1] == "1 past, 2 unchanged, 2 not taken"
    moved = CSV.replace(
        "a1;Alice;+4915112345678;;Haircut;2027-03-12 09:00;;", "a1;Alice;+4915112345678;;Haircut;2027-03-13 10:00;;"
    )
    moved = moved.replace("Europe/London;", "Europe/London;cancelled")
    assert (await bring(world, file, moved))[1][-1] == "1 cancelled, 1 moved, 1 past, 2 not taken"
    assert await world.rows("select count(*) from reminder where status = 'planned'") == [(2,)]
    await world.work()
    assert world.outside.texts == []
    same = [
        {"external_id": "a1", "email": "alice@example.com", "service": "Haircut", "starts_at": "2027-03-13T10:00:00"}
    ]
    assert (await bring(world, file, msgspec.json.encode(same).decode()))[1][-1] == "1 unchanged, 0 not taken"
    with pytest.raises(SettingsError):
        await bring(world, tmp_path / "missing.csv")


async def test_a_calendar(world: World, tmp_path: Path) -> None:
    file = tmp_path / "shop.ics"
    wrong, said = await bring(world, file, ICS)
    assert said == [
        "not taken: event three@shop: it has no UID, or is no appointment at a time of day",
        "not taken: event four@shop: it is repeated",
        "2 booked, 2 not taken",
    ]
    assert wrong == 2
    assert await world.rows(ALL) == [
        ("one@shop", "Haircut", "2027-03-12 09:00:00", "America/New_York", "booked"),
        ("two@shop", "Shave", "2027-03-12 10:00:00", "Europe/Berlin", "booked"),
    ]
    assert await world.rows("select provider, ends_at - starts_at from booking where provider is not null") != []
    gone = ICS.replace("SUMMARY:Haircut", "SUMMARY:Haircut\nSTATUS:CANCELLED")
    assert (await bring(world, file, gone))[1][-1] == "1 cancelled, 1 unchanged, 2 not taken"


async def test_a_feed(db: str, clock: FrozenClock) -> None:
    """Read where it leads, as far as a call may lead that somebody else asked for; what it holds is taken once."""

    async def calendar(request: Request) -> Answer | None:
        match request.path:
            case "/feed.ics":
                return Answer(200, ICS.encode(), {"content-type": "text/calendar"})
            case "/moved":
                return Answer(302, headers={"location": "/feed.ics"})
            case "/inside":
                return Answer(302, headers={"location": "http://10.0.0.1/feed.ics"})
            case "/round":
                return Answer(302, headers={"location": "/round"})
            case "/large":
                return Answer(200, b"x" * 2_000)
            case "/broken":
                return None
            case _:
                return Answer(404)

    async with serving(calendar) as url, open_world(db, clock, EGRESS_NETWORKS="127.0.0.1/32") as world:
        assert (await bring(world, f"{url}/feed.ics"))[1][-1] == "2 booked, 2 not taken"
        assert (await bring(world, f"{url}/moved"))[1][-1] == "2 unchanged, 2 not taken"
        for path, reason in (
            ("/inside", "not public"),
            ("/round", "from one place to the next"),
            ("/broken", "no connection"),
            ("/gone", "404"),
        ):
            with pytest.raises(Unreachable, match=reason):
                await bring(world, url + path)
        with pytest.raises(Unreachable, match="1000 bytes"):
            await world.runtime.read_from(f"{url}/large", limit=1_000)
        assert await world.one("select count(*) from booking") == 2
    async with serving(calendar) as url, open_world(db, clock) as world:
        with pytest.raises(Unreachable, match="not public"):
            await bring(world, f"{url}/feed.ics")


def event(trigger: str, uid: str, start: str, *, at: str, **more: Any) -> bytes:
    payload = {
        "uid": uid,
        "type": "Haircut",
        "title": "Haircut between Sam and Alice",
        "startTime": start,
        "endTime": start.replace(":00:00", ":30:00"),
        "location": "integrations:daily",
        "organizer": {"name": "Sam", "email": "sam@shop.example", "timeZone": "America/New_York"},
        "attendees": [{"name": "Alice", "email": "alice@example.com", "language": {"locale": "de"}}],
        "responses": {"attendeePhoneNumber": {"label": "phone", "value": "+49 151 12345678"}},
    }
    return msgspec.json.encode({"triggerEvent": trigger, "createdAt": at, "payload": payload | more})


async def test_cal_com(world: World) -> None:
    made = (await ask(world, "POST", "/v1/booking-sources", {"name": "Cal.com"})).json()

    async def send(body: bytes, secret: str = made["secret"]) -> Any:
        signature = hmac.digest(secret.encode(), body, "sha256").hex()
        answer = await world.client.post(made["path"], content=body, headers={"x-cal-signature-256": signature})
        return answer.json().get("status", answer.status_code)

    created = event("BOOKING_CREATED", "u1", "2027-03-12T14:00:00Z", at="2027-03-03T12:00:00Z")
    assert [await send(created), await send(created)] == ["booked", "unchanged"]
    assert await send(created, "another-secret-of-somebody") == 401
    assert (await world.client.post(made["path"], content=created)).status_code == 401
    assert await world.rows("select wall::text, zone, provider, location from booking") == [
        ("2027-03-12 09:00:00", "America/New_York", "Sam", None)
    ]
    assert await world.rows("select language from contact") == [("de",)]
    assert sorted(await world.rows("select channel, value from contact_identity")) == [
        ("email", "alice@example.com"),
        ("whatsapp", "4915112345678"),
    ]
    moved = event("BOOKING_RESCHEDULED", "u2", "2027-03-13T14:00:00Z", at="2027-03-03T12:05:00Z", rescheduleUid="u1")
    assert [await send(moved), await send(moved), await send(created)] == ["moved", "unchanged", "unchanged"]
    assert await world.rows("select external_id, former_ids, status from booking") == [("u2", ["u1"], "booked")]


async def test_cal_com_out_of_order_and_cancelled(world: World) -> None:
    made = (await ask(world, "POST", "/v1/booking-sources", {"name": "Cal.com"})).json()

    async def send(body: bytes) -> Any:
        signature = hmac.digest(made["secret"].encode(), body, "sha256").hex()
        answer = await world.client.post(made["path"], content=body, headers={"x-cal-signature-256": signature})
        return answer.json().get("status", answer.status_code)

    start = "2027-03-12T14:00:00Z"
    assert await send(event("BOOKING_CANCELLED", "u1", start, at="2027-03-03T12:05:00Z")) == "cancelled"
    assert await send(event("BOOKING_CREATED", "u1", start, at="2027-03-03T12:00:00Z")) == "unchanged"
    assert await world.rows("select status from booking") == [("cancelled",)]
    assert await send(event("BOOKING_CREATED", "u2", start, at="2027-03-03T12:00:00Z")) == "booked"
    assert await send(event("BOOKING_REJECTED", "u2", start, at="2027-03-03T12:01:00Z")) == "cancelled"
    assert await send(b'{"triggerEvent": "PING", "createdAt": "2027-03-03T12:00:00Z"}') == "ignored"
    assert await send(b"{}") == 400
    assert (await ask(world, "DELETE", f"/v1/booking-sources/{made['id']}")).status_code == 204
    assert await send(event("BOOKING_CREATED", "u3", start, at="2027-03-03T12:00:00Z")) == 401
    await world.pass_time(days=9)
    assert world.outside.texts == []


async def test_who_is_asked_to_choose_another_time_has_an_appointment_again(world: World) -> None:
    """Cal.com cancels the booking at once, and tells of the new one, whenever it is made, as of a moved one."""
    made = (await ask(world, "POST", "/v1/booking-sources", {"name": "Cal.com"})).json()

    async def send(body: bytes) -> Any:
        signature = hmac.digest(made["secret"].encode(), body, "sha256").hex()
        answer = await world.client.post(made["path"], content=body, headers={"x-cal-signature-256": signature})
        return answer.json()["status"]

    created = event("BOOKING_CREATED", "u1", "2027-03-12T14:00:00Z", at="2027-03-03T12:00:00Z")
    gone = event("BOOKING_CANCELLED", "u1", "2027-03-12T14:00:00Z", at="2027-03-03T12:01:00Z")
    again = event("BOOKING_RESCHEDULED", "u2", "2027-03-13T14:00:00Z", at="2027-03-03T12:02:00Z", rescheduleUid="u1")
    assert [await send(each) for each in (created, gone, again, gone, again)] == [
        "booked",
        "cancelled",
        "booked",
        "unchanged",
        "unchanged",
    ]
    assert await world.rows("select external_id, status from booking order by 1") == [
        ("u1", "cancelled"),
        ("u2", "booked"),
    ]
    assert await world.one("select count(*) from reminder where status = 'planned'") == 2
