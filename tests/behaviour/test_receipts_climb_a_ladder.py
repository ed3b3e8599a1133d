"""sent < delivered < read: receipts come in any order and more than once, and a message only ever climbs."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from concierge.channels.model import Receipt
from concierge.errors import NotAccepted
from concierge.outbox import fates, store
from concierge.outbox.receiving import news, receive
from tests.fakes import reading
from tests.makers import SOON, readings, statuses
from tests.meeting import met
from tests.world import World

STATUS = "select status from outbound_message"


@pytest.fixture
async def id(world: World) -> UUID:
    """A message the provider has accepted."""
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob")
    await world.work()
    return await world.one("select id from outbound_message")


async def report(world: World, id: UUID, *said: str) -> str:
    """What the message is, once the provider has said so."""
    for status in said:
        answer = await world.client.post("/webhook/whatsapp", json=statuses((status, id)))
        assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    return await world.one(STATUS)


async def test_it_climbs(world: World, id: UUID) -> None:
    assert await report(world, id, "sent") == "sent"
    assert await report(world, id, "delivered") == "delivered"
    assert await report(world, id, "read") == "read"
    assert await world.moves(id) == ["queued", "sending", "sent", "delivered", "read"]


async def test_it_never_steps_back(world: World, id: UUID) -> None:
    assert await report(world, id, "read", "delivered", "sent", "read", "delivered") == "read"
    assert await world.moves(id) == ["queued", "sending", "sent", "read"]


async def test_what_is_said_again_is_not_written_again(world: World, id: UUID) -> None:
    await report(world, id, "sent", "delivered")
    written = await world.rows("select xmin::text from outbound_message")
    assert await report(world, id, "delivered", "sent", "delivered") == "delivered"
    assert await world.rows("select xmin::text from outbound_message") == written
    ((account, theirs),) = await world.rows("select channel_account_id, provider_message_id from outbound_message")
    said = [
        (account, Receipt(account="1234", provider_message_id=theirs, outbound_id=id, status=status, at=world.clock()))
        for status in ("sent", "read", "delivered", "failed")
    ]
    async with world.runtime.connection() as conn:
        assert await news(conn, said) == [False, True, False, True], "one look finds what is known"


async def test_failed_counts_from_below_only(world: World, id: UUID) -> None:
    assert await report(world, id, "delivered", "failed") == "delivered"
    assert await world.rows("select 1 from notification") == []


async def test_a_failure_is_told_once_and_outweighed_by_delivery(world: World, id: UUID) -> None:
    assert await report(world, id, "failed", "failed") == "failed"
    assert await world.rows("select subject_id, kind, text from notification") == [
        (id, "failed", "Message undeliverable")
    ]
    assert await world.one("select reason from outbound_message") == "Message undeliverable"
    assert await report(world, id, "delivered") == "delivered"


async def test_of_what_waits_for_its_next_try_a_failure_is_no_news(world: World) -> None:
    world.outside.outcomes = [NotAccepted("busy")]
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob")
    await world.work()
    id = await world.one("select id from outbound_message")
    assert await report(world, id, "failed") == "queued"
    await world.pass_time(seconds=31)
    assert await world.one(STATUS) == "sent"


async def test_nothing_was_read_before_it_was_sent(world: World, id: UUID) -> None:
    """Where a vendor says up to when all was read: this one was posted before that, and sent after it."""
    ((tenant, account),) = await world.rows("select tenant_id, channel_account_id from outbound_message")
    await world.execute("update outbound_message set created_at = created_at - interval '1 minute'")
    for seconds, status in ((-30, "sent"), (0, "read")):
        async with world.runtime.connection() as conn:
            await fates.apply_watermark(
                conn,
                tenant_id=tenant,
                channel_account_id=account,
                kinds=["phone"],
                values=["15551234567"],
                status="read",
                at=world.clock() + timedelta(seconds=seconds),
                now=world.clock(),
            )
        assert await world.one(STATUS) == status


async def test_a_batch_tells_what_is_new_and_keeps_quiet_about_the_rest(world: World, id: UUID) -> None:
    """Asked for all of them in one look: what is known is left alone, what is new climbs, in whatever company."""
    await report(world, id, "sent")
    said = statuses(("sent", id), ("delivered", id), ("sent", id), ("delivered", id), ("read", uuid4()))
    assert (await world.client.post("/webhook/whatsapp", json=said)).status_code == 200
    assert await world.moves(id) == ["queued", "sending", "sent", "delivered"]
    written = await world.rows("select xmin::text from outbound_message")
    assert (await world.client.post("/webhook/whatsapp", json=said)).status_code == 200
    assert await world.rows("select xmin::text from outbound_message") == written


async def test_a_receipt_may_come_while_the_answer_is_recorded(world: World, id: UUID) -> None:
    """Both want the row; the answer waits, and sees what the receipt made of it."""
    await world.execute("update outbound_message set status = 'sending', provider_message_id = null")
    await world.execute("update delivery_attempt set outcome = null")
    [(attempt, account, tenant)] = await world.rows(
        "select d.id, o.channel_account_id, o.tenant_id from delivery_attempt d, outbound_message o"
    )
    receipt = Receipt(account="1234", provider_message_id="w", outbound_id=id, status="read", at=world.clock())

    async def answered() -> None:
        async with world.runtime.connection() as conn:
            await store.record_accepted(
                conn, attempt_id=attempt, provider_message_id="late", response=None, now=world.clock()
            )

    async with world.runtime.begin() as conn:
        await receive(conn, receipt, channel_account_id=account, tenant_id=tenant, now=world.clock())
        recording = asyncio.create_task(answered())
        await met(world, conn, recording)
    await recording
    assert await world.rows("select status, provider_message_id from outbound_message") == [("read", "w")]


async def test_a_receipt_may_come_before_our_own_record(world: World, id: UUID) -> None:
    """The provider's webhook overtakes its answer to our call: the answer must not push the message down."""
    await world.execute("update outbound_message set status = 'sending', provider_message_id = null")
    await world.execute("update delivery_attempt set outcome = null")
    assert await report(world, id, "delivered") == "delivered"
    attempt = await world.one("select id from delivery_attempt")
    async with world.runtime.connection() as conn:
        await store.record_accepted(
            conn, attempt_id=attempt, provider_message_id="late", response=None, now=world.clock()
        )
    assert await world.rows("select status, provider_message_id from outbound_message") == [
        ("delivered", f"wamid.of-{id}")
    ]


async def test_a_failure_may_come_before_our_own_record_too(world: World, id: UUID) -> None:
    await world.execute("update outbound_message set status = 'sending', provider_message_id = null")
    await world.execute("update delivery_attempt set outcome = null")
    assert await report(world, id, "failed") == "failed"
    attempt = await world.one("select id from delivery_attempt")
    async with world.runtime.connection() as conn:
        await store.record_accepted(
            conn, attempt_id=attempt, provider_message_id="late", response=None, now=world.clock()
        )
    assert await world.rows("select status, reason from outbound_message") == [("failed", "Message undeliverable")]


async def test_it_is_found_by_the_providers_own_id(world: World, id: UUID) -> None:
    payload = statuses(("delivered", id))
    status = payload["entry"][0]["changes"][0]["value"]["statuses"][0]
    del status["biz_opaque_callback_data"]
    status["id"] = await world.one("select provider_message_id from outbound_message")
    await world.client.post("/webhook/whatsapp", json=payload)
    assert await world.one(STATUS) == "delivered"


async def test_a_receipt_for_another_account_changes_nothing(world: World, id: UUID) -> None:
    payload = statuses(("delivered", id), account="1234")
    await world.execute(
        "update outbound_message set channel_account_id = (select id from channel_account where channel = 'email')"
    )
    await world.client.post("/webhook/whatsapp", json=payload)
    assert await world.one(STATUS) == "sent"
