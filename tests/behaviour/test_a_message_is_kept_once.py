"""A message delivered twice, or a thousand times at once, is kept and handled once; a crash keeps nothing by halves."""

import asyncio
import json
from collections import Counter

import pytest

from concierge.inbox import arrival
from concierge.web import webhooks
from tests.fakes import FrozenClock, reading
from tests.makers import CONFIRMED, SOON, batch, readings, statuses, text_message
from tests.world import World, open_world

DIES_BEFORE_COMMIT = """
    create function die() returns trigger language plpgsql as
        'begin perform pg_terminate_backend(pg_backend_pid()); return null; end';
    create trigger die after insert on inbound_message execute function die()
"""


async def test_twice_in_one_post(world: World) -> None:
    """And no reason to keep what came with it message by message."""
    same, other = text_message("hello"), text_message("hello", id="wamid.2")
    answer = await world.client.post("/webhook/whatsapp", json=batch([same, same, other]))
    assert answer.json()["status"] == "accepted"
    kept = "select provider_message_id, seq from inbound_message order by seq"
    assert await world.rows(kept) == [("wamid.1", 1), ("wamid.2", 2)]
    assert await world.one("select last_seq from conversation") == 2
    assert await world.one("select count(distinct xmin::text) from inbound_message") == 1


async def test_twice_in_two_posts(world: World) -> None:
    first, second = await world.whatsapp("hello"), await world.whatsapp("hello")
    assert [first.json()["status"], second.json()["status"]] == ["accepted", "duplicate"]
    assert first.json()["inboundId"] == second.json()["inboundId"]
    assert second.status_code == 200


async def test_old_and_new_in_one_post(world: World) -> None:
    await world.whatsapp("one")
    mixed = batch([text_message("one"), text_message("two", id="wamid.2")])
    answer = await world.client.post("/webhook/whatsapp", json=mixed)
    assert answer.json()["status"] == "accepted"
    assert await world.rows("select text, seq from inbound_message order by seq") == [("one", 1), ("two", 2)]


async def test_the_largest_batch_that_meta_sends(world: World) -> None:
    """A thousand updates in three megabytes, of a thousand people, and again, because the answer was lost."""
    people = [text_message("x" * 2_900, id=f"wamid.{n}", sender=f"1555{n:07}") for n in range(980)]
    body = batch(people)
    body["entry"] += statuses(*(("delivered", f"{n}") for n in range(20)))["entry"]
    content = json.dumps(body).encode()
    assert 2_950_000 < len(content) < 3_145_728
    answers = [await world.client.post("/webhook/whatsapp", content=content) for _ in range(2)]
    assert [(each.status_code, each.json()["status"]) for each in answers] == [(200, "accepted"), (200, "duplicate")]
    assert await world.rows("select count(*), count(distinct conversation_id), max(seq) from inbound_message") == [
        (980, 980, 1)
    ]


async def test_the_same_words_twice_are_two_messages(world: World) -> None:
    """A second "yes" is another yes: the provider's id decides, never the text."""
    assert (await world.whatsapp("yes", id="wamid.1")).json()["status"] == "accepted"
    assert (await world.whatsapp("yes", id="wamid.2")).json()["status"] == "accepted"
    assert await world.one("select count(*) from inbound_message") == 2


async def test_a_thousand_times_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival, "LONGEST_WAIT", 60)  # on a busy machine the last ones would be told to come again
    monkeypatch.setattr(webhooks, "ASKING", 60)
    world.model.script = readings(reading("Call Bob", SOON))
    answers = await asyncio.gather(*(world.email("Call Bob next Friday") for _ in range(1000)))
    assert Counter(answer.json()["status"] for answer in answers) == {"accepted": 1, "duplicate": 999}
    assert len({answer.json()["inboundId"] for answer in answers}) == 1
    await world.work()
    assert len(world.model.prompts) == 1
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


async def test_one_id_from_two_people_at_once(world: World) -> None:
    """The second breaks a unique index inside a batch; its neighbours do not pay for it."""
    senders = [f"1555000{n:04}" for n in range(40)]
    answers = await asyncio.gather(
        *(world.whatsapp("mine", id="wamid.same", sender=sender) for sender in senders[:20]),
        *(world.whatsapp("other", id=f"wamid.{sender}", sender=sender) for sender in senders[20:]),
    )
    assert {answer.status_code for answer in answers} == {200}
    assert Counter(answer.json()["status"] for answer in answers) == {"accepted": 21, "duplicate": 19}
    assert await world.one("select count(*) from inbound_message") == 21


async def test_a_crash_between_insert_and_commit_leaves_nothing(fresh_db: str, clock: FrozenClock) -> None:
    async with open_world(fresh_db, clock) as world:
        await world.execute(DIES_BEFORE_COMMIT)
        assert (await world.whatsapp("hello")).status_code == 503
        await world.execute("drop trigger die on inbound_message")
        for table in ("inbound_message", "contact", "contact_identity", "conversation", "procrastinate_jobs"):
            assert await world.rows(f"select 1 from {table}") == [], table

        again = await world.whatsapp("hello")
        assert (again.status_code, again.json()["status"]) == (200, "accepted")
        assert await world.one("select count(*) from procrastinate_jobs") == 1
