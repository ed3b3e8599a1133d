"""Who says STOP gets one answer and then nothing, until they say START; a vendor's word and a link count as much."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from concierge.channels.model import Address, OptOut
from concierge.inbox.arrival import Arrivals, Delivery
from concierge.tenants.store import find_accounts
from concierge.tenants.vault import opened
from tests.fakes import reading
from tests.makers import SOON, readings, text_message, whatsapp
from tests.world import World

STOPPED = "You will get no more messages here. Send START to hear from us again."
RESUMED = "Welcome back: you will get our messages again. Send STOP to end them."
LIVE = "select kind, value, scope, source from suppression where lifted_at is null order by value"
OURS = "select kind, status, reason from outbound_message order by position"


async def hears(world: World, *texts: str) -> None:
    """One WhatsApp message after the other, each handled before the next."""
    for text in texts:
        n = await world.one("select count(*) from inbound_message")
        await world.whatsapp(text, id=f"wamid.{n}")
        await world.work()


@pytest.fixture(autouse=True)
def _busy(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))


async def test_one_answer_and_then_silence(world: World) -> None:
    await hears(world, " Stop. ", "STOP", "remind me to call Bob then")
    assert world.outside.texts == [STOPPED]
    assert await world.rows(LIVE) == [("phone", "15551234567", "all", "word")]
    assert world.model.prompts == []
    assert await world.one("select handled_seq from conversation") == 3


async def test_start_ends_it(world: World) -> None:
    await hears(world, "stop", "START", "remind me to call Bob then")
    assert world.outside.texts[:2] == [STOPPED, RESUMED]
    assert len(world.outside.sent) == 3
    assert await world.rows(LIVE) == []


async def test_to_others_start_is_a_word_like_any_other(world: World) -> None:
    await hears(world, "start")
    assert len(world.model.prompts) == 1


@pytest.mark.parametrize("text", ["stop calling me Bob", "end", "cancel", "quit", "CANCEL"])
async def test_what_only_sounds_like_it_is_a_message(world: World, text: str) -> None:
    await hears(world, text)
    assert len(world.model.prompts) == 1
    assert await world.rows(LIVE) == []


async def test_what_was_asked_for_before_is_not_said_after(world: World) -> None:
    await hears(world, "remind me to call Bob then", "stop")
    await world.pass_time(days=9)
    assert world.outside.texts[1:] == [STOPPED]
    assert (await world.rows(OURS))[-1] == ("reminder", "blocked", "suppressed")
    assert await world.rows("select status, reason from task") == [("failed", "suppressed")]


async def test_what_is_in_the_line_is_looked_at_again(world: World) -> None:
    await world.whatsapp("remind me to call Bob then")
    await world.execute("update channel_account set status = 'paused'")
    await world.work()
    await report(world)
    await world.execute("update channel_account set status = 'active'")
    await world.pass_time(minutes=6)
    assert world.outside.sent == []
    assert await world.rows(OURS) == [("confirmation", "blocked", "suppressed")]


async def test_a_burst_that_ends_in_stop_is_not_thought_about(world: World) -> None:
    payload = world.whatsapp_payload(("wamid.1", "1555", "remind me to call Bob then"), ("wamid.2", "1555", "STOP"))
    await world.client.post("/webhook/whatsapp", json=payload)
    await world.work()
    assert (world.outside.texts, world.model.prompts) == ([STOPPED], [])


async def test_it_is_heeded_whoever_leads_the_conversation(world: World) -> None:
    await hears(world, "hello")
    await world.execute("update conversation set status = 'human'")
    await hears(world, "Unsubscribe")
    assert world.outside.texts[-1] == STOPPED


async def test_other_people_and_other_channels_are_written_to(world: World) -> None:
    await hears(world, "stop")
    await world.email("remind me to call Bob then")
    await world.whatsapp("remind me to call Bob then", id="wamid.x", sender="15550000000")
    await world.work()
    assert len(world.outside.sent) == 3


async def report(world: World, *events: tuple[Any, timedelta]) -> None:
    """What WhatsApp reports about the person (wants, when), as it arrives."""
    async with world.runtime.connection() as conn:
        (row,) = await find_accounts(conn, channel="whatsapp", external_ids=["1234"])
    account, whom = opened(row, world.runtime.settings), Address("phone", "15551234567")
    async with Arrivals(world.runtime) as arrivals:
        for wants, after in events or [("stop", timedelta())]:
            event = OptOut(account="1234", address=whom, wants=wants, reason="r", at=world.clock() + after)
            await arrivals.accept(Delivery(channel="whatsapp", opt_outs=[(account, event)], correlation_id="c"))


STOP, RESUME = ("stop", timedelta(seconds=1)), ("resume", timedelta(seconds=2))


@pytest.mark.parametrize(
    ("events", "live"),
    [
        ([STOP], 1),
        ([STOP, STOP], 1),
        ([STOP, RESUME], 0),
        ([STOP, RESUME, STOP], 0),
        ([RESUME], 0),
        ([STOP, RESUME, RESUME], 0),
        ([RESUME, STOP], 0),
        ([RESUME, RESUME, ("stop", timedelta(seconds=3))], 1),
    ],
)
async def test_reports_come_twice_and_late(world: World, events: Sequence[Any], live: int) -> None:
    await report(world, *events)
    assert len(await world.rows(LIVE)) == live


async def test_what_an_operator_did_only_an_operator_undoes(world: World) -> None:
    await hears(world, "stop")
    await world.execute("update suppression set source = 'operator'")
    await hears(world, "start")
    (found,) = (await world.admin("GET", "/admin/suppressions")).json()["data"]
    assert (found["value"], found["source"]) == ("15551234567", "operator")
    assert (await world.admin("POST", f"/admin/suppressions/{found['id']}/lift")).status_code == 200
    assert await world.rows(LIVE) == []
    assert world.outside.texts == [STOPPED]


async def test_it_holds_for_an_address_that_is_learned_later(world: World) -> None:
    """Whoever said STOP by phone is not written to under a user id."""
    await hears(world, "stop")
    user = {"user_id": "US.1349", "wa_id": "15551234567", "profile": {"name": "Jo"}}
    both = text_message("call Bob", id="wamid.8") | {"from_user_id": "US.1349"}
    await world.client.post("/webhook/whatsapp", json=whatsapp({"contacts": [user], "messages": [both]}))
    alone = {key: value for key, value in both.items() if key != "from"} | {"id": "wamid.9"}
    contact = {"user_id": "US.1349", "profile": {"name": "Jo"}}
    await world.client.post("/webhook/whatsapp", json=whatsapp({"contacts": [contact], "messages": [alone]}))
    await world.work()
    assert await world.one("select kind from contact_identity i join conversation c on c.identity_id = i.id") == "bsuid"
    assert world.outside.texts == [STOPPED]
    assert world.model.prompts == []
    back = alone | {"id": "wamid.10", "text": {"body": "START"}}
    await world.client.post("/webhook/whatsapp", json=whatsapp({"contacts": [contact], "messages": [back]}))
    await world.work()
    assert (world.outside.texts, await world.rows(LIVE)) == ([STOPPED, RESUMED], [])
