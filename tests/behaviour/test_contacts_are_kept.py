"""Contacts by the API: made, changed, found by their addresses, joined; what they prefer holds for what is said."""

import asyncio
from typing import Any
from uuid import UUID

from httpx import Response

from tests.each import each
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

ALICE = {"channel": "email", "kind": "email", "value": "Alice@Example.com"}
PHONE = {"channel": "whatsapp", "kind": "phone", "value": "+49 1511 2345678"}


async def ask(world: World, method: str, path: str = "", **more: Any) -> Response:
    headers = {"x-api-key": KEY} | more.pop("headers", {})
    return await world.client.request(method, f"/v1/contacts{path}", headers=headers, **more)


async def make(world: World, **facts: Any) -> Any:
    answer = await ask(world, "POST", json=facts)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_contact_is_known_when_it_writes(world: World) -> None:
    made = await make(world, name="Alice", zone="America/New_York", identities=[ALICE, PHONE])
    assert {each["value"] for each in made["identities"]} == {"alice@example.com", "4915112345678"}
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.whatsapp("Hello", sender="4915112345678")
    await world.work()
    assert await world.one("select count(*) from contact") == 1
    assert "(America/New_York)" in world.outside.texts[0]
    for address in ("alice@example.com", "%2B4915112345678", " ALICE@example.com"):
        assert [each["id"] for each in (await ask(world, "GET", f"?address={address}")).json()["data"]] == [made["id"]]
    assert (await ask(world, "GET", "?address=bob@example.com")).json()["data"] == []
    vendors = {
        "channel": "whatsapp",
        "kind": "bsuid",
        "value": "DE.Abc123",
    }  # such an id is what it is, capitals and all
    other = await make(world, name="Ada", language="pt-BR", identities=[vendors])
    assert [each["id"] for each in (await ask(world, "GET", "?address=DE.Abc123")).json()["data"]] == [other["id"]]


async def test_what_is_named_is_changed(world: World) -> None:
    made = await make(world, name="Alice", tone="formal", quiet_from="22:00", quiet_until="07:30")
    path = f"/{made['id']}"
    seen = await ask(world, "GET", path)
    changed = await ask(
        world, "PATCH", path, json={"name": "Alice L", "tone": None}, headers={"if-match": seen.headers["etag"]}
    )
    assert changed.json() == made | {"name": "Alice L", "tone": None}
    outdated = await ask(world, "PATCH", path, json={"name": "A"}, headers={"if-match": seen.headers["etag"]})
    assert outdated.status_code == 412
    preferred = await ask(world, "PATCH", f"{path}/preferences", json={"language": "pt_BR", "default_action": "remind"})
    assert preferred.json() == {
        "zone": None,
        "tone": None,
        "default_action": "remind",
        "language": "pt_BR",
        "quiet_from": "22:00",
        "quiet_until": "07:30",
    }
    assert (await ask(world, "GET", f"{path}/preferences")).json() == preferred.json()
    assert (await ask(world, "GET", path)).json()["name"] == "Alice L"


@each(
    ("said", "pointers"),
    [
        ({"zone": "Mars/Olympus", "tone": "", "langauge": "en"}, {"/zone", "/tone", "/langauge"}),
        ({"quiet_from": "25:00", "quiet_until": "7"}, {"/quiet_from", "/quiet_until"}),
        ({"quiet_from": "22:00"}, {"/quiet_from"}),
        (
            {"name": "x" * 201, "default_action": "shout", "language": "english"},
            {"/name", "/default_action", "/language"},
        ),
        (
            {"identities": [ALICE, ALICE | {"value": "x"}, PHONE | {"value": "123"}]},
            {f"/identities/{n}/value" for n in (1, 2)},
        ),
        ({"identities": [PHONE | {"channel": "email"}]}, {"/identities/0/kind"}),
    ],
)
async def test_what_is_wrong_is_named(world: World, said: Any, pointers: set[str]) -> None:
    answer = await ask(world, "POST", json=said)
    assert answer.status_code == 422
    assert {each["pointer"] for each in answer.json()["errors"]} == pointers
    assert await world.one("select count(*) from contact") == 0


async def test_addresses_come_and_go(world: World) -> None:
    made, other = await make(world, identities=[ALICE]), await make(world, name="Bob")
    taken = await ask(world, "POST", f"/{other['id']}/identities", json=ALICE)
    assert taken.status_code == 409
    assert made["id"] in taken.json()["detail"]
    added = (await ask(world, "POST", f"/{other['id']}/identities", json=PHONE)).json()
    assert [each["id"] for each in (await ask(world, "GET", f"/{other['id']}/identities")).json()["data"]] == [
        added["id"]
    ]
    assert (await ask(world, "DELETE", f"/{made['id']}/identities/{added['id']}")).status_code == 404
    assert (await ask(world, "DELETE", f"/{other['id']}/identities/{added['id']}")).status_code == 204
    await world.email("Hello")
    (used,) = made["identities"]
    assert (await ask(world, "DELETE", f"/{made['id']}/identities/{used['id']}")).status_code == 409


async def test_two_contacts_become_one(world: World) -> None:
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.whatsapp("Hello")
    await world.work()
    newer, older = (await ask(world, "GET")).json()["data"]
    await ask(world, "PATCH", f"/{newer['id']}", json={"language": "de", "quiet_from": "22:00", "quiet_until": "06:00"})
    merged = (await ask(world, "POST", f"/{older['id']}/merge", json={"contact_id": newer["id"]})).json()
    assert {each["id"] for each in merged["identities"]} == {
        each["id"] for contact in (older, newer) for each in contact["identities"]
    }
    assert (merged["language"], merged["quiet_from"], merged["quiet_until"]) == ("de", "22:00", "06:00")
    assert len((await ask(world, "GET")).json()["data"]) == 1
    gone = await ask(world, "GET", f"/{newer['id']}")
    assert gone.json()["merged_into"] == older["id"]
    for other in (newer, older):
        again = await ask(world, "POST", f"/{older['id']}/merge", json={"contact_id": other["id"]})
        assert again.status_code == (409 if other is newer else 422)
    assert (await ask(world, "PATCH", f"/{newer['id']}", json={"name": "x"})).status_code == 409
    assert await world.one("select count(distinct contact_id) from conversation") == 1
    assert await world.rows("select distinct contact_id from task") == [(UUID(older["id"]),)]


async def test_the_same_merge_twice_at_once_is_one(world: World) -> None:
    one, other = await make(world, identities=[ALICE]), await make(world, identities=[PHONE])
    answers = await asyncio.gather(
        ask(world, "POST", f"/{one['id']}/merge", json={"contact_id": other["id"]}),
        ask(world, "POST", f"/{other['id']}/merge", json={"contact_id": one["id"]}),
    )
    assert sorted(each.status_code for each in answers) == [200, 409]
    assert await world.one("select count(*) from contact where merged_into is null") == 1
