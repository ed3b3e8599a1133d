"""A receipt counts for what it is about: one attempt, one message, or everything a person was sent up to a moment."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from concierge.channels.model import Receipt
from concierge.errors import Unknown, Unwanted, UnwantedMarketing
from concierge.outbox import fates
from tests.events import ACCOUNT, AT, BSUID, PHONE, message, tell
from tests.fakes import reading
from tests.makers import SOON, readings, statuses
from tests.world import World

STATUSES = "select status from outbound_message order by position"
LIVE = "select kind, value, scope, source from suppression where lifted_at is null"


def receipt(status: Any, id: UUID | None = None, **fields: Any) -> Receipt:
    told = {"account": ACCOUNT, "provider_message_id": None, "outbound_id": id, "status": status, "at": AT} | fields
    return Receipt(**told)


async def posted(world: World, *, n: int = 1) -> UUID:
    world.model.script = readings(reading("Call Bob", SOON))
    await tell(world, message("Call Bob", id=f"wamid.{n}"))
    await world.work()
    return await world.one("select id from outbound_message order by position desc limit 1")


async def test_a_failure_of_an_earlier_attempt_is_no_news(telling: World) -> None:
    telling.outside.outcomes = [Unknown("the connection was reset")]
    id = await posted(telling)
    async with telling.runtime.connection() as conn:
        tenant = await telling.one("select tenant_id from outbound_message")
        await fates.requeue_silent(conn, id, tenant_id=tenant, now=telling.clock())
    await telling.pass_time(seconds=1)
    assert [message.attempt for message in telling.outside.sent] == [1, 2]
    await tell(telling, receipt("failed", id, attempt=1, provider_message_id="wamid.first"))
    assert await telling.rows(STATUSES) == [("sent",)]
    assert await telling.rows("select from notification") == []
    await tell(telling, receipt("failed", id, attempt=2))
    assert await telling.rows(STATUSES) == [("failed",)]
    assert await telling.one("select count(*) from notification") == 1
    await tell(telling, receipt("delivered", id, attempt=1))  # it has it after all, whichever it was
    assert await telling.rows(STATUSES) == [("delivered",)]


async def test_a_failure_and_its_notification_are_one(telling: World) -> None:
    id = await posted(telling)
    await telling.execute("alter table notification add constraint broken check (kind <> 'failed') not valid")
    try:
        await tell(telling, receipt("failed", id))
        assert await telling.rows(STATUSES) == [("sent",)]
    finally:
        await telling.execute("alter table notification drop constraint broken")
    await tell(telling, receipt("failed", id))
    assert await telling.rows(STATUSES) == [("failed",)]
    assert await telling.one("select count(*) from notification") == 1


async def test_everything_up_to_a_moment_was_read(telling: World) -> None:
    await posted(telling)
    telling.clock.advance(minutes=1)
    await posted(telling, n=2)
    seen = receipt("read", at=telling.clock() - timedelta(seconds=30), addresses=(PHONE,))
    await tell(telling, receipt("read", at=telling.clock(), addresses=(BSUID,)))
    assert await telling.rows(STATUSES) == [("sent",), ("sent",)]
    for _ in range(2):
        await tell(telling, seen)
    assert await telling.rows(STATUSES) == [("read",), ("sent",)]
    await tell(telling, receipt("delivered", at=telling.clock(), addresses=(PHONE,)))
    assert await telling.rows(STATUSES) == [("read",), ("delivered",)]


@pytest.mark.parametrize(("error", "scope"), [(Unwanted("blocked"), "all"), (UnwantedMarketing("no"), "marketing")])
async def test_a_refusal_for_the_persons_sake_is_remembered(telling: World, error: Unwanted, scope: str) -> None:
    telling.outside.outcomes = [error]
    await posted(telling)
    assert await telling.rows(STATUSES) == [("failed",)]
    assert await telling.rows(LIVE) == [("phone", PHONE.value, scope, "platform")]
    await posted(telling, n=2)
    assert len(telling.outside.sent) == (1 if scope == "all" else 2)


@pytest.mark.parametrize(("code", "scopes"), [(131050, ["marketing"]), (130403, ["all"]), (131026, [])])
async def test_so_is_one_that_comes_later(world: World, code: int, scopes: list[str]) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.whatsapp("Call Bob")
    await world.work()
    payload = statuses(("failed", await world.one("select id from outbound_message")), at=1_804_075_300)
    payload["entry"][0]["changes"][0]["value"]["statuses"][0]["errors"][0]["code"] = code
    assert (await world.client.post("/webhook/whatsapp", json=payload)).status_code == 200
    assert [scope for _, _, scope, _ in await world.rows(LIVE)] == scopes
