"""What failed can be seen and tried again, by whoever holds a key of that tenant, and by nobody else."""

from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace

from concierge.errors import Refused
from concierge.tenants.keys import hashed
from tests.each import each
from tests.fakes import reading
from tests.makers import CONFIRMED, SOON, readings
from tests.world import World

GETS = ["/admin/tasks/failed", "/admin/outbox/failed", "/admin/tasks/{id}/events", "/admin/outbox/{id}/events"]
POSTS = [
    "/admin/tasks/{id}/retry",
    "/admin/outbox/{id}/retry",
    "/admin/conversations/{id}/retry",
    "/admin/retention/redact",
]
PATHS = [("GET", path) for path in [*GETS, "/admin/conversations/parked"]] + [("POST", path) for path in POSTS]
OF_ONE = [(method, path) for method, path in PATHS if "{id}" in path]


@pytest.fixture
async def failed(world: World) -> World:
    """The reminder of a follow-up was refused by the provider."""
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [None, Refused("no such mailbox", code="550")]
    await world.email("Call Bob")
    await world.work()
    await world.pass_time(days=9)
    return world


async def listed(world: World, what: str) -> list[dict[str, object]]:
    answer = await world.admin("GET", f"/admin/{what}/failed")
    assert answer.status_code == 200
    return answer.json()["data"]


async def add_key(world: World, key: str, *, scopes: list[str], tenant: str = "(select id from tenant)") -> None:
    await world.execute(
        f"insert into api_key (tenant_id, name, hash, scopes) values ({tenant}, 'k', %(hash)s, %(scopes)s)",
        hash=hashed(key),
        scopes=scopes,
    )


async def test_failed_follow_ups_and_messages_are_listed_with_their_reason(failed: World) -> None:
    (task,) = await listed(failed, "tasks")
    assert UUID(str(task.pop("id")))
    assert task == {
        "title": "Call Bob",
        "kind": "remind",
        "status": "failed",
        "reason": "no such mailbox",
        "dueAt": "2027-03-12T08:00:00Z",
        "zone": "Europe/Berlin",
        "failedAt": "2027-03-12T12:00:00Z",
    }
    (message,) = await listed(failed, "outbox")
    assert UUID(str(message.pop("id")))
    assert message == {
        "kind": "reminder",
        "channel": "email",
        "status": "failed",
        "reason": "no such mailbox",
        "attempts": 1,
        "createdAt": "2027-03-12T12:00:00Z",
        "failedAt": "2027-03-12T12:00:00Z",
    }


async def test_a_follow_up_is_retried_with_a_new_reminder(failed: World) -> None:
    (task,) = await listed(failed, "tasks")
    answer = await failed.admin("POST", f"/admin/tasks/{task['id']}/retry")
    assert (answer.status_code, answer.json()) == (200, {"status": "due", "id": task["id"]})
    await failed.work()
    await failed.tick()
    assert failed.outside.texts[1:] == ["Reminder: Call Bob", "Reminder: Call Bob"]
    assert await listed(failed, "tasks") == []
    assert await failed.one("select status from task") == "done"


async def test_a_message_is_retried_and_its_follow_up_with_it(failed: World) -> None:
    (message,) = await listed(failed, "outbox")
    answer = await failed.admin("POST", f"/admin/outbox/{message['id']}/retry")
    assert (answer.status_code, answer.json()) == (200, {"status": "queued", "id": message["id"]})
    await failed.work()
    await failed.tick()
    first, second = failed.outside.sent[1:]
    assert replace(first, attempt=2) == second
    assert (await listed(failed, "outbox"), await listed(failed, "tasks")) == ([], [])
    assert await failed.one("select status from task") == "done"


async def test_retrying_twice_at_once_sends_once(failed: World) -> None:
    (message,) = await listed(failed, "outbox")
    path = f"/admin/outbox/{message['id']}/retry"
    assert [(await failed.admin("POST", path)).status_code for _ in range(2)] == [200, 409]
    await failed.work()
    assert len(failed.outside.sent) == 3


async def test_the_story_of_a_message(failed: World) -> None:
    (message,) = await listed(failed, "outbox")
    told = (await failed.admin("GET", f"/admin/outbox/{message['id']}/events")).json()["data"]
    assert [(event["fromStatus"], event["toStatus"], event["detail"]) for event in told] == [
        (None, "queued", None),
        ("queued", "sending", None),
        ("sending", "failed", "no such mailbox"),
    ]


@each(("method", "path"), PATHS)
async def test_without_a_key_nothing_is_shown(world: World, method: str, path: str) -> None:
    for headers in ({}, {"x-api-key": "guessed"}, {"authorization": "Bearer guessed"}):
        answer = await world.client.request(method, path.format(id=uuid4()), headers=headers)
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"


async def test_the_key_may_come_as_a_bearer_token(failed: World) -> None:
    headers = {"authorization": "Bearer operator-key-for-tests"}
    assert (await failed.client.get("/admin/tasks/failed", headers=headers)).status_code == 200


async def test_a_key_without_the_scope_is_refused_everywhere(world: World) -> None:
    await add_key(world, "reader", scopes=["messages:read"])
    for method, path in PATHS:
        answer = await world.client.request(method, path.format(id=uuid4()), headers={"x-api-key": "reader"})
        assert (path, answer.status_code) == (path, 403)


async def test_a_revoked_key_is_no_key(world: World) -> None:
    await world.execute("update api_key set revoked_at = now()")
    assert (await world.admin("GET", "/admin/tasks/failed")).status_code == 401


async def test_another_tenant_sees_and_moves_nothing(failed: World) -> None:
    ids = [row["id"] for what in ("tasks", "outbox") for row in await listed(failed, what)]
    ids.append(await failed.one("select id from conversation"))
    await failed.execute("insert into tenant (name) values ('Competitor')")
    await add_key(failed, "theirs", scopes=["admin:*"], tenant="(select id from tenant where name = 'Competitor')")
    headers = {"x-api-key": "theirs"}
    for path in ("/admin/tasks/failed", "/admin/outbox/failed", "/admin/conversations/parked"):
        assert (await failed.client.get(path, headers=headers)).json() == {"data": []}
    for method, path in OF_ONE:
        for id in ids:
            answer = await failed.client.request(method, path.format(id=id), headers=headers)
            assert (path, answer.status_code) == (path, 404)
    failed.clock.advance(days=100)
    redacted = await failed.client.post("/admin/retention/redact", headers=headers)
    assert set(redacted.json()["redacted"].values()) == {0}


async def test_what_has_not_failed_is_not_retried(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    task, message = await world.one("select id from task"), await world.one("select id from outbound_message")
    for path in (f"/admin/tasks/{task}/retry", f"/admin/outbox/{message}/retry"):
        answer = await world.admin("POST", path)
        assert (answer.status_code, answer.json()["code"]) == (409, "conflicting")
    assert world.outside.texts == [CONFIRMED + "Call Bob"]


async def test_a_refusal_is_a_problem_with_the_callers_correlation_id(world: World) -> None:
    headers = {"x-api-key": "operator-key-for-tests", "x-correlation-id": "ticket-7"}
    for path in (f"/admin/tasks/{uuid4()}/events", "/admin/tasks/no-id/events", "/admin/nothing"):
        answer = await world.client.get(path, headers=headers)
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert (answer.status_code, problem["status"], problem["correlation_id"]) == (404, 404, "ticket-7")
        assert set(problem) == {"type", "title", "status", "code", "detail", "instance", "correlation_id", "errors"}
