"""What integrators do by the API happens as it does by itself: accounts, messages, follow-ups."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from httpx import Response

from concierge.errors import NotAccepted, Unknown
from concierge.worker.app import TICKS
from concierge.worker.ticking import declare
from tests.each import each
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World


async def ask(world: World, method: str, path: str, body: Any = None, **headers: str) -> Response:
    more = {} if body is None else {"json": body}
    return await world.client.request(method, "/v1" + path, headers={"x-api-key": KEY} | headers, **more)


async def said(world: World, method: str, path: str, body: Any = None, *, status: int = 200) -> Any:
    answer = await ask(world, method, path, body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_a_business_gets_a_key_and_an_account_and_talks(world: World) -> None:
    tenant = await said(
        world, "POST", "/tenants", {"name": "Bakery", "zone": "Europe/Lisbon", "external_id": "b-1"}, status=201
    )
    again = await ask(world, "POST", "/tenants", {"name": "Other", "external_id": "b-1"})
    assert (again.status_code, again.json()["code"]) == (409, "conflicting")
    made = await said(
        world, "POST", f"/tenants/{tenant['id']}/api-keys", {"name": "first", "scopes": ["admin:*"]}, status=201
    )
    own = {"x-api-key": made["key"]}
    assert (await ask(world, "GET", "/me", **own)).json()["tenant_id"] == tenant["id"]
    assert [each["name"] for each in (await ask(world, "GET", "/tenants", **own)).json()["data"]] == ["Bakery"]
    changed = await ask(world, "PATCH", f"/tenants/{tenant['id']}", {"quiet_from": "21:00", "tone": "warm"}, **own)
    assert (changed.status_code, changed.json()["errors"][0]["pointer"]) == (422, "/quiet_until")
    hours = {"quiet_from": "21:00", "quiet_until": "07:00", "language": "pt-BR"}  # as contacts and policies say them
    changed = await ask(world, "PATCH", f"/tenants/{tenant['id']}", hours, **own)
    assert (changed.json()["quiet_from"], changed.json()["quiet_until"]) == ("21:00", "07:00")

    account = {
        "channel": "whatsapp",
        "external_id": "777",
        "name": "Bakery",
        "transport": "sandbox",
        "credentials": {"access_token": "secret-token", "webhook_secrets": ["s"]},
    }
    kept = await ask(world, "POST", "/channel-accounts", account, **own)
    assert kept.status_code == 201
    assert "secret-token" not in kept.text
    assert kept.json()["has_credentials"] is True
    assert b"secret-token" not in await world.one("select credentials from channel_account where external_id = '777'")
    assert (await ask(world, "POST", "/channel-accounts", account)).status_code == 409, "a number is one tenant's"

    id = kept.json()["id"]
    tried = await ask(world, "POST", f"/channel-accounts/{id}/test", {"to": "+4915112345678"}, **own)
    assert tried.status_code == 202
    await world.execute(
        "update conversation set window_until = %(at)s", at=world.clock.advance(seconds=1).replace(year=2028)
    )
    await world.work()
    assert world.outside.texts == ["This is a test message."]
    sent = await ask(world, "GET", f"/outbound-messages/{tried.json()['outbound_message_id']}", **own)
    assert (sent.json()["status"], sent.json()["attempts"]) == ("sent", 1)
    wrong = await ask(world, "POST", f"/channel-accounts/{id}/test", {"to": "+49123"}, **own)
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/to")

    stated = "select settings from channel_account where id = %(id)s"
    await world.execute('update channel_account set settings = \'{"base_url": "http://x"}\' where id = %(id)s', id=id)
    for settings in ({"rate": 0.5, "relay": "postmark", "human_agent": True}, {"from_name": "Bakery"}):
        shown = await ask(world, "PATCH", f"/channel-accounts/{id}", {"settings": settings}, **own)
        assert (shown.status_code, shown.json()["settings"]) == (200, settings)
        assert await world.one(stated, id=id) == {"base_url": "http://x", **settings}, "what is not the API's stays"
    odd = await ask(world, "PATCH", f"/channel-accounts/{id}", {"settings": {"relay": "pigeons"}}, **own)
    assert (odd.status_code, odd.json()["errors"][0]["pointer"]) == (422, "/settings/relay")

    for move, status in (("pause", "paused"), ("resume", "active")):
        assert (await ask(world, "POST", f"/channel-accounts/{id}/{move}", **own)).json()["status"] == status
    assert (await ask(world, "DELETE", f"/channel-accounts/{id}", **own)).status_code == 204
    assert await world.one("select credentials is null from channel_account where id = %(id)s", id=id)
    assert (await ask(world, "POST", "/channel-accounts", account)).status_code == 201, "its number is free"


async def test_a_conversation_is_read_and_answered(world: World) -> None:
    await world.email("Hello", id="m-1")
    await world.work()
    (conversation,) = (await said(world, "GET", "/conversations"))["data"]
    path = f"/conversations/{conversation['id']}"
    (heard,) = (await said(world, "GET", path + "/messages"))["data"]
    assert (heard["direction"], heard["text"], heard["seq"]) == ("in", "Hello", 1)
    answer = {"text": "Good morning", "reply_to": heard["id"]}
    posted = await said(world, "POST", path + "/messages", answer, status=201)
    await world.work()
    assert (world.outside.texts, world.outside.sent[0].quotes) == (["Good morning"], "m-1")
    both = (await said(world, "GET", path + "/messages"))["data"]
    assert [each["direction"] for each in both] == ["out", "in"]
    assert (await said(world, "GET", f"/messages/{posted['id']}"))["status"] == "sent"
    steps = await said(world, "GET", f"/outbound-messages/{posted['id']}/events")
    assert [each["to_status"] for each in steps["data"]] == ["queued", "sending", "sent"]
    assert [each["outcome"] for each in steps["attempts"]] == ["accepted"]


async def test_a_message_is_changed_and_cancelled_until_it_is_sent(world: World) -> None:
    account = await world.one("select id from channel_account where channel = 'email'")
    wish = {"channel_account_id": str(account), "to": "Carol@Example.com", "text": "One", "subject": "Hi"}
    first = await said(world, "POST", "/outbound-messages", wish, status=201)
    second = await said(world, "POST", "/outbound-messages", wish | {"text": "Two"}, status=201)
    assert first["conversation_id"] == second["conversation_id"]
    changed = await said(world, "PATCH", f"/outbound-messages/{first['id']}", {"text": "Uno"})
    assert (changed["text"], changed["subject"]) == ("Uno", "Hi")
    assert (await said(world, "DELETE", f"/outbound-messages/{second['id']}"))["status"] == "cancelled"
    await world.work()
    assert world.outside.texts == ["Uno"]
    assert world.outside.sent[0].recipient.value == "carol@example.com"
    for method in ("PATCH", "DELETE"):
        late = await ask(
            world, method, f"/outbound-messages/{first['id']}", {"text": "x"} if method == "PATCH" else None
        )
        assert late.status_code == 409


@pytest.mark.parametrize(("status", "attempts"), [("sent", 1), ("failed", 1)])
async def test_an_operator_settles_what_nobody_knows(world: World, status: str, attempts: int) -> None:
    world.outside.outcomes = [Unknown("a timeout")]
    await world.email("Hello")
    await world.work()
    (conversation,) = (await said(world, "GET", "/conversations"))["data"]
    posted = await said(world, "POST", f"/conversations/{conversation['id']}/messages", {"text": "Hi"}, status=201)
    path = f"/outbound-messages/{posted['id']}"
    assert (await ask(world, "POST", path + "/resolve", {"status": status})).status_code == 409
    await world.work()
    assert (await said(world, "GET", path))["status"] == "unknown"
    assert (await said(world, "POST", path + "/resolve", {"status": status}))["status"] == status
    assert len(world.outside.sent) == attempts
    if status == "failed":
        assert (await said(world, "POST", path + "/retry"))["status"] == "queued"
        await world.work()
        assert (await said(world, "GET", path))["status"] == "sent"


async def test_a_follow_up_is_made_put_off_and_done(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob on Friday week at nine")
    await world.work()
    (found,) = (await said(world, "GET", "/follow-ups?status=pending"))["data"]
    path = f"/follow-ups/{found['id']}"
    tag = (await ask(world, "GET", path)).headers["etag"]
    moved = await ask(world, "PATCH", path, {"due_at": "2027-03-05T09:00:00+01:00"}, **{"if-match": tag})
    assert (moved.status_code, moved.json()["wall"]) == (200, "2027-03-05T09:00:00")
    late = await ask(world, "PATCH", path, {"title": "x"}, **{"if-match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "outdated")
    for until, status in (("2027-03-06T09:00:00Z", 200), ("2027-03-07T09:00:00Z", 200), ("2027-03-01T09:00:00Z", 422)):
        assert (await ask(world, "POST", path + "/snooze", {"until": until})).status_code == status
    before = len(world.outside.sent)
    await world.pass_time(days=3)
    assert len(world.outside.sent) == before
    await world.pass_time(days=1)
    assert (await said(world, "GET", path))["status"] == "done"
    timeline = (await said(world, "GET", path + "/events"))["data"]
    events = [each["to_status"] for each in timeline if each["subject"] == "task" and each["to_status"]]
    assert events == ["pending", "snoozed", "pending", "due", "executing", "sending", "done"]
    assert (await ask(world, "POST", path + "/cancel")).status_code == 409

    wish = {"conversation_id": found["conversation_id"], "title": "Pay", "due_at": "2027-04-01T10:00:00Z"}
    made = await said(world, "POST", "/follow-ups", wish, status=201)
    assert (made["zone"], made["wall"]) == ("Europe/Berlin", "2027-04-01T12:00:00")
    other = await said(world, "POST", "/follow-ups", wish | {"title": "Forget"}, status=201)
    assert (await said(world, "DELETE", f"/follow-ups/{other['id']}"))["status"] == "cancelled"
    third = await said(world, "POST", "/follow-ups", wish | {"title": "Done"}, status=201)
    assert (await said(world, "POST", f"/follow-ups/{third['id']}/complete"))["status"] == "done"
    await world.pass_time(days=30)
    assert "Pay" in world.outside.texts[-1]
    assert not any("Forget" in text or "Done" in text for text in world.outside.texts)


async def test_a_failed_follow_up_gets_another_round(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    world.outside.outcomes = [NotAccepted("busy")] * 5
    await world.pass_time(days=9)
    for _ in range(5):
        await world.pass_time(minutes=10)
    (failed,) = (await said(world, "GET", "/follow-ups"))["data"]
    assert failed["status"] == "failed"
    assert (await said(world, "POST", f"/follow-ups/{failed['id']}/retry"))["status"] == "due"
    await world.pass_time(minutes=1)
    assert (await said(world, "GET", f"/follow-ups/{failed['id']}"))["status"] == "done"


@each(
    ("path", "body", "pointers"),
    [
        ("/tenants", {"name": " ", "zone": "Mars/Base", "email": "x"}, {"/name", "/zone", "/email"}),
        (
            "/channel-accounts",
            {"channel": "pigeon", "external_id": "a b", "settings": {"rate": 0, "base_url": "http://x"}},
            {"/channel", "/external_id", "/settings/rate", "/settings/base_url"},
        ),
        ("/channel-accounts", {"channel": "email", "external_id": "a@b.cc", "transport": "webchat"}, {"/transport"}),
        (
            "/outbound-messages",
            {"text": "x" * 10_001, "to": 3, "expires_at": "2027-03-03T12:00:00"},
            {"/text", "/to", "/expires_at"},
        ),
        ("/outbound-messages", {"text": "x"}, {"/conversation_id"}),
        (
            "/follow-ups",
            {"conversation_id": "no", "title": "", "due_at": "9999-12-31T00:00:00Z", "zone": "Berlin"},
            {"/conversation_id", "/title", "/due_at", "/zone"},
        ),
    ],
)
async def test_what_is_not_acceptable_is_named(world: World, path: str, body: Any, pointers: set[str]) -> None:
    answer = await ask(world, "POST", path, body)
    assert (answer.status_code, {each["pointer"] for each in answer.json()["errors"]}) == (422, pointers)


async def test_what_a_path_takes_is_told_and_other_queries_are_refused(world: World) -> None:
    answer = await ask(world, "GET", "/follow-ups?statsu=pending&limit=1&page=2")
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == {"/statsu", "/page"}
    assert (await ask(world, "GET", "/me?x=")).status_code == 422
    assert (await ask(world, "GET", "/follow-ups?status=pending&limit=1")).status_code == 200
    for path in (
        "/v1/follow-ups?limit=1&status=done&limit=2",
        "/v1/admin/ops/timeline?limit=1&limit=1",
        "/admin/accounts?limit=&limit=",
    ):
        twice = await world.admin("GET", path)
        assert (twice.status_code, [each["pointer"] for each in twice.json()["errors"]]) == (400, ["/limit"]), path
    for path, methods in (
        ("/v1/follow-ups", "GET, OPTIONS, POST"),
        ("/v1/agents/00000000-0000-0000-0000-000000000000", "DELETE, GET, OPTIONS, PATCH"),
    ):
        assert (await world.client.options(path)).headers["allow"] == methods


async def test_the_machine_is_looked_at_and_nudged(world: World) -> None:
    await world.email("Hello")
    queues = {each["name"]: each for each in (await said(world, "GET", "/admin/queues"))["data"]}
    assert (queues["inbox"]["ready"], queues["outbox"]["ready"], queues["inbox"]["paused_at"]) == (1, 0, None)
    (job,) = (await said(world, "GET", "/admin/jobs?status=todo&limit=1"))["data"]
    assert (job["kind"], set(job["args"])) == ("inbox.handle", {"conversation_id"})
    assert (await ask(world, "POST", f"/admin/jobs/{job['id']}/retry")).status_code == 409
    assert (await said(world, "POST", f"/admin/jobs/{job['id']}/cancel"))["status"] == "cancelled"
    await world.execute("update procrastinate_jobs set status = 'failed'")
    assert (await said(world, "POST", f"/admin/jobs/{job['id']}/retry"))["status"] == "todo"
    assert (await said(world, "GET", "/admin/workers"))["data"] == []
    assert (await ask(world, "POST", "/admin/periodics/outbox.wake/run")).status_code == 404
    await declare(world.runtime, TICKS)
    hour_ago = world.clock() - timedelta(hours=1)
    await world.execute("update tick set came_at = %(at)s where name = 'outbox.wake'", at=hour_ago)
    ticks = {each["name"]: each for each in (await said(world, "GET", "/admin/periodics"))["data"]}
    assert ticks.keys() == {each.name for each in TICKS}
    assert datetime.fromisoformat(ticks["outbox.wake"]["last_at"]) == hour_ago
    assert ticks["outbox.wake"]["overdue_since"] is None, "the worker has only just started"
    world.clock.now += timedelta(hours=2)
    ticks = {each["name"]: each for each in (await said(world, "GET", "/admin/periodics"))["data"]}
    assert {each["period"] for each in ticks.values() if each["overdue_since"]} == {1, 10, 60, 600, 3600}
    assert datetime.fromisoformat(ticks["retention.redact"]["next_at"]).minute == 17
    come = await said(world, "POST", "/admin/periodics/outbox.wake/run", status=202)
    await world.work()
    assert (await said(world, "GET", f"/admin/jobs/{come['job_id']}"))["status"] == "succeeded"
    named = {each["name"] for each in (await said(world, "GET", "/admin/ops"))["data"]}
    assert "queue_depth" in named
    told = await said(world, "GET", "/admin/ops/conversations")
    assert len(told["columns"]) == len(told["rows"][0])
    for path, status in (("/admin/ops/nothing", 404), ("/admin/ops/timeline", 400), ("/admin/jobs/99999999", 404)):
        assert (await ask(world, "GET", path)).status_code == status
    for listed in ("audit-log", "jobs"):
        log = await said(world, "GET", f"/admin/{listed}?limit=1")
        assert log["has_more"] is (log["next_cursor"] is not None)
        if log["has_more"]:
            older = await said(world, "GET", f"/admin/{listed}?limit=1&cursor={log['next_cursor']}")
            assert older["data"][0]["id"] < log["data"][0]["id"]
        assert (await ask(world, "GET", f"/admin/{listed}?cursor=zzz")).status_code == 422
    assert set((await said(world, "POST", "/admin/retention/runs"))["redacted"].values()) == {0}
