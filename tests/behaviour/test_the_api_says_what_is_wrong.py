"""The HTTP API: who may what, and bad input answered with every field that is bad."""

from typing import Any
from uuid import uuid4

from httpx import Response

from tests.each import each
from tests.world import KEY, World


async def ask(world: World, method: str, path: str, *, key: str | None = KEY, **more: Any) -> Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return await world.client.request(method, path, headers=headers | more.pop("headers", {}), **more)


async def make_key(world: World, *scopes: str) -> str:
    answer = await ask(world, "POST", "/v1/api-keys", json={"name": "made", "scopes": list(scopes)})
    assert answer.status_code == 201
    key: str = answer.json()["key"]
    return key


async def test_a_key_opens_what_its_scopes_say(world: World) -> None:
    for key in (None, "", "wrong", KEY + " "):
        answer = await ask(world, "GET", "/v1/me", key=key)
        assert answer.status_code == (200 if key == KEY + " " else 401)
    me = (await world.client.get("/v1/me", headers={"x-api-key": KEY})).json()
    assert me["scopes"] == ["admin:*", "platform:*"]

    reader = await make_key(world, "*:read")
    assert (await ask(world, "GET", "/v1/api-keys", key=reader)).status_code == 200
    answer = await ask(world, "POST", "/v1/api-keys", key=reader, json={"name": "x", "scopes": ["*:read"]})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")

    writer = await make_key(world, "keys:write")
    answer = await ask(world, "POST", "/v1/api-keys", key=writer, json={"name": "x", "scopes": ["messages:read"]})
    assert answer.status_code == 403, "a key makes none that opens more than itself"


async def test_a_key_is_shown_once_and_lives_a_day_beside_its_successor(world: World) -> None:
    first = await make_key(world, "keys:write")
    listed = (await ask(world, "GET", "/v1/api-keys")).json()["data"]
    assert first not in str(listed)
    id = next(each["id"] for each in listed if each["prefix"] == first[:10])

    second = (await ask(world, "POST", f"/v1/api-keys/{id}/rotate", key=first)).json()
    assert second["scopes"] == ["keys:write"]
    assert (await ask(world, "POST", f"/v1/api-keys/{id}/rotate", key=first)).status_code == 409
    for key in (first, second["key"]):
        assert (await ask(world, "GET", "/v1/me", key=key)).status_code == 200
    world.clock.advance(hours=24)
    assert (await ask(world, "GET", "/v1/me", key=first)).status_code == 401
    assert (await ask(world, "DELETE", f"/v1/api-keys/{second['id']}")).status_code == 204
    assert (await ask(world, "GET", "/v1/me", key=second["key"])).status_code == 401
    assert await world.one("select count(*) from api_key where encode(hash, 'escape') like '%%ck_%%'") == 0


@each(
    ("said", "pointers"),
    [
        ({}, {"/name", "/scopes"}),
        ({"name": "", "scopes": [], "nmae": 1, "a/b": 2}, {"/name", "/scopes", "/nmae", "/a~1b"}),
        ({"name": 7, "scopes": ["messages:read", 3, "all"]}, {"/name", "/scopes/1", "/scopes/2"}),
        ({"name": "x" * 201, "scopes": "all"}, {"/name", "/scopes"}),
        ({"name": "a\0b", "scopes": ["*:read"]}, {"/name"}),
        ([], {""}),
        (None, {""}),
    ],
)
async def test_every_bad_field_is_named(world: World, said: Any, pointers: set[str]) -> None:
    answer = await ask(world, "POST", "/v1/api-keys", json=said)
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (422, "invalid")
    assert answer.headers["content-type"] == "application/problem+json"
    assert {each["pointer"] for each in problem["errors"]} == pointers


@each(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"\xff\xfe", "application/json", 400),
        (b'{"name": "\\ud800", "scopes": ["*:read"]}', "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 422),
        (b" " * 300_000, "application/json", 413),
    ],
)
async def test_bodies_that_cannot_be_read(world: World, body: bytes, kind: str, status: int) -> None:
    answer = await ask(world, "POST", "/v1/api-keys", content=body, headers={"content-type": kind})
    assert answer.status_code == status
    assert answer.json()["status"] == status
    assert not {"Traceback", "select", "psycopg"} & set(answer.text.split())


async def test_a_request_has_one_correlation_id(world: World) -> None:
    given = await ask(world, "GET", "/v1/me", headers={"x-correlation-id": "mine-1"})
    assert given.headers.get_list("x-correlation-id") == ["mine-1"]
    for path in (f"/v1/api-keys/{uuid4()}", "/v1/api-keys?limit=0", "/v1/nothing"):
        refused = await ask(world, "GET", path)
        assert refused.headers.get_list("x-correlation-id") == [refused.json()["correlation_id"]]
        assert refused.json()["instance"] == path.partition("?")[0]


async def test_pages_show_everything_once_while_rows_come_in(world: World) -> None:
    for _ in range(5):
        await make_key(world, "messages:read")  # all made in the same moment: the id decides
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await ask(world, "GET", f"/v1/api-keys?limit=2{cursor}")).json()
        seen += [each["id"] for each in page["data"]]
        assert page["has_more"] is (page["next_cursor"] is not None)
        if not page["has_more"]:
            break
        cursor = f"&cursor={page['next_cursor']}"
        world.clock.advance(seconds=1)
        await make_key(world, "messages:read")
    assert len(seen) == len(set(seen)) == 6
    for bad in ("limit=0", "limit=101", "limit=x", "cursor=x", "cursor=%00", "cursor=WyJhIiwgImIiXQ"):
        answer = await ask(world, "GET", f"/v1/api-keys?{bad}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/" + bad.partition("=")[0])
    answer = await ask(world, "GET", "/v1/admin/jobs?kind=a%00b")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/kind")
