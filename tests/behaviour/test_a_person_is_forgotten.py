"""One person's data is handed out whole and forgotten whole, wherever it lies; their neighbour's stays."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from httpx import Response
from psycopg import sql

from concierge.llm.purposes import Drafted
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

ALICE, BOB = "alice@example.com", "bob@example.org"
WORDS = "xylophone"  # what only Alice says
LATER = "2027-05-01T09:00:00Z"
TABLES = """
    select table_name, array_agg(column_name::text) filter (where data_type = 'bytea')
    from information_schema.columns where table_schema = 'public' group by 1
"""
ENDPOINT = """
    insert into webhook_endpoint (tenant_id, url, event_types, include_text, secret, created_at, moved_at)
    select id, 'https://192.0.2.1', '{*}', true, '', now(), now() from tenant
"""
ELSEWHERE = """
    insert into unrouted_message (channel, external_id, provider_message_id, reason, raw, received_at)
    values ('email', 'x', 'y', 'unstorable', convert_to('from Alice@example.com alice@example.com', 'UTF8'), now());
    insert into media (tenant_id, inbound_message_id, n, kind, locator, filename, due_at, wake_at, created_at, moved_at)
    select tenant_id, id, 1, 'file', 'https://x/xylophone', 'xylophone.pdf', received_at, received_at, received_at,
           received_at from inbound_message order by received_at limit 1;
    insert into app_reply (tenant_id, channel_account_id, conversation_id, provider_message_id, text, sent_at,
                           received_at)
    select tenant_id, channel_account_id, id, 'p', 'yes, the xylophone', opened_at, opened_at
    from conversation order by opened_at limit 1;
    insert into event (tenant_id, subject, subject_id, type, detail, at)
    select tenant_id, 'conversation', id, 'conversation.handed', 'wants a xylophone', now()
    from conversation order by opened_at limit 1;
    insert into lead (tenant_id, conversation_id, name, notice, created_at, moved_at)
    select tenant_id, id, 'Alice Liddell', 'wants a xylophone', opened_at, opened_at
    from conversation order by opened_at limit 1;
    insert into summary (tenant_id, contact_id, status, reason, due_at, text, created_at, moved_at)
    select tenant_id, contact_id, 'failed', 'no xylophone', opened_at, 'A xylophone.', opened_at, opened_at
    from conversation order by opened_at limit 1;
    insert into notification (tenant_id, subject, subject_id, kind, text, created_at)
    select tenant_id, 'lead', id, 'lead', notice, created_at from lead;
    insert into notification (tenant_id, subject, subject_id, kind, text, created_at)
    select tenant_id, 'summary', id, 'failed', reason, created_at from summary;
    insert into notification (tenant_id, subject, subject_id, kind, text, created_at)
    select tenant_id, 'conversation', id, 'x', 'alice@example.com wants a xylophone', now()
    from conversation order by opened_at limit 1
"""


async def ask(world: World, method: str, path: str, **more: Any) -> Response:
    return await world.client.request(method, path, headers={"x-api-key": KEY}, **more)


async def dump(world: World) -> str:
    """Every row of every table, bytes as text."""
    texts = []
    for table, binary in await world.rows(TABLES):
        columns = [sql.SQL("encode({}, 'escape')").format(sql.Identifier(each)) for each in binary or []]
        parts = sql.SQL(", ").join([sql.SQL("to_jsonb(t)::text"), *columns])
        rows = await world.rows(sql.SQL("select concat_ws(' ', {}) from {} t").format(parts, sql.Identifier(table)))
        texts += [text for (text,) in rows]
    return "\n".join(texts).lower()


@pytest.fixture
async def known(world: World) -> World:
    """Alice and Bob have each asked for a reminder; Alice's has been sent, with a draft, and failed once."""
    await world.execute(ENDPOINT)
    world.model.script = readings(reading(f"Buy a {WORDS}", SOON, draft=True))
    await world.email(f"Please remind me then of the {WORDS}", **{"from": f"Alice Liddell <{ALICE}>"})
    await world.work()
    scripted = world.model.script
    world.model.script = lambda prompt: Drafted(f"A {WORDS}!") if prompt.purpose == "draft" else scripted(prompt)
    await world.pass_time(days=9)
    world.model.script = readings(reading("Buy bread", SOON))
    await world.email("Bread, please", id="m2", **{"from": f"Bob Builder <{BOB}>"})
    await world.work()
    await world.execute(ELSEWHERE)
    body = {"channel": "email", "kind": "email", "value": ALICE, "reason": f"said {WORDS}"}
    assert (await ask(world, "POST", "/v1/suppressions", json=body)).status_code == 201
    return world


async def contact(world: World, address: str) -> str:
    (found,) = (await ask(world, "GET", f"/v1/contacts?address={address}")).json()["data"]
    id: str = found["id"]
    return id


async def test_everything_about_a_person_is_handed_out(known: World) -> None:
    answer = await ask(known, "POST", f"/v1/contacts/{await contact(known, ALICE)}/export")
    data = answer.json()["data"]
    assert data.keys() >= {
        "app_reply",
        "contact",
        "contact_identity",
        "conversation",
        "extraction",
        "inbound_message",
        "lead",
        "media",
        "outbound_message",
        "summary",
        "suppression",
        "task",
        "webhook_event",
    }
    assert data["contact_identity"][0]["value"] == ALICE
    assert data["inbound_message"][0]["text"] == f"Please remind me then of the {WORDS}"
    assert [each["title"] for each in data["task"]] == [f"Buy a {WORDS}"]
    assert BOB not in answer.text
    assert "bread" not in answer.text.lower()


async def test_nothing_of_an_erased_person_is_in_a_dump(known: World) -> None:
    id = await contact(known, ALICE)
    before = await dump(known)
    assert [before.count(each) > 0 for each in (ALICE, WORDS, "liddell")] == [True] * 3
    answer = await ask(known, "POST", f"/v1/contacts/{id}/erase")
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["erased_at"] is not None) == (None, True)
    await known.pass_time(hours=1)
    after = await dump(known)
    for private in (ALICE, WORDS, "liddell"):
        assert private not in after, after[max(0, after.find(private) - 200) : after.find(private) + 50]
    for bobs in (BOB, "bread, please", "buy bread"):
        assert bobs in after
    assert (await ask(known, "GET", "/v1/contacts")).json()["data"][0]["identities"][0]["value"] == BOB
    assert (await ask(known, "GET", f"/v1/contacts/{id}")).json()["name"] is None
    assert await known.one("select count(*) from media where status <> 'gone'") == 0


async def test_no_stored_answer_outlives_a_person(known: World) -> None:
    """Requests under an Idempotency-Key are answered again for a day, but not with somebody who was erased."""
    alice, bob = await contact(known, ALICE), await contact(known, BOB)
    talk = await known.one("select id from conversation where contact_id = %(id)s", id=alice)
    suppressed = {"channel": "email", "kind": "email", "value": ALICE, "reason": WORDS}
    requests: dict[str, tuple[str, dict[str, Any] | None]] = {
        "export": (f"/v1/contacts/{alice}/export", None),
        "message": (f"/v1/conversations/{talk}/messages", {"text": f"Your {WORDS}"}),
        "follow-up": ("/v1/follow-ups", {"conversation_id": str(talk), "title": WORDS, "due_at": LATER}),
        "suppression": ("/v1/suppressions", suppressed),
        "bob": (f"/v1/contacts/{bob}/export", None),
    }
    await known.execute("delete from suppression")

    async def send(key: str) -> Response:
        path, body = requests[key]
        return await known.client.post(path, json=body, headers={"x-api-key": KEY, "idempotency-key": key})

    first = {key: await send(key) for key in requests}
    assert {key: each.is_success for key, each in first.items()} == dict.fromkeys(requests, True), first
    assert (await send("export")).json() == first["export"].json()
    await known.execute("update outbound_message set status = 'sent' where status = 'sending'")
    assert (await ask(known, "POST", f"/v1/contacts/{alice}/erase")).status_code == 200
    again = {key: (await send(key)).status_code for key in requests}
    assert again == {"export": 409, "message": 409, "follow-up": 409, "suppression": 409, "bob": 200}
    held = await known.rows("select key from idempotent_request where body is not null")
    assert held == [("bob",)], "nothing is done twice, and nothing of hers is kept, not even sealed"


async def test_what_was_under_way_comes_to_nothing(known: World) -> None:
    """A model is reading her words when she is erased; a reminder was to be sent later."""
    id = await contact(known, ALICE)
    await known.execute("delete from suppression")
    known.model.script = readings(reading(f"Sell the {WORDS}", "2027-04-01T09:00"))
    sent = len(known.outside.sent)

    async def erase() -> None:
        known.model.meanwhile = None
        assert (await ask(known, "POST", f"/v1/contacts/{id}/erase")).status_code == 200

    await known.email(f"Sell the {WORDS}", id="m3", **{"from": ALICE})
    known.model.meanwhile = erase
    await known.work()
    await known.pass_time(minutes=16)
    assert WORDS not in await dump(known)
    await known.pass_time(days=60)
    assert len([each for each in known.outside.sent[sent:] if "bread" not in each.text.lower()]) == 0

    await known.email("Hello again", id="m4", **{"from": ALICE})
    assert await contact(known, ALICE) != id, "who writes again is somebody new"


async def test_nobody_is_erased_while_something_is_being_sent(known: World) -> None:
    id = await contact(known, ALICE)
    await known.execute("update outbound_message set status = 'sending'")
    answer = await ask(known, "DELETE", f"/v1/contacts/{id}")
    assert answer.status_code == 409
    assert WORDS in await dump(known)


async def test_erasing_twice_at_once_is_erasing(known: World) -> None:
    id = await contact(known, ALICE)
    answers = await asyncio.gather(*(ask(known, "POST", f"/v1/contacts/{id}/erase") for _ in range(3)))
    assert [each.status_code for each in answers] == [200] * 3
    assert UUID(id) == await known.one("select id from contact where erased_at is not null")
