"""A phone and a user id are one person, whichever comes first: one contact, one open conversation, one order."""

from typing import Any

import pytest

from concierge.channels.model import Address
from concierge.conversations.handover.moving import release
from concierge.conversations.keeping import advance, load_turn
from concierge.inbox.handling import handle
from tests.agents import configure, move
from tests.events import BSUID, PHONE, message, renamed, tell
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.offline import offline
from tests.world import World

OTHER = Address("phone", "4917012345")
ADDRESSES = "select kind || ':' || value from contact_identity order by 1"
LIVING = "select count(*) from contact where merged_into is null"
OPEN = "select id, last_seq, handled_seq, status from conversation where status <> 'closed'"


async def texts(world: World, conversation: Any) -> list[str]:
    rows = await world.rows(
        "select text from inbound_message where conversation_id = %(id)s order by seq", id=conversation
    )
    return [text for (text,) in rows]


async def one_open(world: World) -> tuple[Any, int, int, str]:
    (row,) = await world.rows(OPEN)
    return row


async def test_both_at_once(telling: World) -> None:
    await tell(telling, message(also=(BSUID,)))
    await tell(telling, message(id="wamid.2", sender=BSUID))
    assert await telling.rows(ADDRESSES) == [("bsuid:US.1349",), ("phone:15551234567",)]
    assert await telling.one("select count(*) from contact") == 1
    assert (await one_open(telling))[1] == 2


async def test_a_stranger_whose_messages_come_together_is_one_contact(telling: World) -> None:
    """Though the first has an address that says nothing of the others; nobody is made only to be merged."""
    many = tuple(Address("bsuid", f"US.{n}") for n in range(20))
    await tell(telling, message(), message(id="wamid.2", also=many))
    assert len(await telling.rows(ADDRESSES)) == 21
    assert await telling.one("select count(*) from contact") == 1


async def test_a_phone_turns_up_for_a_known_user_id(telling: World) -> None:
    await tell(telling, message(sender=BSUID, sender_name="Jo"))
    await tell(telling, message(id="wamid.2", also=(BSUID,)))
    assert await telling.rows("select name from contact") == [("Jo",)]
    assert (await one_open(telling))[1] == 2


async def test_a_known_person_writes_from_a_new_address_to_a_tenant_that_ignores_strangers(telling: World) -> None:
    await tell(telling, message(sender=BSUID))
    await telling.execute("update tenant set unknown_senders = 'ignore'")
    assert (await tell(telling, message(id="wamid.2", also=(BSUID,)))).json()["status"] == "accepted"
    assert (await tell(telling, message(id="wamid.3", sender=OTHER))).json()["status"] == "ignored"
    assert (await one_open(telling))[1] == 2


async def test_two_contacts_become_the_older_one(telling: World) -> None:
    await tell(telling, message("one", sender=BSUID, sender_name="Jo"))
    await telling.work()
    older, (kept, *_) = await telling.one("select id from contact"), await one_open(telling)
    telling.clock.advance(minutes=1)
    await tell(telling, message("two", id="wamid.2"))
    await tell(telling, message("three", id="wamid.3"))
    assert await telling.one(LIVING) == 2
    await tell(telling, message("four", id="wamid.4", also=(BSUID,)))
    assert await telling.rows("select id from contact where merged_into is null") == [(older,)]
    assert await telling.rows("select distinct contact_id from contact_identity") == [(older,)]
    assert await one_open(telling) == (kept, 4, 1, "bot")
    assert await texts(telling, kept) == ["one", "two", "three", "four"]
    await telling.work()
    assert await one_open(telling) == (kept, 4, 4, "bot")
    assert len(telling.model.prompts) == 2
    assert await telling.rows("select type, detail from event where subject = 'contact'") == [
        ("contact.merged", f"into {older}")
    ]


async def test_what_was_handled_stays_where_it_was(telling: World) -> None:
    await tell(telling, message("one", sender=BSUID))
    await tell(telling, message("two", id="wamid.2"))
    await telling.work()
    closed = await telling.one("select conversation_id from inbound_message where text = 'two'")
    await tell(telling, message("three", id="wamid.3", also=(BSUID,)))
    assert await telling.rows(
        "select last_seq, handled_seq, status from conversation where id = %(id)s", id=closed
    ) == [(1, 1, "closed")]
    assert await texts(telling, (await one_open(telling))[0]) == ["one", "three"]


async def test_a_turn_that_was_being_thought_about_is_dropped_and_thought_again(telling: World) -> None:
    await tell(telling, message("one", sender=BSUID))
    await telling.work()
    await tell(telling, message("two", id="wamid.2"))
    conversation = await telling.one("select conversation_id from inbound_message where text = 'two'")
    async with telling.runtime.connection() as conn:
        turn = await load_turn(conn, conversation)
        assert turn is not None
        await tell(telling, message("three", id="wamid.3", also=(BSUID,)))
        assert not await advance(conn, turn)
        async with conn.transaction(force_rollback=True):  # as who looked at it before, and at its messages afterwards
            await conn.execute("update conversation set last_seq = last_seq + 1 where id = %s", [conversation])
            assert await load_turn(conn, conversation) is None
    await telling.work()
    assert [said.text for said in telling.model.prompts[-1].turns[-2:]] == ["two", "three"]
    assert (await one_open(telling))[1:3] == (3, 3)


@pytest.mark.parametrize("state", ["busy", "idle", "parked_at", "retry_at"])
async def test_what_is_poured_has_one_job_that_comes_for_it(telling: World, state: str) -> None:
    """The one of the conversation it goes on in, or a new one where nobody would come there."""
    await tell(telling, message("one", sender=BSUID))
    (kept, *_) = await one_open(telling)
    if state == "idle":
        await telling.work()
    elif state != "busy":
        await telling.execute("delete from procrastinate_jobs")
        await telling.execute(f"update conversation set {state} = '2100-01-01'")
    telling.clock.advance(minutes=1)
    await tell(telling, message("two", id="wamid.2"))
    await tell(telling, renamed(BSUID, PHONE))
    jobs = (
        "select args ->> 'conversation_id' from procrastinate_jobs where task_name = 'inbox.handle' and status = 'todo'"
    )
    assert [id for (id,) in await telling.rows(jobs)].count(str(kept)) == 1


async def test_a_human_who_has_taken_over_keeps_it(telling: World) -> None:
    await tell(telling, message(sender=BSUID))
    await tell(telling, message(id="wamid.2"))
    await telling.execute("""
        update conversation set status = 'human' where id = (
            select conversation_id from inbound_message where provider_message_id = 'wamid.2')
    """)
    await tell(telling, message(id="wamid.3", also=(BSUID,)))
    assert (await one_open(telling))[3] == "human"


async def test_a_hand_off_a_form_and_a_lead_go_along(telling: World) -> None:
    """What was known in the conversation that ends is known in the one that goes on, and a human still has it."""
    await configure(telling, "intake", "leads", manners={"greeting": "Hi!"})
    telling.model.script = offline
    await tell(telling, message("Good morning", sender=BSUID))
    await telling.work()
    for n, text in enumerate(("I need a golden visa", "Ali Khan", "Let me talk to a human")):
        await tell(telling, message(text, id=f"wamid.2.{n}"))
        await telling.work()
    await telling.execute("""
        update lead set name = 'Ali Khan', urgency = 3, extraction_id = null, moved_at = moved_at + interval '1 minute'
        where conversation_id in (select id from conversation where status = 'handoff_requested')""")
    await telling.execute("update lead set company = 'ACME', urgency = 1 where name is null")
    await tell(telling, message("Hello?", id="wamid.3", also=(BSUID,)))
    await telling.work()

    kept, *_, status = await one_open(telling)
    assert status == "handoff_requested"
    assert await telling.rows("select conversation_id, ended_at from handoff") == [(kept, None)]
    notices = "select subject_id from notification where kind = 'handoff' and acknowledged_at is null"
    assert await telling.rows(notices) == [(kept,)]
    assert await telling.rows("select conversation_id, name, company, urgency from lead") == [
        (kept, "Ali Khan", "ACME", 3)
    ]
    answers = "select key, value from intake_answer where conversation_id = %(kept)s order by key"
    assert await telling.rows(answers, kept=kept) == [("name", "Ali Khan"), ("service", "Golden visa")]
    await move(telling, release, kept)
    assert await telling.rows(notices) == []
    assert await telling.one("select ended_at is not null from handoff")


async def test_who_was_greeted_elsewhere_is_not_greeted_again(telling: World) -> None:
    """Who they are turns out while the answer is thought about."""
    await configure(telling, "replies", manners={"greeting": "Hi!"})
    await tell(telling, message("one", sender=BSUID))
    first, *_ = await one_open(telling)
    await tell(telling, message("two", id="wamid.2"))
    await handle(telling.runtime, await telling.one("select id from conversation where id <> %(id)s", id=first))

    async def turn_out() -> None:
        await tell(telling, renamed(BSUID, PHONE))

    telling.model.meanwhile = turn_out
    await handle(telling.runtime, first)
    await telling.work()
    assert telling.outside.texts == ["Hi!\n\nAn answer.", "An answer."]


async def test_follow_ups_go_along(telling: World) -> None:
    """A question asked in the conversation that ends is answered in the one that goes on, and reminds there."""
    await tell(telling, message("Good morning", sender=BSUID))
    await telling.work()
    telling.model.script = readings(reading("Call Bob", None, "week"))
    await tell(telling, message("Call Bob", id="wamid.2"))
    await telling.work()
    telling.model.script = readings(reading("Call Bob", SOON, answers="Q1"))
    await tell(telling, message("Friday week", id="wamid.3", also=(BSUID,)))
    await telling.work()
    kept = (await one_open(telling))[0]
    assert await telling.rows("select status, conversation_id from task") == [("pending", kept)]
    await telling.pass_time(days=9)
    assert telling.outside.sent[-1].recipient == PHONE


async def test_who_is_answered_is_who_wrote_last(telling: World) -> None:
    telling.model.script = readings(reading("Call Bob", SOON))
    for n, sender in enumerate((PHONE, BSUID, PHONE)):
        await tell(telling, message(id=f"wamid.{n}", sender=sender, also=(PHONE, BSUID)))
        await telling.work()
    assert [sent.recipient for sent in telling.outside.sent] == [PHONE, BSUID, PHONE]


async def test_a_new_number(telling: World) -> None:
    await tell(telling, message())
    await telling.work()
    for _ in range(2):
        assert (await tell(telling, renamed(PHONE, OTHER))).json()["status"] == "accepted"
    telling.model.script = readings(reading("Call Bob", SOON))
    await tell(telling, message(id="wamid.2", sender=OTHER))
    await telling.work()
    assert await telling.one("select count(*) from contact") == 1
    assert (await one_open(telling))[1] == 2
    assert [sent.recipient for sent in telling.outside.sent] == [OTHER]


async def test_what_waits_is_said_to_the_new_number(telling: World) -> None:
    telling.model.script = readings(reading("Call Bob", SOON))
    await tell(telling, message())
    await telling.work()
    await tell(telling, renamed(PHONE, OTHER))
    await telling.execute("update conversation set window_until = '2028-01-01'")  # not about Meta's 24 hours
    await telling.pass_time(days=9)
    assert [sent.recipient for sent in telling.outside.sent] == [PHONE, OTHER]


async def test_a_new_number_that_wrote_before_it_was_known(telling: World) -> None:
    await tell(telling, message())
    await tell(telling, message(id="wamid.2", sender=OTHER))
    await tell(telling, renamed(PHONE, OTHER))
    assert await telling.one(LIVING) == 1
    assert (await one_open(telling))[1] == 2


async def test_a_stranger_with_a_new_number_is_a_stranger(telling: World) -> None:
    await tell(telling, renamed(PHONE, OTHER))
    assert await telling.rows(ADDRESSES) == []


async def test_another_tenant_is_never_touched(telling: World) -> None:
    """The same address at two businesses is two people."""
    await telling.execute("""
        with other as (insert into tenant (name) values ('Other') returning id)
        insert into channel_account (tenant_id, channel, external_id, transport, signature)
        select id, 'whatsapp', '9999', 'sandbox', 'off' from other
    """)
    await tell(telling, message(account="9999"))
    await tell(telling, message(id="wamid.2", sender=BSUID))
    await tell(telling, message(id="wamid.3", also=(BSUID,)))
    assert await telling.one(LIVING) == 2
    assert await telling.one("select count(*) from conversation where status <> 'closed'") == 2
