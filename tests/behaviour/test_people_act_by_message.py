"""What people say about their follow-ups changes them and is confirmed, touches nobody else's, is asked if unclear."""

from datetime import timedelta
from uuid import UUID

import pytest

from concierge.llm.purposes import Change, Preferred, Reading
from tests.agents import talk as talk_by
from tests.offline import offline
from tests.world import World

TASKS = "select title, status, wall::text from task order by created_at, id"


async def talk(world: World, *texts: str) -> list[str]:
    """By e-mail, where a reminder may come at any time."""
    return await talk_by(world, *texts, channel="email")


@pytest.fixture
async def told(world: World) -> World:
    """Two follow-ups; it is Wednesday noon, 13:00 in Berlin."""
    world.model.script = offline
    await talk(world, "Remind me to call Bob tomorrow at 3pm", "Dentist appointment on Friday at 9:30")
    return world


async def test_corrections_and_cancellations(told: World) -> None:
    assert await talk(
        told, "make that 10am", "move the call to Friday", "actually, tomorrow", "forget the dentist", "thanks!"
    ) == [
        "Changed. I'll remind you on Friday 5 March 2027 at 10:00 (Europe/Berlin): Dentist appointment",
        "Changed. I'll remind you on Friday 5 March 2027 at 15:00 (Europe/Berlin): Call Bob",
        "Changed. I'll remind you on Thursday 4 March 2027 at 15:00 (Europe/Berlin): Call Bob",
        "Cancelled: Dentist appointment",
    ]
    assert await told.rows(TASKS) == [
        ("Call Bob", "pending", "2027-03-04 15:00:00"),
        ("Dentist appointment", "cancelled", "2027-03-05 10:00:00"),
    ]
    await told.pass_time(days=3)
    assert told.outside.texts[-1:] == ["Reminder: Call Bob"]


async def test_done_and_later_after_a_reminder(told: World) -> None:
    await told.pass_time(days=1, hours=3)
    assert told.outside.texts[-1] == "Reminder: Call Bob"
    assert await talk(told, "in an hour") == [
        "Snoozed. I'll remind you on Thursday 4 March 2027 at 17:00 (Europe/Berlin): Call Bob"
    ]
    await told.pass_time(hours=1)
    assert told.outside.texts[-1] == "Reminder: Call Bob"
    assert await talk(told, "snooze to tomorrow 9", "I called Bob") == [
        "Snoozed. I'll remind you on Friday 5 March 2027 at 09:00 (Europe/Berlin): Call Bob",
        "Done: Call Bob",
    ]
    sent = len(told.outside.sent)
    await told.pass_time(days=3)
    assert told.outside.texts[sent:] == ["Reminder: Dentist appointment"]
    assert {status for _, status, _ in await told.rows(TASKS)} == {"done"}


async def test_the_list_is_numbered_and_its_numbers_count(told: World) -> None:
    first, second, third = await talk(told, "Follow up with Ann sometime", "what's on my list?", "cancel number 2")
    assert first == "I've noted: Follow up with Ann\nWhich day and time would suit you? For example “Tuesday 3pm”."
    assert second.splitlines() == [
        "On your list:",
        "1. Call Bob — Thursday 4 March 2027 at 15:00 (Europe/Berlin)",
        "2. Dentist appointment — Friday 5 March 2027 at 09:30 (Europe/Berlin)",
        "3. Follow up with Ann — no time yet",
    ]
    assert third == "Cancelled: Dentist appointment"
    assert await talk(told, "cancel everything", "what's on my list") == [
        "Cancelled: Call Bob\n\nCancelled: Follow up with Ann",
        "There is nothing on your list.",
    ]


async def test_what_is_unclear_is_asked_and_the_answer_is_understood(world: World) -> None:
    world.model.script = offline
    await talk(world, "Remind me to call Bob tomorrow at 3pm and remind me to call Ann on Friday at 10am")
    question, done, when, moved = await talk(world, "cancel the call", "the second one", "move it", "Monday at 8am")
    assert question.splitlines()[0] == "Which one do you mean?"
    assert await world.one("select count(*) from task where status <> 'cancelled'") == 1
    assert done == "Cancelled: Call Ann"
    assert when == "To when should I move it: Call Bob? For example “Tuesday 3pm”."
    assert moved == "Changed. I'll remind you on Monday 8 March 2027 at 08:00 (Europe/Berlin): Call Bob"
    kinds = await world.rows("select kind from outbound_message order by position")
    assert " ".join(kind for (kind,) in kinds) == ("confirmation clarification confirmation clarification confirmation")


async def test_preferences_are_kept(world: World) -> None:
    world.model.script = offline
    assert await talk(world, "call me Alex", "I'm on New York time", "be more formal", "answer in German please") == [
        "I'll call you Alex.",
        "I'll go by America/New_York time from now on. What is planned already keeps its time.",
        "I'll keep it formal.",
        "Gern. Ab jetzt schreibe ich Ihnen auf Deutsch.",
    ]
    assert await world.rows("select name, zone, tone, language from contact") == [
        ("Alex", "America/New_York", "formal", "de")
    ]
    (said,) = await talk(world, "remind me to call Bob tomorrow at 9am")
    assert said.endswith("am Donnerstag, 4. März 2027 um 09:00 Uhr (Ortszeit New York, UTC−5): Call Bob")
    assert await talk(world, "my time zone is Atlantis") == [
        "Diese Zeitzone kenne ich nicht. Welche größere Stadt hat dieselbe Uhrzeit wie Sie?"
    ]
    assert await world.one("select count(*) from event where type = 'contact.preferred'") == 4


async def test_each_task_of_a_turn_has_its_own_evidence(world: World) -> None:
    world.model.script = offline
    await world.whatsapp("Remind me to call Bob tomorrow at 3pm. Also pay rent on Friday", id="wamid.1")
    await world.whatsapp("and don't forget to water the plants", id="wamid.2")
    await world.whatsapp("tonight", id="wamid.3")
    await world.work()
    assert await world.rows("""
        select t.title, m.provider_message_id, t.evidence, t.quote
        from task t join inbound_message m on m.id = t.inbound_message_id order by t.title
    """) == [
        ("Call Bob", "wamid.1", "Remind me to call Bob tomorrow at 3pm", "tomorrow at 3pm"),
        ("Pay rent", "wamid.1", "Also pay rent on Friday", "Friday"),
        ("Water the plants", "wamid.2", "and don't forget to water the plants", "tonight"),
    ]
    assert len(world.outside.sent) == 1


async def test_a_model_touches_only_what_it_was_shown(told: World) -> None:
    await told.whatsapp("Remind me to feed the cat tomorrow at 5pm", id="wamid.other", sender="15557654321")
    await told.work()
    others = await told.rows("select * from task where title = 'Feed the cat'")
    refs = [f"{letter}{n}" for letter in "TQ" for n in range(9)] + [str(others[0][0]), ""]
    told.model.script = lambda prompt: Reading(
        [], changes=[Change("cancel", refs)], preferred=Preferred(zone="Mars/Base", language="klingon")
    )
    await talk(told, "hello")
    assert await told.rows("select * from task where title = 'Feed the cat'") == others
    assert [status for title, status, _ in await told.rows(TASKS) if title != "Feed the cat"] == ["cancelled"] * 2
    assert await told.rows("select 1 from contact where zone is not null or language is not null") == []


async def test_a_change_that_comes_too_late_is_said_to_be(told: World) -> None:
    """The reminder goes out while the change is thought about."""
    told.clock.now += timedelta(days=1, hours=1, minutes=55)

    async def meanwhile() -> None:
        told.clock.advance(minutes=10)
        await told.run_tick("followups.take_due")
        id: UUID = await told.one("select id from task where title = 'Call Bob'")
        await told.execute("update task set status = 'executing' where id = %(id)s", id=id)
        await told.execute("update task set status = 'sending' where id = %(id)s", id=id)

    told.model.meanwhile = meanwhile
    assert await talk(told, "rename the call to Call Robert") == ["It is too late to change that: Call Bob"]
