"""Before the start, at intervals, not at night, not too often; one after an outage; changing it is another plan."""

from datetime import UTC, datetime, timedelta

from concierge.bookings.reminders.reminding import give_up
from concierge.errors import Refused
from tests.bookings import PHONE, ask, book, policy, reminders
from tests.world import World

EMAIL = {"phone": None, "email": "alice@example.com"}
VERSIONS = "select xmin::text from reminder order by id"  # of rows: each write makes another one


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=UTC)


async def dues(world: World) -> list[datetime]:
    return sorted(due for _, status, due in await reminders(world) if status == "planned")


async def test_a_change_plans_anew(world: World) -> None:
    """Everything that lies ahead, of every booking it holds for, and of none that it does not."""
    rule = await policy(world, before=["PT24H"])
    made = [await book(world, at(day, 16).isoformat(), customer=EMAIL, policy_id=rule) for day in (5, 6)]
    await book(world, at(7, 16).isoformat(), customer=EMAIL)
    await ask(world, "DELETE", f"/v1/bookings/{made[1]['id']}?tell=false")
    assert await dues(world) == [at(4, 16), at(6, 16), at(7, 14)]
    path = f"/v1/reminder-policies/{rule}"
    shown = await ask(world, "GET", path)
    assert shown.json()["before"] == ["PT86400S"] or shown.json()["before"] == ["P1D"]
    tag = {"if-match": shown.headers["etag"]}
    assert (await ask(world, "PATCH", path, {"before": ["PT48H", "PT3H"]}, **tag)).status_code == 200
    assert (await ask(world, "PATCH", path, {"most": 1}, **tag)).status_code == 412
    await world.work()
    assert await dues(world) == [at(3, 16), at(5, 13), at(6, 16), at(7, 14)]
    assert await world.one("select count(distinct reason) from reminder where reason = 'its policy was changed'") == 1
    await ask(world, "PATCH", path, {"name": "another name"})
    assert await world.one("select count(*) from procrastinate_jobs where status = 'todo'") == 0
    other = await policy(world, name="other", every="PT1H", most=2)
    await ask(world, "PATCH", f"/v1/bookings/{made[0]['id']}", {"policy_id": other})
    assert await dues(world) == [at(5, 14), at(5, 15), at(6, 16), at(7, 14)]
    assert (await ask(world, "DELETE", f"/v1/reminder-policies/{other}")).status_code == 409


async def test_a_change_keeps_what_was_due_and_not_said_yet(world: World) -> None:
    rule = await policy(world, every="PT1H")
    await book(world, at(3, 20).isoformat(), customer=EMAIL, policy_id=rule)
    world.clock.advance(hours=2, minutes=30)  # nobody worked
    await ask(world, "PATCH", f"/v1/reminder-policies/{rule}", {"most": 100})
    await world.work()
    await world.tick()
    assert len(world.outside.sent) == 1


async def test_a_change_keeps_what_was_handed_over_and_not_said_yet(world: World) -> None:
    """It waits in the outbox for the end of the customer's quiet hours; its plan is another one meanwhile."""
    rule = await policy(world, before=["PT6H"])
    await book(world, at(3, 20).isoformat(), customer=EMAIL, policy_id=rule)
    await world.execute("update tenant set quiet_from = '14:00', quiet_until = '18:00'")
    await world.pass_time(hours=2)
    assert await world.one("select status from outbound_message") == "held"
    await ask(world, "PATCH", f"/v1/reminder-policies/{rule}", {"most": 100})
    await world.work()
    await world.pass_time(hours=3, minutes=30)
    assert len(world.outside.sent) == 1
    assert [status for _, status, _ in await reminders(world)] == ["sent"]


async def test_a_change_keeps_what_waits_for_a_template_and_not_what_failed(world: World) -> None:
    rule = await policy(world, before=["PT2H"])
    await book(world, at(3, 16).isoformat(), policy_id=rule)
    await book(world, at(3, 16).isoformat(), customer=EMAIL, policy_id=rule)
    world.outside.outcomes = [Refused("no such mailbox")]
    await world.pass_time(hours=2)
    assert [status for _, status, _ in await reminders(world)] == ["failed", "failed"]
    await ask(world, "PATCH", f"/v1/reminder-policies/{rule}", {"most": 100})
    await world.work()
    assert await reminders(world) == [(1, "planned", at(3, 14))]


async def test_a_change_does_not_go_back_behind_what_was_said(world: World) -> None:
    """The job of the first reminder was lost, and the second was said."""
    rule = await policy(world, every="PT1H")
    await book(world, at(3, 20).isoformat(), customer=EMAIL, policy_id=rule)
    world.clock.advance(hours=1)
    for _ in range(2):
        await world.run_tick("bookings.take_due")
    (_,) = await world.rows("delete from procrastinate_jobs returning args")
    world.clock.advance(hours=1)
    await world.run_tick("bookings.take_due")
    await world.work()
    assert [status for _, status, _ in await reminders(world)][:3] == ["due", "sending", "planned"]
    await ask(world, "PATCH", f"/v1/reminder-policies/{rule}", {"most": 100})
    await world.work()
    assert await dues(world) == [at(3, hour) for hour in range(15, 20)]


async def test_what_cannot_be_sent_is_told_once(world: World) -> None:
    """After the last try of its job; not where it was sent meanwhile."""
    await book(world, at(3, 16).isoformat(), customer=EMAIL)
    await world.pass_time(hours=2)
    await book(world, at(3, 17).isoformat(), customer=EMAIL)
    world.clock.advance(hours=1)
    await world.run_tick("bookings.take_due")
    for (id,) in await world.rows("select id from reminder"):
        await give_up(world.runtime, id, "out of order")
    assert [status for _, status, _ in await reminders(world)] == ["sent", "failed"]
    assert await world.rows("select subject, text from notification") == [("reminder", "out of order")]
    before = await world.rows(VERSIONS)
    await world.run_tick("bookings.take_due")
    assert await world.rows(VERSIONS) == before, "what has come to its end is written no more"


async def test_what_a_template_lets_through_later_was_sent(world: World) -> None:
    await book(world, at(3, 16).isoformat())
    await world.pass_time(hours=2)
    assert [status for _, status, _ in await reminders(world)] == ["failed"]
    account = await world.one("select id::text from channel_account where channel = 'whatsapp'")
    world.clock.advance(minutes=1)
    template = {"channelAccountId": account, "name": "appointment", "language": "en", "kind": "booking_reminder"}
    assert (await ask(world, "POST", "/admin/templates", template | {"parameters": ["service"]})).status_code == 201
    await world.pass_time(minutes=1)
    assert len(world.outside.sent) == 1
    await world.pass_time(minutes=1)
    assert [status for _, status, _ in await reminders(world)] == ["sent"]


async def test_after_an_outage_one_and_not_a_flood(world: World) -> None:
    rule = await policy(world, every="PT1H")
    await book(world, at(3, 20).isoformat(), customer=EMAIL, policy_id=rule)
    await world.pass_time(hours=5)  # to the second when the fifth is due
    assert [text.splitlines()[0] for text in world.outside.texts] == ["Reminder: Haircut, in 3 hours"]
    assert await world.rows("select n, status, reason from reminder where n < 6 order by n") == [
        *((n, "skipped", "a later one is due as well") for n in (1, 2, 3, 4)),
        (5, "sent", None),
    ]


async def test_too_late_is_not_sent_where_the_policy_says_so(world: World) -> None:
    rule = await policy(world, before=["PT6H"], late="PT30M")
    await book(world, at(3, 20).isoformat(), customer=EMAIL, policy_id=rule)
    await world.pass_time(hours=2, minutes=31)
    assert await world.rows("select status, reason from reminder") == [
        ("skipped", "it is too late for it, by its policy")
    ]
    assert world.outside.sent == []


async def test_not_at_night_and_not_more_than_wanted(world: World) -> None:
    rule = await policy(world, every="PT2H", most=3, quiet_from="20:00", quiet_until="08:00")
    await book(world, at(4, 11).isoformat(), customer=EMAIL, policy_id=rule)
    assert await dues(world) == [at(3, 18), at(4, 7), at(4, 8), at(4, 10)][-3:]


async def test_what_is_wrong_with_a_policy_is_said(world: World) -> None:
    said = await ask(world, "POST", "/v1/reminder-policies", {"name": "", "every": "PT1M", "before": ["soon"], "x": 1})
    assert said.status_code == 422
    assert {each["pointer"] for each in said.json()["errors"]} == {"/name", "/every", "/before/0", "/x"}
    half = await ask(world, "POST", "/v1/reminder-policies", {"name": "a", "quiet_from": "20:00"})
    assert half.status_code == 422
    assert (await ask(world, "POST", "/v1/reminder-policies", {"name": "a"})).status_code == 201
    assert (await ask(world, "POST", "/v1/reminder-policies", {"name": "a"})).status_code == 409


async def test_channels_in_their_order(world: World) -> None:
    """WhatsApp takes no free text from a stranger: with an approved template it does, before that it is e-mail's."""
    both = {"phone": PHONE, "email": "alice@example.com"}
    await book(world, at(3, 16).isoformat(), customer=both)
    await book(world, at(3, 18).isoformat(), customer=both)
    await world.pass_time(hours=2)
    assert world.outside.sent[0].recipient.kind == "email"
    account = await world.one("select id::text from channel_account where channel = 'whatsapp'")
    template = {
        "channelAccountId": account,
        "name": "appointment",
        "language": "en",
        "kind": "booking_reminder",
        "parameters": ["contact_name|there", "service", "when", "until"],
    }
    assert (await ask(world, "POST", "/admin/templates", template)).status_code == 201
    await world.pass_time(hours=2)
    assert (world.outside.sent[1].recipient.kind, world.outside.sent[1].recipient.value) == ("phone", PHONE[1:])
    extra = world.outside.sent[1].extra
    assert extra is not None
    assert (extra.name, extra.parameters) == (  # type: ignore[union-attr]
        "appointment",
        ["Alice", "Haircut", "Wednesday 3 March 2027 at 19:00 (Berlin time, UTC+1)", "in 2 hours"],
    )


async def test_nobody_to_reach_is_said(world: World) -> None:
    rule = await policy(world, before=["PT2H"], channels=["instagram"])
    await book(world, at(3, 16).isoformat(), customer=EMAIL, policy_id=rule)
    await world.pass_time(hours=2)
    assert await world.rows("select status, reason from reminder") == [
        ("skipped", "no address of its customer's on the channels of its policy")
    ]
    assert await world.rows("select subject, kind from notification") == [("booking", "unreachable")]
    await world.execute("update channel_account set status = 'removed'")
    await book(world, at(3, 18).isoformat(), customer=EMAIL)
    await world.pass_time(hours=2)
    assert await world.one("select count(*) from outbound_message") == 0  # nothing waits for what is gone


async def test_pacing_is_shared(world: World) -> None:
    """One second between any two messages of a tenant, however many workers there are (docs/outbound.md)."""
    tenant = await world.one("select id from tenant")
    for wrong in (0, -1, 3601, "1"):
        said = await ask(world, "PATCH", f"/v1/tenants/{tenant}", {"send_gap_seconds": wrong})
        assert (said.status_code, said.json()["errors"][0]["pointer"]) == (422, "/send_gap_seconds"), wrong
    kept = await ask(world, "PATCH", f"/v1/tenants/{tenant}", {"send_gap_seconds": 1})
    assert (kept.status_code, kept.json()["send_gap_seconds"]) == (200, 1)
    for n in range(3):
        await book(world, at(3, 16).isoformat(), customer={"phone": None, "email": f"c{n}@example.com"})
    world.clock.advance(hours=2)
    for expected in (1, 2, 3):
        await world.tick()
        assert len(world.outside.sent) == expected
        world.clock.now += timedelta(seconds=1)
    assert (await ask(world, "PATCH", f"/v1/tenants/{tenant}", {"send_gap_seconds": None})).status_code == 200
    assert await world.one("select send_gap_seconds from tenant") is None


async def test_the_tenants_own_words(world: World) -> None:
    text = {"language": "en", "text": "Hi {{contact_name|there}}: {{service}} {{until}}\nAt {{location}}\nBye"}
    for wrong in ("{{secret}}", "{{ service.__class__ }}", "{{service", "{% for x in y %}{{x}}{% endfor %}"):
        said = await ask(world, "POST", "/v1/booking-texts", text | {"text": wrong})
        assert (said.status_code, said.json()["errors"][0]["pointer"]) == (400, "/text"), wrong
    sample = {"text": text["text"], "customer_name": "{{tenant_name}}", "starts_at": "2027-03-03T15:00:00Z"}
    seen = (await ask(world, "POST", "/v1/booking-texts/preview", sample)).json()
    assert seen == {"text": "Hi {{tenant_name}}: Haircut in 3 hours\nBye", "subject": None}
    kept = (await ask(world, "POST", "/v1/booking-texts", text)).json()
    await book(world, at(3, 16).isoformat(), customer=EMAIL)
    await world.pass_time(hours=2)
    assert world.outside.texts == ["Hi Alice: Haircut in 2 hours\nBye"]
    assert (await ask(world, "DELETE", f"/v1/booking-texts/{kept['id']}")).status_code == 204
    for language, own in (("pt", "Olá"), ("pt_BR", "Oi")):
        await ask(world, "POST", "/v1/booking-texts", {"language": language, "text": own + "! {{until}}"})
    for language, read in (("pt-BR", "Oi! em 2 horas"), ("pt_AO", "Olá! em 2 horas")):
        assert (await ask(world, "POST", "/v1/booking-texts/preview", {"language": language})).json()["text"] == read
    german = (await ask(world, "POST", "/v1/booking-texts/preview", {"language": "de"})).json()
    assert german["text"].splitlines()[0] == "Erinnerung: Haircut, in 2 Stunden"
