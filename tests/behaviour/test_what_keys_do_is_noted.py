"""Whatever an API key changes stands in the action log: who, what, on which thing, in the transaction of the change."""

from contextlib import suppress
from typing import Any

import pytest
from httpx import Response
from psycopg.errors import DivisionByZero

from concierge import audit_log
from concierge.errors import HalfDone, Refused, Unknown
from concierge.web.changing import METHODS, changing
from concierge.web.noting import subject_of
from tests.apps import routes
from tests.world import KEY, World

WORDS = {"credits", "job", "media", "queue", "retention", "tick"}  # what is noted beside tables


async def ask(world: World, method: str, path: str, **more: Any) -> Response:
    headers = {"x-api-key": KEY} | more.pop("headers", {})
    return await world.client.request(method, path, headers=headers, **more)


async def noted(world: World) -> list[tuple[str, str, str | None, str | None]]:
    """Action, subject, its id and detail, in order, as the API shows them."""
    rows = (await ask(world, "GET", "/v1/admin/actions?limit=100")).json()["data"]
    return [(each["action"], each["subject"], each["subject_id"], each["detail"]) for each in reversed(rows)]


async def test_a_line_for_every_change_and_none_for_a_refusal(world: World) -> None:
    made = (await ask(world, "POST", "/v1/api-keys", json={"name": "shop", "scopes": ["*:write"]})).json()
    contact = (await ask(world, "POST", "/v1/contacts", json={"name": "Alice Liddell"})).json()["id"]
    address = {"channel": "email", "kind": "email", "value": "alice@example.com"}
    own = {"x-api-key": made["key"], "x-correlation-id": "c-1"}
    added = (await ask(world, "POST", f"/v1/contacts/{contact}/identities", json=address, headers=own)).json()
    refused = [
        await ask(world, "POST", "/v1/contacts", json={"nom": "x"}),
        await ask(world, "PATCH", f"/v1/contacts/{made['id']}", json={"name": "x"}),
        await ask(world, "POST", "/v1/credits/entries", json={"amount": 5}, headers=own),
    ]
    assert [each.status_code for each in refused] == [422, 404, 403]
    assert (await ask(world, "GET", f"/v1/contacts/{contact}", headers=own)).status_code == 200
    assert (await ask(world, "POST", "/v1/booking-texts/preview", json={"text": "Hello"})).status_code in (200, 422)
    for path in ("/v1/admin/queues/inbox/pause", f"/v1/contacts/{contact}/export", "/v1/admin/retention/runs"):
        assert (await ask(world, "POST", path)).status_code == 200, path
    assert (await ask(world, "DELETE", f"/v1/contacts/{contact}")).status_code == 204
    assert (await ask(world, "DELETE", f"/v1/api-keys/{made['id']}")).status_code == 204

    assert await noted(world) == [
        ("add_api_key", "api_key", made["id"], None),
        ("add_contact", "contact", contact, None),
        ("add_identity", "contact", contact, added["id"]),
        ("pause_queue", "queue", None, "inbox"),
        ("export_contact", "contact", contact, None),
        ("run_retention", "retention", None, None),
        ("remove_contact", "contact", contact, None),
        ("revoke_api_key", "api_key", made["id"], None),
    ]
    rows = await world.rows(
        "select actor, actor_id::text, correlation_id from audit_entry where action = 'add_identity'"
    )
    assert rows == [("key:shop", made["id"], "c-1")]
    everything = str(await world.rows("select to_jsonb(a) from audit_entry a")).lower()
    for private in ("alice", "liddell", made["key"]):
        assert private not in everything


async def test_a_timeline_names_who_moved_the_thing(world: World) -> None:
    """Not only the action log: whoever asks a thing why it is as it is reads the name of the key."""
    made = (await ask(world, "POST", "/v1/api-keys", json={"name": "shop", "scopes": ["admin:*"]})).json()

    async def shop(method: str, path: str, **body: Any) -> Any:
        answer = await ask(world, method, path, headers={"x-api-key": made["key"]}, **({"json": body} if body else {}))
        assert answer.is_success, answer.text
        return answer.json()

    async def told(id: str) -> list[str]:
        rows = await world.rows("select detail from event where subject_id = %(id)s order by id", id=id)
        return [detail for (detail,) in rows if detail and "key:" in detail]

    world.outside.outcomes = [Refused("no such mailbox"), Unknown("a timeout")]
    account = str(await world.one("select id from channel_account where channel = 'email'"))
    later = {"channel_account_id": account, "to": "bob@example.com", "text": "One", "send_at": "2027-06-01T09:00:00Z"}
    now = {name: value for name, value in later.items() if name != "send_at"}
    failed = (await shop("POST", "/v1/outbound-messages", **now))["id"]
    unknown = (await shop("POST", "/v1/outbound-messages", **now))["id"]
    planned = await shop("POST", "/v1/outbound-messages", **later)
    await world.work()
    conversation = f"/v1/conversations/{planned['conversation_id']}"
    task = await shop(
        "POST",
        "/v1/follow-ups",
        title="Call Bob",
        conversation_id=planned["conversation_id"],
        due_at="2027-06-01T09:00:00Z",
    )

    await shop("POST", f"/v1/channel-accounts/{account}/pause")
    await shop("POST", f"/v1/channel-accounts/{account}/resume")
    await shop("PATCH", f"/v1/outbound-messages/{planned['id']}", text="Two", send_at="2027-06-02T09:00:00Z")
    await shop("DELETE", f"/v1/outbound-messages/{planned['id']}")
    await shop("POST", f"/v1/outbound-messages/{failed}/retry")
    await shop("POST", f"/v1/outbound-messages/{unknown}/resolve", status="failed")
    await shop("PATCH", f"/v1/follow-ups/{task['id']}", title="Call Bob Dobbs")
    await shop("POST", f"/v1/follow-ups/{task['id']}/cancel")
    await world.execute("update conversation set parked_at = %(at)s, parked_reason = 'x'", at=world.clock())
    await shop("POST", f"/admin/conversations/{planned['conversation_id']}/retry")
    await shop("POST", f"{conversation}/takeover")
    await shop("POST", f"{conversation}/close")
    await ask(world, "DELETE", f"/v1/channel-accounts/{account}", headers={"x-api-key": made["key"]})

    assert await told(account) == ["paused by key:shop", "resumed by key:shop", "removed by key:shop"]
    assert await told(planned["id"]) == ["text, send_at by key:shop", "cancelled by key:shop"]
    assert await told(failed) == ["retried by key:shop"]
    assert await told(unknown) == ["resolved by key:shop"]
    assert await told(task["id"]) == ["title by key:shop", "cancelled by key:shop"]
    assert await told(planned["conversation_id"]) == [
        "retried by key:shop",
        "taken over by key:shop",
        "closed by key:shop",
    ]


async def test_the_same_request_twice_is_one_line(world: World) -> None:
    once = {"idempotency-key": "k"}
    answers = [await ask(world, "POST", "/v1/contacts", json={"name": "A"}, headers=once) for _ in range(3)]
    assert {each.status_code for each in answers} == {201}
    assert await noted(world) == [("add_contact", "contact", answers[0].json()["id"], None)]


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": "k"}])
async def test_what_cannot_be_noted_is_not_done(
    world: World, monkeypatch: pytest.MonkeyPatch, headers: dict[str, str]
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(audit_log, "record", lambda *_, **__: 1 / 0)
        assert (await ask(world, "POST", "/v1/contacts", json={"name": "A"}, headers=headers)).status_code == 500
        assert (await ask(world, "POST", "/v1/admin/queues/inbox/pause")).status_code == 500
    assert await world.rows("select 1 from contact") == []
    assert await world.rows("select 1 from queue_pause") == []
    assert (await ask(world, "POST", "/v1/contacts", json={"name": "A"}, headers=headers)).status_code == 201


async def test_a_part_that_failed_is_not_half_kept(world: World) -> None:
    """The parts of a request have no savepoints: one that fails takes the whole with it, even where nobody says so."""

    async def whole() -> None:
        async with world.runtime.join() as conn:
            await conn.execute(
                "insert into contact (tenant_id, name, created_at) select id, 'before', now() from tenant"
            )
            with suppress(ZeroDivisionError):
                await part()

    async def part() -> None:
        async with world.runtime.begin() as conn:
            await conn.execute("insert into contact (tenant_id, name, created_at) select id, 'in', now() from tenant")
            raise ZeroDivisionError

    with pytest.raises(HalfDone):
        await whole()

    async def statement() -> None:
        async with world.runtime.join() as conn:
            with suppress(DivisionByZero):
                await conn.execute("select 1/0")

    with pytest.raises(HalfDone):
        await statement()  # Postgres would roll it back, and say nothing of it
    assert await world.rows("select name from contact") == []


async def test_no_operation_passes_by(world: World) -> None:
    """Every change that needs a key goes through the one place, and is about a table, or a word that is known."""
    tables = {name for (name,) in await world.rows("select tablename from pg_tables where schemaname = 'public'")}
    changes = [
        (route.path, handler)
        for route in routes()
        for handler in getattr(route, "route_handlers", ())
        if "scope" in handler.opt and handler.http_methods & set(METHODS)
    ]
    assert len(changes) > 100
    for path, handler in changes:
        assert changing in handler.resolve_middleware(), path
        assert subject_of(path) in tables | WORDS, path
