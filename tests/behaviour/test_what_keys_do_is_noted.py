"""Whatever an API key changes stands in the action log: who, what, on which thing, in the transaction of the change."""

from typing import Any

import pytest
from httpx import Response

from concierge import audit_log
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
        broken.setattr(audit_log, "record_key", lambda *_, **__: 1 / 0)
        assert (await ask(world, "POST", "/v1/contacts", json={"name": "A"}, headers=headers)).status_code == 500
        assert (await ask(world, "POST", "/v1/admin/queues/inbox/pause")).status_code == 500
    assert await world.rows("select 1 from contact") == []
    assert await world.rows("select 1 from queue_pause") == []
    assert (await ask(world, "POST", "/v1/contacts", json={"name": "A"}, headers=headers)).status_code == 201


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
