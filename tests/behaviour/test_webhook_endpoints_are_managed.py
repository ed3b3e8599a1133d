"""A tenant makes, changes and removes endpoints by the API, and sees and replays what they were told."""

from typing import Any

from httpx import Response

from tests.each import each
from tests.world import KEY, World

URL = "https://crm.example.com/hooks"


async def ask(world: World, method: str, path: str = "", **more: Any) -> Response:
    return await world.client.request(method, f"/v1/webhook-endpoints{path}", headers={"x-api-key": KEY}, **more)


async def test_an_endpoint_from_its_making_to_its_end(world: World) -> None:
    made = (await ask(world, "POST", json={"url": URL, "event_types": ["task.*", "message.received"]})).json()
    assert made["secret"].startswith("whsec_")
    assert (made["status"], made["event_types"]) == ("active", ["message.received", "task.*"])
    (listed,) = (await ask(world, "GET")).json()["data"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    id = made["id"]
    changed = await ask(world, "PATCH", f"/{id}", json={"event_types": ["*"], "include_text": True})
    assert changed.json() == listed | {"event_types": ["*"], "include_text": True}
    rotated = (await ask(world, "POST", f"/{id}/rotate")).json()
    assert rotated["secret"] != made["secret"]
    assert rotated["old_secret_until"] == "2027-03-04T12:00:00Z"

    await world.email("Hello")
    (delivery,) = (await ask(world, "GET", f"/{id}/deliveries")).json()["data"]
    assert (delivery["type"], delivery["status"], delivery["attempts"]) == ("message.received", "pending", 0)
    again = await ask(world, "POST", f"/{id}/deliveries/{delivery['id']}/replay")
    assert (again.status_code, again.json()["detail"]) == (409, "it is on its way already")
    assert (await ask(world, "GET", f"/{id}/deliveries?status=failed")).json()["data"] == []

    off = await ask(world, "PATCH", f"/{id}", json={"status": "disabled"})
    assert (off.json()["status"], off.json()["reason"]) == ("disabled", "disabled by key:operator")
    assert (await ask(world, "POST", f"/{id}/replay", json={"since": "2027-03-01T00:00:00Z"})).status_code == 409
    await ask(world, "PATCH", f"/{id}", json={"status": "active"})
    await world.execute("update webhook_delivery set status = 'failed'")
    since = await ask(world, "POST", f"/{id}/replay", json={"since": "2027-03-01T00:00:00Z"})
    assert since.json() == {"replayed": 1}

    assert await world.moves(id) == ["active", "disabled", "active"]
    assert (await ask(world, "DELETE", f"/{id}")).status_code == 204
    assert (await ask(world, "GET", f"/{id}")).status_code == 404
    assert await world.one("select count(*) from webhook_delivery") == 0


@each(
    ("said", "pointers"),
    [
        ({"url": "http://crm.example.com", "event_types": ["weather.*"]}, {"/url", "/event_types"}),
        ({"url": "https://169.254.169.254/latest", "event_types": ["*"]}, {"/url"}),
        ({"url": "https://[::ffff:10.0.0.1]/", "event_types": ["*"]}, {"/url"}),
        ({"url": "https://user:pass@crm.example.com", "event_types": ["task"]}, {"/url", "/event_types"}),
        ({"url": URL, "event_types": [], "secret": "mine"}, {"/event_types", "/secret"}),
        ({"event_types": ["*"], "include_text": "yes"}, {"/url", "/include_text"}),
    ],
)
async def test_what_is_wrong_is_named(world: World, said: Any, pointers: set[str]) -> None:
    answer = await ask(world, "POST", json=said)
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == pointers
