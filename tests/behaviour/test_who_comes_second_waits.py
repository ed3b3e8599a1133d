"""Messages, mergers and the end of a conversation that meet before either is committed: who comes second waits.

Each test holds the first before its commit, until the second waits for it: that each is right by itself is elsewhere.
"""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

import pytest

from concierge.channels.model import Address, ChannelAccount, Inbound
from concierge.conversations import store as conversations
from concierge.conversations.handover.moving import close
from concierge.conversations.keeping import advance, load_turn
from concierge.identities import store as identities
from concierge.identities.merging import merge, unite
from concierge.inbox.keeping import keep
from concierge.inbox.model import Delivery
from concierge.tenants.directory import Directory
from tests.bookings import ask, book
from tests.events import ACCOUNT, BSUID, message, renamed, tell
from tests.meeting import met
from tests.world import World

PHONE = Address("phone", "4915112345678")
WRITTEN = "select m.seq, m.text, c.status from inbound_message m join conversation c on c.id = m.conversation_id"
JOBS = "select count(*) from procrastinate_jobs where task_name = 'inbox.handle' and status = 'todo'"
WITH_WHOM = """
    select contact_id from conversation where status <> 'closed' union select contact_id from booking
    union select i.contact_id from outbound_message o join contact_identity i on i.id = o.identity_id
"""

Second = Callable[[World, UUID, UUID], Coroutine[Any, Any, None]]  # of two contacts


async def account_of(world: World) -> ChannelAccount:
    return (await Directory(world.runtime).find("whatsapp", [ACCOUNT]))[ACCOUNT]


async def deliveries(world: World, *messages: Inbound) -> list[Delivery]:
    """Each as the door hands it on."""
    account = await account_of(world)
    return [Delivery(channel="whatsapp", correlation_id="c", messages=[(account, each)]) for each in messages]


async def two_contacts(world: World) -> tuple[UUID, UUID]:
    """Who wrote from a user id, and, it seems, somebody else from a phone; nothing is open any more."""
    await tell(world, message(sender=BSUID))
    world.clock.advance(minutes=1)
    await tell(world, message(id="wamid.2", sender=PHONE))
    await world.execute("update conversation set status = 'closed', handled_seq = last_seq")
    older, younger = await world.rows("select id from contact order by created_at")
    return older[0], younger[0]


async def test_two_batches_number_the_messages_of_a_conversation(telling: World) -> None:
    """Both would give the same number, and Postgres would refuse one of the batches.

    One of them is held in the middle: it has its numbers, and waits to see whether its message came with another batch.
    """
    await tell(telling, message("one"))
    await telling.work()
    held = await deliveries(telling, message("not kept", id="wamid.2", sender=PHONE))
    early = await deliveries(telling, message("two", id="wamid.2"), message("three", id="wamid.3"))
    late = await deliveries(telling, message("four", id="wamid.4"), message("two", id="wamid.2"))
    now, connection = telling.clock(), telling.runtime.connection
    async with connection() as first, connection() as second, connection() as third:
        async with first.transaction(force_rollback=True):
            await keep(first, held, now=now)
            one = asyncio.create_task(keep(second, early, now=now))
            await met(telling, first, one)
            other = asyncio.create_task(keep(third, late, now=now))
            await met(telling, second, other)
        await asyncio.gather(one, other)
    assert [each.kept[0].status for each in (*early, *late)] == ["accepted", "accepted", "accepted", "duplicate"]
    assert [(seq, text) for seq, text, _ in sorted(await telling.rows(WRITTEN))] == [
        (1, "one"),
        (2, "two"),
        (3, "three"),
        (4, "four"),
    ]
    assert await telling.one(JOBS) == 1


async def test_a_conversation_is_closed_while_somebody_writes_in_it(telling: World) -> None:
    """Nobody would answer in the one that is over."""
    await tell(telling, message("one"))
    await telling.work()
    ((id, tenant_id),) = await telling.rows("select id, tenant_id from conversation")
    async with telling.runtime.connection() as first:
        async with first.transaction():
            await close(first, id, tenant_id=tenant_id, by="Olga", now=telling.clock())
            other = asyncio.create_task(tell(telling, message("two", id="wamid.2")))
            await met(telling, first, other)
        assert (await other).json()["status"] == "accepted"
    assert sorted(await telling.rows(WRITTEN)) == [(1, "one", "closed"), (1, "two", "bot")]


async def test_a_conversation_is_parked_while_somebody_writes_in_it(telling: World) -> None:
    """Who writes to one that is busy leaves no job; to one that is parked, one that comes for everything."""
    await tell(telling, message("one"))
    await telling.execute("delete from procrastinate_jobs")  # the one that failed
    async with telling.runtime.connection() as first:
        async with first.transaction():
            parked = await conversations.hold(first, await telling.one("select id from conversation"))
            other = asyncio.create_task(tell(telling, message("two", id="wamid.2")))
            await met(telling, first, other)
            assert parked is not None
            await conversations.park(first, parked.id, reason="no", now=telling.clock())
        await other
    assert await telling.one(JOBS) == 1


async def write(world: World, _older: UUID, _younger: UUID) -> None:
    await tell(world, message(id="wamid.3", sender=PHONE))


async def come(world: World, _older: UUID, _younger: UUID) -> None:
    await book(world, "2027-03-04T16:00:00Z")


async def come_as_known(world: World, _older: UUID, younger: UUID) -> None:
    customer = {"contact_id": str(younger)}
    body = {"customer": customer, "service": "Haircut", "starts_at": "2027-03-04T16:00:00Z"}
    await ask(world, "POST", "/v1/bookings", body)


async def be_written_to(world: World, _older: UUID, _younger: UUID) -> None:
    account = str((await account_of(world)).id)
    wish = {"channel_account_id": account, "to": f"+{PHONE.value}", "text": "Hello"}
    assert (await ask(world, "POST", "/v1/outbound-messages", wish)).status_code == 201


@pytest.mark.parametrize("second", [write, come, come_as_known, be_written_to])
async def test_somebody_is_merged_who(telling: World, second: Second) -> None:
    """Nothing new is left with a contact that is no more."""
    older, younger = await two_contacts(telling)
    account = await account_of(telling)
    async with telling.runtime.connection() as first:
        async with first.transaction():
            await unite(first, account, [BSUID, PHONE], now=telling.clock())
            other = asyncio.create_task(second(telling, older, younger))
            await met(telling, first, other)
        await other
    assert {each for (each,) in await telling.rows(WITH_WHOM)} <= {older}


async def test_a_turn_of_somebody_is_settled_who_is_being_merged(telling: World) -> None:
    """It is dropped: its messages are a part of another conversation's next turn."""
    older, younger = await two_contacts(telling)
    for n, sender in enumerate((BSUID, PHONE), 3):
        await tell(telling, message(id=f"wamid.{n}", sender=sender))
    whose = "select id, tenant_id from conversation where contact_id = %(id)s and status <> 'closed'"
    ((conversation, tenant_id),) = await telling.rows(whose, id=younger)
    people = {"tenant_id": tenant_id, "kept": older, "gone": younger}
    async with telling.runtime.connection() as first, telling.runtime.connection() as second:
        turn = await load_turn(second, conversation)
        assert turn is not None
        async with first.transaction():
            await identities.exclude_arrival(first)
            await identities.lock_conversations(first, **people)
            settled = asyncio.create_task(advance(second, turn))
            await met(telling, first, settled)
            await merge(first, **people, now=telling.clock())
        assert await settled is None


async def turn_out_to_be_another(world: World, _older: UUID, _younger: UUID) -> None:
    await tell(world, message(id="wamid.4", sender=BSUID, also=(PHONE,)))


async def have_a_new_number(world: World, _older: UUID, _younger: UUID) -> None:
    await tell(world, renamed(BSUID, PHONE))


async def be_joined(world: World, older: UUID, younger: UUID) -> None:
    answer = await ask(world, "POST", f"/v1/contacts/{older}/merge", {"contact_id": str(younger)})
    assert answer.status_code == 200


async def be_erased(world: World, _older: UUID, younger: UUID) -> None:
    assert (await ask(world, "POST", f"/v1/contacts/{younger}/erase")).status_code == 200


@pytest.mark.parametrize("second", [turn_out_to_be_another, have_a_new_number, be_joined, be_erased])
async def test_somebody_writes_who_is_to(telling: World, second: Second) -> None:
    """What they wrote at that moment goes where all that is theirs goes."""
    older, younger = await two_contacts(telling)
    (said,) = await deliveries(telling, message("Hello?", id="wamid.3", sender=PHONE))
    async with telling.runtime.connection() as first:
        async with first.transaction():
            await keep(first, [said], now=telling.clock())
            other = asyncio.create_task(second(telling, older, younger))
            await met(telling, first, other)
        await other
    assert {each for (each,) in await telling.rows(WITH_WHOM)} <= {older}
