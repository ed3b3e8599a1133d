"""Prices, what was played, deleted or warned of, news about the account: kept once each, and told where it matters."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from concierge.channels.model import Notice, Receipt
from tests.events import ACCOUNT, AT, message, notice, tell
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import World

FACTS = "select status, pricing, played_at, deleted_at, warned_at from outbound_message"
NOTICES = "select kind, text, raw from account_notice order by kind"
TOLD = "select subject, kind, text from notification"


def receipt(id: UUID, status: Any, **fields: Any) -> Receipt:
    told = {"account": ACCOUNT, "provider_message_id": None, "outbound_id": id, "status": status, "at": AT} | fields
    return Receipt(**told)


@pytest.fixture
async def id(telling: World) -> UUID:
    """A message that was sent."""
    telling.model.script = readings(reading("Call Bob", SOON))
    await tell(telling, message())
    await telling.work()
    return await telling.one("select id from outbound_message")


async def test_the_price_is_kept(telling: World, id: UUID) -> None:
    await tell(telling, receipt(id, "sent", pricing='{"billable":true}'))
    await tell(telling, receipt(id, "delivered"))
    assert await telling.rows(FACTS) == [("delivered", '{"billable":true}', None, None, None)]


async def test_played_is_read(telling: World, id: UUID) -> None:
    await tell(telling, receipt(id, "played"), receipt(id, "delivered"))
    assert await telling.rows(FACTS) == [("read", None, AT, None, None)]


@pytest.mark.parametrize(("status", "facts"), [("deleted", (None, AT, None)), ("warning", (None, None, AT))])
async def test_what_stands_beside_the_ladder_never_steps_back(
    telling: World, id: UUID, status: str, facts: tuple[Any, ...]
) -> None:
    await tell(telling, receipt(id, "read"), receipt(id, status), receipt(id, status, at=AT + timedelta(hours=1)))
    assert await telling.rows(FACTS) == [("read", None, *facts)]


async def test_what_is_deleted_was_sent(telling: World, id: UUID) -> None:
    await telling.execute("update outbound_message set status = 'unknown'")
    await tell(telling, receipt(id, "deleted"))
    assert await telling.one("select status from outbound_message") == "sent"


async def test_any_order_ends_in_the_same_row(telling: World, id: UUID) -> None:
    reports = [
        receipt(id, "sent", pricing="p"),
        receipt(id, "played", at=AT + timedelta(minutes=1)),
        receipt(id, "played"),
        receipt(id, "deleted"),
    ]
    ends = set()
    for order in permutations(reports):
        await telling.execute(
            "update outbound_message set status = 'sent', pricing = null, played_at = null, deleted_at = null"
        )
        await tell(telling, *order, order[0])
        ends.add(*await telling.rows(FACTS))
    assert ends == {("read", "p", AT, AT, None)}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (notice("account_update", "restricted"), True),
        (notice("phone_number_quality_update", "quality went down"), True),
        (notice("errors", "130429"), True),
        (notice("message_template_status_update", "welcome: APPROVED"), False),
        (notice("message_template_status_update", "welcome: REJECTED"), True),
        (notice("message_template_status_update", "welcome", raw=b'{"event":"PAUSED"}'), True),
        (notice("business_capability_update", "limits"), False),
    ],
)
async def test_a_notice_is_kept_once_and_told_where_it_matters(telling: World, said: Any, told: bool) -> None:
    for _ in range(3):
        assert (await tell(telling, said, said)).json()["status"] == "accepted"
    assert await telling.rows(NOTICES) == [(said.kind, said.text, said.raw)]
    assert await telling.rows(TOLD) == ([("channel_account", said.kind, said.text)] if told else [])


async def test_another_notice_is_another_one(telling: World) -> None:
    await tell(telling, notice("errors", "a", b"1"), notice("errors", "b", b"2"), notice("others", "a", b"1"))
    assert len(await telling.rows(NOTICES)) == 3
    assert len(await telling.rows(TOLD)) == 1


async def test_news_of_the_business_account_is_news_of_its_first_number(telling: World) -> None:
    await telling.execute("""
        update channel_account set settings = settings || '{"business_account_id": "WABA"}' where channel = 'whatsapp'
    """)
    said = Notice(account="WABA", kind="account_update", text="restricted", raw=b"{}", at=AT)
    assert (await tell(telling, said)).json()["status"] == "accepted"
    assert await telling.rows(
        "select n.kind, a.external_id from account_notice n join channel_account a on a.id = n.channel_account_id"
    ) == [("account_update", ACCOUNT)]


async def test_notices_are_forgotten_in_time(telling: World) -> None:
    await tell(telling, notice("errors", "a", b"1"))
    await telling.pass_time(days=61)
    assert await telling.rows(NOTICES) == [("errors", "", None)]


async def test_one_that_cannot_be_kept_does_not_fail_the_others(telling: World, id: UUID) -> None:
    await telling.execute("alter table account_notice add constraint never check (kind <> 'bad') not valid")
    try:
        bad = notice("bad", "x")
        answer = await tell(telling, bad, message(id="wamid.9"), receipt(id, "read"), bad, notice("good", "y"))
        assert (answer.status_code, answer.json()["status"]) == (200, "accepted")
    finally:
        await telling.execute("alter table account_notice drop constraint never")
    assert await telling.one("select status from outbound_message") == "read"
    assert await telling.rows(NOTICES) == [("good", "y", b"{}")]
    assert await telling.one("select count(*) from inbound_message") == 2


async def test_what_came_with_a_message_is_kept(telling: World) -> None:
    said = {"whole": "All\0 of it", "thread": ("<a@b>", "<c@d>"), "choice": "yes", "token": "abc"}
    await tell(telling, message(**said), message(id="wamid.2"))
    assert await telling.rows("select whole, thread, choice, token from inbound_message order by seq") == [
        ("All\ufffd of it", ["<a@b>", "<c@d>"], "yes", "abc"),
        (None, None, None, None),
    ]
    await telling.pass_time(days=61)
    assert await telling.rows("select whole, thread, choice, token from inbound_message order by seq limit 1") == [
        (None, ["<a@b>", "<c@d>"], None, "abc")
    ]
