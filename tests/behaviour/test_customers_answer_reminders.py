"""Confirm, cancel, "move to tomorrow 3pm", STOP: what customers write back is done; nothing else is taken for it."""

from typing import Any

import pytest

from concierge.bookings.answers.reading import Wish, read
from concierge.bookings.retelling import retell_stale
from concierge.llm.local.reading import read as locally
from concierge.llm.purposes import Replied
from tests.agents import configure
from tests.bookings import ask, book, policy
from tests.each import each
from tests.fakes import reading
from tests.world import World

START = "2027-03-03T16:00:00Z"
EMAIL = {"phone": None, "email": "alice@example.com"}


@pytest.fixture
async def reminded(world: World) -> World:
    """Alice has an appointment at 17:00 in Berlin, and was reminded of it two hours before."""
    world.model.script = lambda prompt: reading("Something else", None)  # what other skills would make of a message
    await book(world, START, customer=EMAIL)
    await world.pass_time(hours=2)
    assert len(world.outside.sent) == 1
    return world


async def write(world: World, text: str, **more: Any) -> str:
    """What Alice is answered."""
    before = len(world.outside.sent)
    await world.email(text, id=f"m-{before}-{text[:9]}", **more)
    await world.work()
    return "\n".join(world.outside.texts[before:])


async def booking(world: World) -> tuple[str, Any]:
    ((status, wish),) = await world.rows("select status, wish from booking")
    return status, wish


async def test_yes_confirms(reminded: World) -> None:
    said = await write(reminded, "Yes!")
    assert said == "Thank you, it is confirmed: Haircut, Wednesday 3 March 2027 at 17:00 (Berlin time, UTC+1)."
    assert await booking(reminded) == ("confirmed", None)
    assert await reminded.one("select count(*) from task") == 0
    assert await write(reminded, "yes") != said  # nothing was asked since

    # another time is not what was confirmed; another text is
    path = f"/v1/bookings/{await reminded.one('select id from booking')}"
    assert (await ask(reminded, "PATCH", path, {"service": "Shave"})).json()["status"] == "confirmed"
    assert (await ask(reminded, "PATCH", path, {"starts_at": "2027-03-05T16:00:00Z"})).json()["status"] == "booked"
    assert await reminded.moves(await reminded.one("select id from booking")) == [
        "booked",
        "confirmed",
        "booked",
        "booked",
    ]


async def test_cancel_cancels_and_takes_it_out_of_the_calendar(reminded: World) -> None:
    assert (await write(reminded, "Cancel please")).splitlines()[0] == "Your appointment is cancelled: Haircut"
    assert await booking(reminded) == ("cancelled", None)
    (file,) = reminded.outside.sent[-1].files
    assert "STATUS:CANCELLED" in file.content
    await reminded.pass_time(hours=2)
    assert len(reminded.outside.sent) == 2


async def test_another_time_is_an_operators_to_decide(reminded: World) -> None:
    reminded.model.script = locally
    said = await write(reminded, "Move to tomorrow 3pm please")
    assert said == (
        "Thank you. We will check whether Thursday 4 March 2027 at 15:00 (Berlin time, UTC+1) is possible and write to"
        " you. Until then your appointment stays as it is."
    )
    status, wish = await booking(reminded)
    assert (status, wish.isoformat()) == ("booked", "2027-03-04T15:00:00")
    assert await reminded.rows("select subject, kind, text from notification") == [
        ("booking", "wish", "its customer would rather come on Thursday 4 March 2027 at 15:00 (Berlin time, UTC+1)")
    ]
    assert await reminded.one("select count(*) from task") == 0


async def test_a_wish_stays_until_somebody_decides(reminded: World) -> None:
    """Neither another text, nor another policy, nor other rules of its time zone answer it; another time does."""
    reminded.model.script = locally
    await write(reminded, "Move to tomorrow 3pm please")
    id = await reminded.one("select id from booking")
    path, wish = f"/v1/bookings/{id}", "2027-03-04T15:00:00"
    rule = await reminded.one("select policy_id from booking")
    await ask(reminded, "PATCH", path, {"service": "Shave"})
    await ask(reminded, "PATCH", f"/v1/reminder-policies/{rule}", {"most": 7})
    await reminded.execute("update booking set zone_rules = '1999a', starts_at = starts_at + interval '1 hour'")
    await retell_stale(reminded.runtime)
    await reminded.work()
    shown = (await ask(reminded, "GET", path)).json()
    assert (shown["service"], shown["wish"], shown["starts_at"]) == ("Shave", wish, START)

    # a second wish is news, though nobody has looked at the first
    await write(reminded, "Move my appointment to tomorrow 4pm please")
    open_ones = "select text from notification where kind = 'wish' and acknowledged_at is null"
    assert "16:00" in await reminded.one(open_ones)
    await ask(reminded, "PATCH", path, {"starts_at": "2027-03-04T16:00:00"})
    assert (await ask(reminded, "GET", path)).json()["wish"] is None
    assert await reminded.rows(open_ones) == []


async def test_one_answer_a_turn(reminded: World) -> None:
    """An agent that talks before it looks at appointments still does what is wanted."""
    await configure(reminded, "replies", "bookings")
    reminded.model.script = lambda _: Replied("An answer.", wants_human=False)
    assert await write(reminded, "Cancel my appointment please") == "An answer."
    assert await booking(reminded) == ("cancelled", None)


async def test_or_done_at_once_where_the_policy_says_so(world: World) -> None:
    world.model.script = locally
    rule = await policy(world, before=["PT2H"], moves="direct")
    made = await book(world, START, customer=EMAIL, policy_id=rule)
    await world.pass_time(hours=2)
    said = await write(world, "Can we move my appointment to tomorrow at 3pm?")
    assert said == "Your appointment is moved: Haircut, now Thursday 4 March 2027 at 15:00 (Berlin time, UTC+1)."
    plan = (await ask(world, "GET", f"/v1/bookings/{made['id']}/reminders")).json()["data"]
    assert [(each["due_at"], each["status"]) for each in plan] == [
        ("2027-03-03T14:00:00Z", "sent"),
        ("2027-03-04T12:00:00Z", "planned"),
    ]
    assert "Which day and time" in await write(world, "please move my appointment to next week")


async def test_stop_is_silence_on_every_channel(reminded: World) -> None:
    await book(reminded, "2027-03-03T20:00:00Z", customer=EMAIL | {"phone": "+4915112345678"})
    assert "no more messages" in (await write(reminded, "STOP")).lower() or len(reminded.outside.sent) == 2
    await reminded.pass_time(hours=4)
    assert len(reminded.outside.sent) == 2
    assert await reminded.rows("select status, reason from reminder where status <> 'sent'") == [
        ("skipped", "its customer asked for silence")
    ]


async def test_of_several_appointments_the_one_that_was_spoken_of(reminded: World) -> None:
    await book(reminded, "2027-03-09T16:00:00Z", customer=EMAIL, service="Shave")
    assert "Haircut" in await write(reminded, "yes")
    await write(reminded, "thanks")  # answered by another skill: now nothing was spoken of
    assert (await write(reminded, "please cancel my appointment")).startswith("You have several appointments.")
    assert await reminded.one("select count(*) from booking where status = 'cancelled'") == 0
    assert await reminded.one("select kind from notification where kind = 'which_booking'") == "which_booking"


async def test_what_is_not_about_an_appointment_is_left_to_the_others(reminded: World) -> None:
    for text in ("Remind me to call Bob tomorrow", "yes, and where do I park?", "I moved to Berlin"):
        await write(reminded, text)
    assert await booking(reminded) == ("booked", None)
    await reminded.execute("update booking set status = 'cancelled'")
    await write(reminded, "cancel my appointment")
    assert await reminded.one("select count(*) from outbound_message where kind = 'booking_answer'") == 0


@each(
    ("text", "wish"),
    [
        ("Yes please.", Wish("confirm", named=False)),
        ("👍", Wish("confirm", named=False)),
        ("JA", Wish("confirm", named=False)),
        ("Sí", Wish("confirm", named=False)),
        ("oui", Wish("confirm", named=False)),
        ("Tak", Wish("confirm", named=False)),
        ("نعم", Wish("confirm", named=False)),
        ("हाँ", Wish("confirm", named=False)),
        ("absagen", Wish("cancel", named=False)),
        ("I can’t make it", Wish("cancel", named=False)),
        ("I have to cancel my booking", Wish("cancel", named=True)),
        ("Could you reschedule it to Friday at 10?", Wish("move", named=False, time="Friday at 10")),
        ("Bitte den Termin verschieben auf morgen 15 Uhr", Wish("move", named=True, time="morgen 15 Uhr")),
        ("déplacer au vendredi 10h", Wish("move", named=False, time="vendredi 10h")),
        ("no", None),
        ("Where are you?", None),
        ("", None),
    ],
)
def test_words(text: str, wish: Wish | None) -> None:
    assert read(text) == wish
