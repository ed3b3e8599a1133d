"""Nobody knows whether the provider took it: a receipt settles that, or an operator, never a second blind try."""

from collections.abc import AsyncIterator
from uuid import UUID

import msgspec
import pytest

from concierge.errors import NotAccepted, Unknown
from concierge.outbox import fates
from concierge.outbox.line.taking import take
from concierge.outbox.model import POLICIES
from concierge.runtime import Runtime
from tests.fakes import FrozenClock, RecordingTransport, reading
from tests.makers import SOON, readings, statuses
from tests.world import World, open_world

STATUS = "select status from outbound_message where id = %(id)s"


@pytest.fixture
async def reporting(db: str, clock: FrozenClock) -> AsyncIterator[World]:
    """A world whose provider says afterwards what became of a message."""

    def arrange(runtime: Runtime) -> Runtime:
        return msgspec.structs.replace(runtime, transports={"sandbox": RecordingTransport("sandbox", receipts=True)})

    async with open_world(db, clock, arrange=arrange) as opened:
        yield opened


async def posted(world: World, *, n: int = 1) -> UUID:
    """A confirmation to a person of its own, handed to the provider."""
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob", id=f"wamid.{n}", sender=f"1555000{n}")
    await world.work()
    return await world.one("select id from outbound_message order by position desc limit 1")


async def unknown(world: World) -> UUID:
    """One whose outcome got lost."""
    world.outside.outcomes = [Unknown("the connection was reset")]
    return await posted(world)


async def test_a_lost_answer_is_unknown_and_not_retried(world: World) -> None:
    id = await unknown(world)
    await world.pass_time(seconds=90)
    assert await world.one(STATUS, id=id) == "unknown"
    assert await world.rows("select outcome, error from delivery_attempt") == [("unknown", "the connection was reset")]
    assert len(world.outside.sent) == 1


@pytest.mark.parametrize("status", ["sent", "delivered", "read", "failed"])
async def test_a_receipt_settles_it(reporting: World, status: str) -> None:
    id = await unknown(reporting)
    await reporting.client.post("/webhook/whatsapp", json=statuses((status, id)))
    await reporting.pass_time(minutes=10)
    assert await reporting.one(STATUS, id=id) == status
    assert len(reporting.outside.sent) == 1


async def test_silence_while_others_are_reported_on_means_not_accepted(reporting: World) -> None:
    id = await unknown(reporting)
    reporting.clock.advance(seconds=30)
    other = await posted(reporting, n=2)
    await reporting.client.post("/webhook/whatsapp", json=statuses(("delivered", other)))
    await reporting.pass_time(seconds=80)
    assert await reporting.one(STATUS, id=id) == "unknown"
    await reporting.pass_time(seconds=20)
    assert await reporting.moves(id) == ["queued", "sending", "unknown", "queued", "sending", "sent"]
    assert [message.id for message in reporting.outside.sent] == [id, other, id]


async def test_a_receipt_that_comes_before_the_second_try_prevents_it(reporting: World) -> None:
    """Requeued for its silence, and then the provider speaks after all."""
    id = await unknown(reporting)
    async with reporting.runtime.connection() as conn:
        tenant = await reporting.one("select tenant_id from outbound_message")
        await fates.requeue_silent(conn, id, tenant_id=tenant, now=reporting.clock())
    await reporting.client.post("/webhook/whatsapp", json=statuses(("delivered", id)))
    await reporting.pass_time(minutes=10)
    assert await reporting.one(STATUS, id=id) == "delivered"
    assert len(reporting.outside.sent) == 1


async def test_a_second_silence_goes_to_an_operator(reporting: World) -> None:
    id = await unknown(reporting)
    reporting.clock.advance(seconds=30)
    other = await posted(reporting, n=2)
    reporting.outside.outcomes = [Unknown("the connection was reset")]
    for seconds in (100, 1, 180):
        await reporting.client.post("/webhook/whatsapp", json=statuses(("delivered", other)))
        await reporting.pass_time(seconds=seconds)
    assert await reporting.one(STATUS, id=id) == "unknown"
    await reporting.client.post("/webhook/whatsapp", json=statuses(("read", other)))
    await reporting.pass_time(days=1)
    assert [message.id for message in reporting.outside.sent] == [id, other, id]
    assert await reporting.rows("select subject_id, kind from notification") == [(id, "unknown")]


async def test_a_kind_may_leave_it_to_an_operator_at_once(reporting: World, monkeypatch: pytest.MonkeyPatch) -> None:
    careful = msgspec.structs.replace(POLICIES["confirmation"], resend_when_silent=False)
    monkeypatch.setitem(POLICIES, "confirmation", careful)
    id = await unknown(reporting)
    reporting.clock.advance(seconds=30)
    other = await posted(reporting, n=2)
    await reporting.client.post("/webhook/whatsapp", json=statuses(("delivered", other)))
    await _is_escalated(reporting, id, others=1)


async def test_silence_of_an_account_that_reports_on_nothing_goes_to_an_operator(reporting: World) -> None:
    id = await unknown(reporting)
    await _is_escalated(reporting, id)


async def test_silence_of_a_provider_without_receipts_goes_to_an_operator(world: World) -> None:
    id = await unknown(world)
    other = await posted(world, n=2)
    await world.execute(
        "update outbound_message set receipt_at = moved_at + interval '1 minute' where id = %(id)s", id=other
    )
    await _is_escalated(world, id, others=1)


async def test_what_was_reported_on_others_before_means_nothing(reporting: World) -> None:
    other = await posted(reporting, n=2)
    await reporting.client.post("/webhook/whatsapp", json=statuses(("delivered", other)))
    reporting.clock.advance(seconds=30)
    id = await unknown(reporting)
    await _is_escalated(reporting, id, others=1)


async def test_what_an_operator_has_been_told_of_stays_with_the_operator(reporting: World) -> None:
    """Also where the provider begins to report on others afterwards."""
    id = await unknown(reporting)
    await reporting.pass_time(minutes=3)
    other = await posted(reporting, n=2)
    await reporting.client.post("/webhook/whatsapp", json=statuses(("delivered", other)))
    await reporting.pass_time(minutes=3)
    assert await reporting.one(STATUS, id=id) == "unknown"
    assert [message.id for message in reporting.outside.sent] == [id, other]


async def test_only_what_nobody_knows_counts_as_unknown(reporting: World) -> None:
    """The provider took nothing the first time, and said so; the second time the worker died: one silence in all."""
    reporting.outside.outcomes = [NotAccepted("busy")]
    id = await posted(reporting)
    reporting.clock.advance(seconds=30)
    assert await take(reporting.runtime, await reporting.one("select id from conversation"))
    reporting.clock.advance(seconds=91)
    await reporting.run_tick("outbox.reconcile")
    outcomes = "select outcome from delivery_attempt where outbound_message_id = %(id)s order by n"
    assert await reporting.rows(outcomes, id=id) == [("not_accepted",), ("unknown",)]
    reporting.clock.advance(seconds=1)
    other = await posted(reporting, n=2)
    await reporting.client.post("/webhook/whatsapp", json=statuses(("delivered", other)))
    await reporting.pass_time(minutes=3)
    assert [message.id for message in reporting.outside.sent] == [id, other, id]


async def _is_escalated(world: World, id: UUID, *, others: int = 0) -> None:
    await world.pass_time(minutes=3)
    await world.pass_time(days=1)
    assert await world.one(STATUS, id=id) == "unknown"
    assert len(world.outside.sent) == 1 + others
    assert await world.rows("select subject_id, kind, text from notification") == [
        (id, "unknown", "the connection was reset")
    ]


async def test_a_worker_that_died_while_sending_leaves_an_unknown(world: World) -> None:
    await unknown(world)
    id = await posted(world, n=2)
    await world.execute("update outbound_message set status = 'sending' where id = %(id)s", id=id)
    await world.execute("update delivery_attempt set outcome = null where outbound_message_id = %(id)s", id=id)
    await world.pass_time(seconds=80)
    assert await world.one(STATUS, id=id) == "sending"
    await world.pass_time(seconds=11)
    assert await world.one(STATUS, id=id) == "unknown"
    assert len(world.outside.sent) == 2


async def test_an_operator_may_decide_to_send_it_again(world: World) -> None:
    id = await unknown(world)
    assert (await world.admin("POST", f"/admin/outbox/{id}/retry")).status_code == 409  # still waits for its receipt
    await world.pass_time(minutes=3)
    (shown,) = (await world.admin("GET", "/admin/outbox/failed")).json()["data"]
    assert (shown["id"], shown["status"], shown["reason"]) == (str(id), "unknown", "the connection was reset")
    assert (await world.admin("POST", f"/admin/outbox/{id}/retry")).status_code == 200
    await world.work()
    assert [message.id for message in world.outside.sent] == [id, id]
    assert await world.one(STATUS, id=id) == "sent"
    assert (await world.admin("GET", "/admin/outbox/failed")).json() == {"data": []}


async def test_what_was_withdrawn_or_redacted_is_sent_again_by_nobody(world: World) -> None:
    id = await unknown(world)
    await world.pass_time(minutes=3)
    for marks in ("withdrawn_at = now()", "withdrawn_at = null, redacted_at = now()"):
        await world.execute(f"update outbound_message set {marks}")
        assert (await world.admin("POST", f"/admin/outbox/{id}/retry")).status_code == 409, marks
    assert len(world.outside.sent) == 1


async def test_what_was_sent_is_not_cancelled_for_something_newer(world: World) -> None:
    id, tenant_id = await posted(world), await world.one("select id from tenant")
    async with world.runtime.connection() as conn:
        await fates.cancel_failed(conn, id, tenant_id=tenant_id, now=world.clock())
    assert await world.one(STATUS, id=id) == "sent"
