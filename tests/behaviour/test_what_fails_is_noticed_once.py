"""What failed, is blocked, unknown or stopped makes one notification each, which can wait and be seen to."""

from typing import Any
from uuid import UUID

from httpx import Response

from concierge.consent import store as consent
from concierge.errors import AccountStopped, ModelRefused, Refused, Unknown
from concierge.followups.executing import give_up
from concierge.media.fetching import give_up as give_up_files
from concierge.webhooks.announcing import announce
from tests.each import each
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.saying import say
from tests.world import KEY, World

ENDPOINT = """
    insert into webhook_endpoint (tenant_id, url, event_types, secret, failing_since, created_at, moved_at)
    select id, 'https://192.0.2.1', '{lead.*}', '', now() - interval '100 years', now(), now() from tenant
"""
FILE = """
    insert into media (tenant_id, inbound_message_id, n, kind, locator, due_at, wake_at, created_at, moved_at)
    select tenant_id, id, 1, 'file', 'x', received_at, received_at, received_at, received_at
    from inbound_message order by seq, received_at limit 1
    returning inbound_message_id
"""


async def ask(world: World, method: str, path: str, **more: Any) -> Response:
    return await world.client.request(method, path, headers={"x-api-key": KEY}, **more)


async def say_to(world: World, sender: str, key: str) -> UUID | None:
    """Post a message to somebody who has written before."""
    conversation = await world.one(
        "select c.id from conversation c join contact_identity i on i.id = c.identity_id where i.value = %(sender)s",
        sender=sender,
    )
    return await say(world, "Hello", key=key, conversation=conversation)


async def suppress(world: World, value: str) -> None:
    body = {"channel": "email", "kind": "email", "value": value}
    assert (await ask(world, "POST", "/v1/suppressions", json=body)).status_code == 201


async def test_everything_that_needs_a_human_is_noticed_once(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [Refused("no"), Unknown("no answer"), AccountStopped("bad key")]
    for n, sender in enumerate(("a@x.com", "b@x.com", "c@x.com")):
        await world.email("Call Bob", id=f"m{n}", **{"from": sender})
        await world.work()
    await world.pass_time(minutes=3)
    await world.execute("update channel_account set status = 'active', reason = null")
    await world.pass_time(minutes=2)

    await suppress(world, "A@X.com ")  # before it is said
    await say_to(world, "a@x.com", "k1")
    await world.execute("update channel_account set status = 'paused' where channel = 'email'")
    await say_to(world, "b@x.com", "k2")
    await suppress(world, "b@x.com")  # and after
    await world.execute("update channel_account set status = 'active' where channel = 'email'")
    await world.pass_time(minutes=2)

    world.model.script = readings(ModelRefused("no"))
    await world.email("Hello", id="m9", **{"from": "d@x.com"})
    await world.work()
    (task, *_), *_ = await world.rows("select id from task order by created_at")
    await world.execute("update task set status = 'due', due_at = now() where id = %(id)s", id=task)
    await give_up(world.runtime, task, "it cannot be done")
    await give_up_files(world.runtime, await world.one(FILE), RuntimeError("no"))
    await world.execute(ENDPOINT)
    async with world.runtime.begin() as conn:
        await announce(conn, await world.one("select id from tenant"), "lead.made", task, {}, world.clock())
    for _ in range(3):
        await world.pass_time(minutes=10)

    counts = await world.rows("select subject, kind, count(*) from notification group by 1, 2 order by 1, 2")
    assert counts == [
        ("channel_account", "stopped", 1),
        ("conversation", "parked", 1),
        ("media", "failed", 1),
        ("outbound_message", "blocked", 2),
        ("outbound_message", "failed", 1),
        ("outbound_message", "unknown", 1),
        ("task", "failed", 1),
        ("webhook_endpoint", "disabled", 1),
    ]
    assert await world.one("select max(count) from (select count(*) from notification group by subject_id) n") == 1


async def test_a_notification_waits_and_is_seen_to(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    world.outside.outcomes = [Refused("no such mailbox")]
    await world.email("Call Bob")
    await world.work()
    (open_one,) = (await ask(world, "GET", "/v1/notifications")).json()["data"]
    assert (open_one["subject"], open_one["kind"], open_one["text"]) == (
        ("outbound_message", "failed", "no such mailbox")
    )
    literal = (await ask(world, "GET", "/api/notifications")).json()
    assert literal == {
        "notifications": [
            {
                "id": open_one["id"],
                "type": "failed",
                "message": "no such mailbox",
                "subject": "outbound_message",
                "subjectId": open_one["subject_id"],
                "createdAt": "2027-03-03T12:00:00Z",
                "snoozedUntil": None,
            }
        ]
    }
    path = f"/v1/notifications/{open_one['id']}"
    past = await ask(world, "POST", f"{path}/snooze", json={"until": "2027-03-03T12:00:00Z"})
    assert (past.status_code, past.json()["errors"][0]["pointer"]) == (422, "/until")
    snoozed = await ask(world, "POST", f"{path}/snooze", json={"until": "2027-03-03T13:00:00+00:00"})
    assert snoozed.json()["snoozed_until"] == "2027-03-03T13:00:00Z"
    assert (await ask(world, "GET", "/v1/notifications")).json()["data"] == []
    assert (await ask(world, "GET", "/api/notifications")).json() == {"notifications": []}
    assert len((await ask(world, "GET", "/v1/notifications?status=snoozed")).json()["data"]) == 1
    world.clock.advance(hours=1)
    assert len((await ask(world, "GET", "/api/notifications")).json()["notifications"]) == 1
    seen = await ask(world, "POST", f"{path}/acknowledge")
    assert seen.json()["acknowledged_at"] == "2027-03-03T13:00:00Z"
    assert (await ask(world, "GET", "/v1/notifications")).json()["data"] == []
    assert len((await ask(world, "GET", "/v1/notifications?status=acknowledged")).json()["data"]) == 1
    assert (await ask(world, "GET", "/v1/notifications?status=old")).status_code == 422


@each(
    ("said", "pointer"),
    [
        ({"channel": "email", "kind": "phone", "value": "1"}, "/kind"),
        ({"channel": "email", "kind": "email", "value": "alice"}, "/value"),
        ({"channel": "whatsapp", "kind": "phone", "value": "12"}, "/value"),
        ({"channel": "fax", "kind": "email", "value": "a@b.c"}, "/channel"),
        ({"channel": "email", "kind": "email", "value": "a@b.c", "for": "ever"}, "/for"),
    ],
)
async def test_an_impossible_address_is_refused(world: World, said: Any, pointer: str) -> None:
    answer = await ask(world, "POST", "/v1/suppressions", json=said)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


async def test_a_suppression_from_its_making_to_its_end(world: World) -> None:
    body = {"channel": "whatsapp", "kind": "phone", "value": "+49 1511 2345678", "reason": "asked by phone"}
    made = (await ask(world, "POST", "/v1/suppressions", json=body)).json()
    assert (made["value"], made["source"], made["scope"]) == ("4915112345678", "operator", "all")
    assert (await ask(world, "POST", "/v1/suppressions", json=body)).status_code == 409
    assert (await ask(world, "GET", "/v1/suppressions")).json()["data"] == [made]
    path = f"/v1/suppressions/{made['id']}"
    assert (await ask(world, "DELETE", path)).status_code == 204
    assert (await ask(world, "DELETE", path)).status_code == 404
    assert (await ask(world, "GET", path)).json()["lifted_at"] is not None
    async with world.runtime.connection() as conn:
        assert await consent.live(conn, tenant_id=await world.one("select id from tenant"), limit=9) == []
