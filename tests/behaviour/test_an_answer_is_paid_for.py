"""An answer is paid for before a model is asked, once; without credits a message is kept and waits for them."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from concierge.credits.spending import grant, release_abandoned
from concierge.errors import ModelRefused, ModelUnavailable
from concierge.inbox.handling import handle
from concierge.inbox.paying import resume
from concierge.inbox.skills import PRICES, SKILLS
from concierge.llm.purposes import Reading, Replied
from tests.fakes import reading
from tests.makers import CONFIRMED, SOON, readings
from tests.world import KEY, World

LEDGER = "select kind, amount from credit_entry order by position"
SUMS = "select balance = (select sum(amount) from credit_entry) from credit_account"
WAITING = "select count(*) from conversation where parked_reason = 'out of credits'"
TOLD = "select kind, subject from notification where acknowledged_at is null"


@pytest.fixture(autouse=True)
def _a_follow_up_costs_a_credit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(PRICES, "followups", 1)  # type: ignore[arg-type]


@pytest.fixture
async def shop(world: World) -> World:
    """Every message asks for a follow-up, which is confirmed."""
    world.model.script = readings(reading("Call Bob", SOON))
    return world


async def top_up(world: World, amount: int, key: str = "invoice-1") -> bool:
    tenant_id = await world.one("select id from tenant")
    async with world.runtime.begin() as conn:
        return await grant(conn, tenant_id=tenant_id, amount=amount, key=key, note=None, now=world.clock())


async def later(world: World, **amount: float) -> None:
    """Time passes, and of the ticks only those that look after credits come."""
    world.clock.advance(**amount)
    await release_abandoned(world.runtime)
    await resume(world.runtime)
    await world.work()


async def balance(world: World) -> Any:
    assert await world.one(SUMS)
    return await world.one("select balance from credit_account")


async def test_a_tenant_without_an_account_is_not_metered(shop: World) -> None:
    await shop.email("Call Bob")
    await shop.work()
    assert shop.outside.texts == [CONFIRMED + "Call Bob"]
    assert await shop.rows(LEDGER) == []


async def test_silence_is_granted_without_credits(shop: World) -> None:
    """What else the turn says waits; the wish for no advertisements does not, and is answered once."""
    await top_up(shop, 1)
    await shop.whatsapp("Call Bob", id="wamid.1")
    await shop.work()
    said = shop.whatsapp_payload(("wamid.2", "15551234567", "Stop promotions"), ("wamid.3", "15551234567", "Call Bob"))
    await shop.client.post("/webhook/whatsapp", json=said)
    await shop.work()
    assert await shop.one(WAITING) == 1
    assert await shop.rows("select scope from suppression") == [("marketing",)]
    assert len(shop.outside.texts) == 2
    assert shop.outside.texts[1].startswith("You will get no more messages")
    await top_up(shop, 1, "invoice-2")
    await later(shop)
    assert shop.outside.texts[2:] == [CONFIRMED + "Call Bob"]


async def test_two_messages_at_once_and_one_credit_are_one_answer(shop: World) -> None:
    """Also when a worker handles the same conversation twice at the same time."""
    await top_up(shop, 1)
    for n in range(2):
        await shop.whatsapp("Call Bob", id=f"wamid.{n}", sender=f"1555123456{n}")
    ids = [id for (id,) in await shop.rows("select id from conversation")]
    await asyncio.gather(*(handle(shop.runtime, id) for id in ids * 2))
    await shop.work()
    assert shop.outside.texts == [CONFIRMED + "Call Bob"]
    assert len({prompt.asker for prompt in shop.model.prompts}) == 1  # the other was not even asked about
    assert await shop.rows(LEDGER) == [("grant", 1), ("reserve", -1), ("settle", 0)]
    assert await balance(shop) == 0
    assert await shop.one("select count(*) from inbound_message") == 2
    assert await shop.one(WAITING) == 1
    assert await shop.rows(TOLD) == [("out_of_credits", "tenant")]


async def test_what_waited_is_answered_after_a_top_up_if_it_still_may_be(shop: World) -> None:
    await top_up(shop, 1)
    await shop.whatsapp("Call Bob", id="wamid.0", sender="15551230000")
    await shop.work()
    await shop.whatsapp("Call Bob", id="wamid.1", sender="15551230001")
    await later(shop, hours=20)
    await shop.whatsapp("Call Bob", id="wamid.2", sender="15551230002")
    await shop.work()
    assert await shop.one(WAITING) == 2
    await later(shop, hours=5)  # the first of them may not be written to any more
    assert await top_up(shop, 5, key="invoice-2")
    assert not await top_up(shop, 5, key="invoice-2")
    assert await shop.rows(TOLD) == []
    await later(shop, seconds=10)
    assert shop.outside.texts == [CONFIRMED + "Call Bob"] * 2
    assert await shop.one(WAITING) == 1
    assert await balance(shop) == 4
    # the late one writes again, and is answered once for both
    await shop.whatsapp("Call Bob", id="wamid.3", sender="15551230001")
    await shop.work()
    assert await shop.one(WAITING) == 0
    assert await balance(shop) == 3


async def test_as_many_are_taken_up_as_there_are_credits(shop: World) -> None:
    await top_up(shop, 1)
    for n in range(4):
        await shop.whatsapp("Call Bob", id=f"wamid.{n}", sender=f"1555123000{n}")
    await shop.work()
    await top_up(shop, 2, key="invoice-2")
    await shop.pass_time(seconds=10)
    assert len(shop.outside.texts) == 3
    assert len(shop.model.prompts) == 3
    assert (await balance(shop), await shop.one(WAITING)) == (0, 1)


async def test_stop_is_obeyed_without_credits(shop: World) -> None:
    await top_up(shop, 1)
    await shop.whatsapp("Call Bob")
    await shop.work()
    await shop.whatsapp("Call Bob again", id="wamid.2")
    await shop.work()
    await shop.whatsapp("STOP", id="wamid.3")
    await shop.work()
    assert await shop.one("select count(*) from suppression where lifted_at is null") == 1
    assert await balance(shop) == 0


async def test_only_an_answer_is_paid_for(shop: World) -> None:
    """A turn that says nothing, and one that a human has taken over, cost nothing."""
    await top_up(shop, 3)
    shop.model.script = readings(Reading([]))
    await shop.whatsapp("Thanks!")
    await shop.work()
    assert await shop.rows(LEDGER) == [("grant", 3), ("reserve", -1), ("release", 1)]
    await shop.execute("update conversation set status = 'human', moved_at = now()")
    await shop.whatsapp("Hello?", id="wamid.2")
    await shop.work()
    assert await balance(shop) == 3
    assert len(await shop.rows(LEDGER)) == 3


async def test_one_reserve_a_turn_however_often_it_is_tried(shop: World) -> None:
    await top_up(shop, 5)
    shop.model.script = readings(ModelUnavailable("overloaded"), ModelUnavailable("overloaded"), reading("Call", SOON))
    await shop.whatsapp("Call Bob")
    await shop.work()
    assert len(shop.model.prompts) == 3
    assert await shop.rows(LEDGER) == [("grant", 5), ("reserve", -1), ("settle", 0)]


async def test_a_worker_that_dies_while_thinking_has_not_spent(shop: World) -> None:
    """Whoever handles the turn next goes on with its reserve."""
    await top_up(shop, 1)
    await shop.whatsapp("Call Bob")
    conversation = await shop.one("select id from conversation")
    dying = asyncio.create_task(handle(shop.runtime, conversation))

    async def dies() -> None:
        shop.model.meanwhile = None
        dying.cancel()

    shop.model.meanwhile = dies
    await asyncio.gather(dying, return_exceptions=True)
    assert dying.cancelled()
    assert await shop.rows(LEDGER) == [("grant", 1), ("reserve", -1)]
    await shop.work()
    assert shop.outside.texts == [CONFIRMED + "Call Bob"]
    assert await shop.rows(LEDGER) == [("grant", 1), ("reserve", -1), ("settle", 0)]


async def test_what_nobody_settles_is_given_back(shop: World) -> None:
    """A turn that no model answers holds its credit for half an hour; the next try reserves anew."""
    await top_up(shop, 1)
    shop.model.script = readings(ModelRefused("not this"))
    await shop.whatsapp("Call Bob")
    await shop.work()
    assert await shop.one("select count(*) from credit_hold") == 1
    await later(shop, minutes=29)
    assert await balance(shop) == 0
    await shop.pass_time(minutes=2)
    assert await shop.rows(LEDGER) == [("grant", 1), ("reserve", -1), ("release", 1)]
    shop.model.script = readings(reading("Call Bob", SOON))
    await shop.whatsapp("Please", id="wamid.2")
    await shop.work()
    assert await balance(shop) == 0
    assert shop.outside.texts == [CONFIRMED + "Call Bob"]


async def test_what_is_given_back_too_early_is_not_spent_twice(shop: World) -> None:
    """The reserve of a turn is released while a model still thinks about it: the answer waits for another reserve."""
    await top_up(shop, 1)

    async def meanwhile() -> None:
        shop.model.meanwhile = None
        shop.clock.advance(minutes=31)
        await release_abandoned(shop.runtime)

    shop.model.meanwhile = meanwhile
    await shop.whatsapp("Call Bob")
    await shop.work()
    assert shop.outside.texts == [CONFIRMED + "Call Bob"]
    kinds = [kind for kind, _ in await shop.rows(LEDGER)]
    assert kinds == ["grant", "reserve", "release", "reserve", "settle"]
    assert await balance(shop) == 0


async def test_credits_by_the_api(shop: World) -> None:
    async def ask(method: str, path: str, api_key: str = KEY, /, **said: Any) -> Any:
        more = {"json": said} if said else {}
        return await shop.client.request(method, path, headers={"x-api-key": api_key}, **more)

    tenant = str(await shop.one("select id from tenant"))
    own = f"/users/{tenant}/credits"
    free = {"tenant_id": tenant, "metered": False, "balance": None, "reserved": 0, "last_updated": None}
    assert (await ask("GET", "/v1/credits")).json() == free
    made = await ask("POST", "/v1/credits/entries", amount=3, key="invoice-1", note="Thanks")
    assert (made.status_code, made.json()["kind"], made.json()["amount"]) == (201, "grant", 3)
    assert (await ask("POST", "/v1/credits/entries", amount=3, key="invoice-1")).json() == made.json()
    assert (await ask("POST", "/v1/credits/entries", amount=4, key="invoice-1")).status_code == 409
    assert (await ask("POST", own, amount=2)).json()["remaining_credits"] == 5
    await shop.whatsapp("Call Bob")
    await shop.work()
    assert (await ask("GET", "/v1/credits")).json()["balance"] == 4
    words = {"user_id": tenant, "remaining_credits": 4, "last_updated": "2027-03-03T12:00:00Z"}
    assert (await ask("GET", own)).json() == words
    first = (await ask("GET", "/v1/credits/entries?limit=2")).json()
    rest = (await ask("GET", f"/v1/credits/entries?limit=2&cursor={first['next_cursor']}")).json()
    kinds = [(each["kind"], each["amount"]) for each in first["data"] + rest["data"]]
    assert sorted(kinds) == [("grant", 2), ("grant", 3), ("reserve", -1), ("settle", 0)]
    # who spends does not grant
    key = (await ask("POST", "/v1/api-keys", name="shop", scopes=["admin:*"])).json()["key"]
    assert (await ask("GET", own, key)).status_code == 200
    assert (await ask("POST", own, key, amount=2)).status_code == 403
    assert (await ask("POST", "/v1/credits/entries", key, amount=2)).status_code == 403
    other = "/users/00000000-0000-0000-0000-000000000000/credits"
    assert [(await ask("GET", other, key)).status_code, (await ask("POST", other, amount=1)).status_code] == [404, 404]
    wrong = await ask("POST", "/v1/credits/entries", amount=0, cost=1)
    assert {each["pointer"] for each in wrong.json()["errors"]} == {"/amount", "/cost"}
    assert await balance(shop) == 4


async def test_replies_cost_one_and_their_fallback_nothing(shop: World) -> None:
    """The prices as they are shipped."""
    assert PRICES["replies"] == 1
    assert PRICES.keys() <= SKILLS.keys()
    await shop.execute("update agent set skills = '{replies}'")
    await top_up(shop, 2)
    shop.model.script = answering(Replied("Hello!", wants_human=False), ModelUnavailable("overloaded"))
    for n in range(2):
        await shop.whatsapp("Hello", id=f"wamid.{n}")
        await shop.work()
    assert shop.outside.texts == ["Hello!", "Noted."]
    told = [("grant", 2), ("reserve", -1), ("settle", 0), ("reserve", -1), ("release", 1)]
    assert await shop.rows(LEDGER) == told


def answering(*each: Replied | Exception) -> Callable[[Any], Any]:
    """A script that replies with one after the other."""
    waiting = list(each)

    def script(_prompt: Any) -> Any:
        said = waiting.pop(0)
        if isinstance(said, Exception):
            raise said
        return said

    return script
