"""Nine o'clock stays nine o'clock: when clocks change, when countries change their rules, and in what is said of it."""

from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from icalendar import Calendar

from concierge.bookings import retelling, times
from concierge.bookings.people.numbers import e164
from concierge.channels.email.composing import composed
from concierge.channels.model import ChannelAccount
from concierge.errors import Malformed
from tests.bookings import ask, book, reminders
from tests.each import each
from tests.world import World

EMAIL = {"phone": None, "email": "alice@example.com"}


CHANGES = (
    ("2027-03-27T09:00:00", "2027-03-27T08:00:00Z", "2027-03-27T09:00:00"),  # the day before
    ("2027-03-28T09:00:00", "2027-03-28T07:00:00Z", "2027-03-28T09:00:00"),  # clocks went forward that night
    ("2027-03-28T02:30:00", "2027-03-28T01:30:00Z", "2027-03-28T03:30:00"),  # there is no such time
    ("2027-10-31T02:30:00", "2027-10-31T00:30:00Z", "2027-10-31T02:30:00"),  # there are two: the first
    ("2027-10-31T02:30:00+01:00", "2027-10-31T01:30:00Z", "2027-10-31T02:30:00"),  # or the one that was said
    ("2027-11-01T09:00:00", "2027-11-01T08:00:00Z", "2027-11-01T09:00:00"),
)


async def test_changes_of_clocks(world: World) -> None:
    dues = set()
    for local, instant, shown in CHANGES:
        made = await book(world, local, customer=EMAIL)
        assert (made["starts_at"], made["local_time"], made["zone"]) == (instant, shown, "Europe/Berlin")
        start = datetime.fromisoformat(instant)
        dues |= {start - timedelta(hours=24), start - timedelta(hours=2)}
    assert {due for _, _, due in await reminders(world)} == dues


async def test_another_zone_alone_keeps_what_the_clock_shows(world: World) -> None:
    made = await book(world, "2027-03-12T09:00:00", customer=EMAIL, ends_at="2027-03-12T10:30:00")
    path = f"/v1/bookings/{made['id']}"
    moved = (await ask(world, "PATCH", path, {"zone": "America/New_York"})).json()
    assert (moved["local_time"], moved["starts_at"]) == ("2027-03-12T09:00:00", "2027-03-12T14:00:00Z")
    later = (await ask(world, "PATCH", path, {"starts_at": "2027-03-13T09:00:00"})).json()
    assert (later["starts_at"], later["ends_at"]) == ("2027-03-13T14:00:00Z", "2027-03-13T15:30:00Z")
    assert (await ask(world, "PATCH", path, {"ends_at": "2027-03-13T09:00:00"})).status_code == 422


async def test_another_end_alone_keeps_the_start(world: World) -> None:
    """Also of the second of two equal hours in the night when the clocks go back."""
    made = await book(world, "2027-10-31T02:30:00+01:00", customer=EMAIL)
    assert (made["starts_at"], made["local_time"]) == ("2027-10-31T01:30:00Z", "2027-10-31T02:30:00")
    longer = await ask(world, "PATCH", f"/v1/bookings/{made['id']}", {"ends_at": "2027-10-31T04:00:00"})
    assert longer.json()["starts_at"] == "2027-10-31T01:30:00Z"


async def test_new_rules_of_a_zone_are_a_new_plan(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somewhere the clocks were to be changed; the bookings were made by what was known then."""
    made = await book(world, "2027-04-12T09:00:00", customer=EMAIL)
    same = await book(world, "2027-04-12T09:00:00", customer=EMAIL, zone="UTC")
    await world.tick()
    assert await world.one("select count(*) from reminder where status = 'cancelled'") == 0
    stale = "update booking set starts_at = starts_at + interval '1 hour', zone_rules = '2019a' where id = %(id)s"
    await world.execute(stale, id=made["id"])
    await world.execute("update booking set zone_rules = '2019a' where id = %(id)s", id=same["id"])
    await retelling.retell_stale(world.runtime)
    shown = (await ask(world, "GET", f"/v1/bookings/{made['id']}")).json()
    assert (shown["starts_at"], shown["local_time"]) == ("2027-04-12T07:00:00Z", "2027-04-12T09:00:00")
    assert await world.rows("select distinct zone_rules from booking") == [(times.rules(),)]
    versions = await world.rows("select id::text, schedule_version from booking")
    assert dict(versions) == {made["id"]: 2, same["id"]: 1}
    old = await world.rows("select distinct reason from reminder where status = 'cancelled'")
    assert old == [("the rules of its time zone changed",)]
    monkeypatch.setattr(retelling, "rules", lambda: "2099z")
    await retelling.retell_stale(world.runtime)
    assert await world.one("select count(*) from booking where schedule_version > 2") == 0


async def test_it_comes_with_a_calendar_file(world: World) -> None:
    made = await book(
        world, "2027-03-04T09:00:00", customer=EMAIL, location="Main Street 1", ends_at="2027-03-04T09:45:00"
    )
    await world.pass_time(hours=19)
    account = ChannelAccount(
        id=made["id"], tenant_id=made["id"], channel="email", external_id="desk@example.com", transport="smtp"
    )
    content = composed(world.outside.sent[0], account).as_bytes()
    assert content == composed(world.outside.sent[0], account).as_bytes()
    mail: Any = message_from_bytes(content, policy=policy.default)
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    (attached,) = mail.iter_attachments()
    assert (attached.get_filename(), attached["content-type"].params["method"]) == ("appointment.ics", "PUBLISH")
    (event,) = Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert event.decoded("DTSTART") == datetime(2027, 3, 4, 8, 0, tzinfo=UTC)
    assert str(event["DTSTART"].params["TZID"]) == "Europe/Berlin"
    assert event.decoded("DTEND") == datetime(2027, 3, 4, 8, 45, tzinfo=UTC)
    assert (str(event["UID"]), str(event["LOCATION"])) == (f"{made['id']}@concierge", "Main Street 1")


@each("number", ["12345", "", "+1", "hello", "+49151123456789012345"])
def test_numbers_that_nobody_has(number: str) -> None:
    with pytest.raises(Malformed):
        e164(number, region=None)


def test_numbers_as_people_write_them() -> None:
    assert e164("+49 (151) 1234-5678", region=None) == "+4915112345678"
    assert e164("0151 12345678", region="DE") == "+4915112345678"
