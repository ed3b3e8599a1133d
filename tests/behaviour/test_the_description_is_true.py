"""The committed description is what the routes say, and the routes answer only what the description says."""

import json
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from concierge.web.describing.pages import catalogue
from concierge.web.describing.writing import collected, described
from tests.fakes import reading
from tests.makers import SOON, readings
from tests.world import KEY, World

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/api/openapi.json"
NOBODYS = "01927f5e-7c3a-7b52-9d6e-0d8f0a1b2c3d"
ODD = ["\0", "9" * 30, "0001-01-01T00:00:00+12:00"]
HOSTILE = [None, [], 0, "\0", {"\0": 1}, {"id": "x" * 100_000}, {"text": None, "due_at": "x", "settings": [{}]}]


def test_the_committed_description_is_what_the_routes_say() -> None:
    description = described()
    assert DOCUMENT.read_text(encoding="utf-8") == description, "make openapi"
    assert (ROOT / "docs/api/postman.json").read_text(encoding="utf-8") == collected(description), "make openapi"


def test_every_operation_says_what_it_is_for() -> None:
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    seen = set()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["summary"], (path, method)
            assert operation["operationId"] not in seen, (path, method)
            seen.add(operation["operationId"])
            for content in operation.get("requestBody", {}).get("content", {}).values():
                assert "example" in content, (path, method)
            for parameter in operation.get("parameters", ()):  # in a path, a query or a header nobody can say null
                assert isinstance(parameter["schema"]["type"], str), (path, method, parameter["name"])
            assert {"500", "401" if "security" in operation else "500"} <= operation["responses"].keys()
    assert len(seen) > 80


async def test_the_pages_load_nothing_and_every_code_has_one(world: World) -> None:
    for path in ("/schema/plain", "/problems", *(f"/problems/{code}" for code in catalogue())):
        page = await world.client.get(path)
        assert page.status_code == 200, path
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert not re.search(r"<script|<link|<img|@import|url\(", page.text), path
    page = await world.client.get("/schema")
    assert "script-src 'self'; style-src 'unsafe-inline'" in page.headers["content-security-policy"]
    scripts = re.findall(r'src="([^"]+)"', page.text)
    assert all(path.startswith("/schema/") for path in scripts)
    for path in scripts:
        for encoding in ("gzip", "identity"):
            script = await world.client.get(path, headers={"accept-encoding": encoding})
            assert (script.status_code, script.headers["content-type"].split(";")[0]) == (200, "text/javascript")
            assert "Scalar" in script.text or "@scalar/api-reference" in script.text
    assert (await world.client.get("/schema/openapi.json")).json()["openapi"] == "3.1.0"
    for path in ("/problems/nothing", "/v1/me", "/v1/nothing"):
        problem = await world.client.get(path)
        assert (await world.client.get(problem.json()["type"])).status_code == 200, problem.text


@pytest.fixture
async def ids(world: World) -> dict[str, str]:
    """One thing of every kind there is, by its noun in the path."""
    world.model.script = readings(reading("Call Bob", SOON))
    await world.email("Call Bob")
    await world.work()
    await world.execute("update api_key set last_used_at = now()")
    return {
        noun: str(await world.one(f"select id from {table} order by id limit 1"))  # type: ignore[str-bytes-safe]
        for noun, table in {
            "tenants": "tenant",
            "channel-accounts": "channel_account",
            "conversations": "conversation",
            "messages": "inbound_message",
            "outbound-messages": "outbound_message",
            "follow-ups": "task",
        }.items()
    }


@pytest.fixture
def calls() -> Any:
    """tests/calls.py, which only these two load: with schemathesis it is two hundred modules."""
    return import_module("tests.calls")


async def test_no_answer_is_a_surprise(world: World, ids: dict[str, str], calls: Any) -> None:
    """What schemathesis makes of the description, with ids that are nobody's and with ids that are somebody's."""
    seen = set()
    for case in calls.made(DOCUMENT):
        for real in (False, True):
            noun = case.path.split("/")[2] if case.path.count("/") > 2 else ""
            if real and noun in ids and "id" in (case.path_parameters or {}):
                case.path_parameters["id"] = ids[noun]
            elif real:
                continue
            seen.add(await calls.ask(world, case))
    assert seen >= {200, 201, 404, 422}, seen


async def test_no_query_is_a_surprise(world: World, calls: Any) -> None:
    seen = set()
    for operation in calls.operations(DOCUMENT):
        for parameter in () if operation.body else operation.query:
            for word in ODD:
                case = calls.plain(operation)
                case.query = {parameter.name: word}
                seen.add(await calls.ask(world, case))
    assert seen >= {200, 422}, seen


async def test_no_body_is_a_surprise(world: World, ids: dict[str, str]) -> None:
    """What nobody would send, to every operation that takes a body."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    walked = 0
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if "requestBody" not in operation:
                continue
            noun = path.split("/")[2] if path.count("/") > 2 else ""
            whole = re.sub(r"{\w*id}", ids.get(noun, NOBODYS), path)
            for body in HOSTILE:
                answer = await world.client.request(method, whole, json=body, headers={"x-api-key": KEY})
                assert answer.status_code in {400, 403, 404, 409, 422} or (method == "patch" and not body), (path, body)
                assert str(answer.status_code) in operation["responses"], (path, body, answer.text)
                assert not re.search(r"Traceback|psycopg|select |insert ", answer.text), (path, body)
                walked += 1
    assert walked > 100
